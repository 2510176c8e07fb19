// What a helper says of a talk that is over, for programs without our elements.
export {
  maxNotesLength,
  OutcomeForm,
  type OutcomeFormOptions,
  type OutcomeFormSnapshot,
} from './outcome-form.js';
