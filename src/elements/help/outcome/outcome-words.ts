import type { Outcome } from '../../../protocol/help-request.js';
import type { Trouble } from '../troubles.js';

/** Every text of an outcome's form in one language. */
export interface OutcomeWords {
  title: string;
  loading: string;
  /** The talk is not over. */
  early: string;
  /** No talk came of the request. */
  void: string;
  outcomes: Record<Outcome, string>;
  /** Nothing was chosen. */
  choose: string;
  notes: string;
  /** Who reads them. */
  notesHint: string;
  submit: string;
  givenTitle: string;
  /** Something else had been recorded before. */
  other: string;
  troubles: Record<Trouble | 'gone', string>;
}

type Nested = 'outcomes' | 'troubles';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnOutcomeWords = Partial<Omit<OutcomeWords, Nested>> & {
  [Name in Nested]?: Partial<OutcomeWords[Name]>;
};
