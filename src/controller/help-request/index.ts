// A customer's request for help, for programs without our elements.
export {
  HelpRequest,
  maxDescriptionLength,
  type HelpCall,
  type HelpPhase,
  type HelpRequestOptions,
  type HelpRequestSnapshot,
} from './help-request.js';
