import type { OutcomeWords } from '../outcome-words.js';

/** English. */
export const words: OutcomeWords = {
  title: 'How did the talk end?',
  loading: 'One moment …',
  early: 'The talk is not over yet. As soon as it is, you can say here how it ended.',
  void: 'No talk came of this request: there is nothing to record.',
  outcomes: {
    resolved: 'Resolved',
    unresolved: 'Not resolved',
    in_person: 'Needs an in-person visit',
  },
  choose: 'Please choose how it ended.',
  notes: 'Notes (optional)',
  notesHint: 'Your own side reads them. The customer does not.',
  submit: 'Save',
  givenTitle: 'It is saved',
  other: 'Something else had been recorded before. That one stays.',
  troubles: {
    unreachable: 'The service cannot be reached. What you wrote is still there. Please try again.',
    signIn: 'We do not know any more who you are. Please sign in again, and try once more.',
    often: 'That was a little too often. Please wait a moment, and try again.',
    other: 'That did not work here. Please tell whoever runs this site.',
    gone: 'This talk does not exist any more, or was not yours.',
  },
};
