import type { Plural } from '../../shared/words.js';
import type { OwnPreflightWords } from '../preflight/preflight-words.js';
import type { Trouble } from '../troubles.js';

/** What came of a request, as far as it matters to a person. */
export type HelpEnd = 'completed' | 'nobody' | 'requested' | 'absent' | 'unpaid' | 'other';

/** Why something did not work. */
export type HelpTrouble = Trouble | 'tokens' | 'category' | 'gone';

/** Every text of a help request in one language. `{count}`, `{duration}` and `{price}` arrive in the language's own form. */
export interface HelpRequestWords<Category extends Intl.LDMLPluralRule = 'other'> {
  title: string;
  loading: string;
  category: string;
  description: string;
  /** Who reads it. */
  descriptionHint: string;
  price: `${string}{price}${string}`;
  /** Stands behind it where the price is that of the whole length. */
  byTime: string;
  free: `${string}{duration}${string}`;
  /** Nothing can be asked for. */
  noCategories: string;
  ask: string;
  payTitle: string;
  payText: string;
  pay: string;
  waitingTitle: string;
  asked: Plural<Category>;
  nobodyFree: string;
  costsNothing: string;
  typicalWait: `${string}{duration}${string}`;
  waited: `${string}{duration}${string}`;
  /** In its first minute. */
  waitedLittle: string;
  cancel: string;
  claimedTitle: `${string}{name}${string}`;
  claimedText: string;
  /** In place of a name that is not known. */
  somebody: string;
  join: string;
  /** Camera and microphone were looked at. */
  checked: string;
  /** They have to be. */
  checkFirst: string;
  runningTitle: `${string}{name}${string}`;
  runningText: string;
  rejoin: string;
  ends: Record<HelpEnd, readonly [title: string, text: string]>;
  again: string;
  /** What happens is not heard just now. */
  cutOff: string;
  /** What a person has written outlives what did not arrive. */
  stillThere: string;
  troubles: Record<HelpTrouble, string>;
}

type Nested = 'ends' | 'troubles' | 'asked';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnHelpRequestWords = Partial<Omit<HelpRequestWords, Nested>> & {
  [Name in Nested]?: Partial<HelpRequestWords[Name]>;
} & {
  /** Those of the check before a talk. */
  preflight?: OwnPreflightWords;
};
