import type { DeskAction, DeskEntry } from '../../../controller/desk/desk.js';
import type { Availability } from '../../../protocol/help-request.js';
import type { OwnOutcomeWords } from '../outcome/outcome-words.js';

/** Why something was refused, beside that the request has gone; `other` is whatever else. */
export type DeskRefusal = 'busy' | 'offline' | 'customerAbsent' | 'network' | 'other';

/** Every text of a helper's desk in one language. */
export interface DeskWords {
  title: string;
  loading: string;
  /** The name of the switch. */
  availability: string;
  availabilities: Record<Availability, string>;
  /** What each of them means. */
  meanings: Record<Availability, string>;
  /** The service put the switch to away: `{time}`. */
  setAway: `${string}{time}${string}`;
  offers: string;
  ownRequests: string;
  /** Nothing is offered, by the switch. */
  empty: Record<Availability | 'busy', string>;
  /** `{time}` by the helper's clock. */
  waitingSince: `${string}{time}${string}`;
  /** `{duration}` and `{price}`. */
  terms: `${string}{duration}${string}{price}${string}`;
  /** Of what costs nothing, in place of a price. */
  free: string;
  actions: Record<DeskAction | 'join' | 'dismiss', string>;
  /** Names a button: `{action}: {category}`. */
  named: `${string}{action}${string}{category}${string}`;
  /** `{time}` that is left, such as `1:45`. */
  joinWithin: `${string}{time}${string}`;
  /** The time to join is over, and the request is the helper's still. */
  awaitsCustomer: string;
  startsByItself: string;
  inProgress: string;
  went: Record<Exclude<DeskEntry['went'], 'declined' | 'returned' | 'recorded' | undefined>, string>;
  refusals: Record<DeskRefusal, string>;
  /** Behind what did not come to anything, of somebody who is asked still. */
  stillAvailable: string;
  connecting: string;
  connectionLost: string;
  reconnected: string;
  /** The access token, or the helper, was refused. */
  refused: string;
  tryNow: string;
  /** Said: `{count}` behind a colon, so that it stands in no grammatical form. */
  newOffers: `${string}{count}${string}`;
  claimed: string;
  declined: string;
  returned: string;
}

type Nested = {
  [Name in keyof DeskWords]: DeskWords[Name] extends string ? never : Name;
}[keyof DeskWords];

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnDeskWords = Partial<Omit<DeskWords, Nested>> & {
  [Name in Nested]?: Partial<DeskWords[Name]>;
} & {
  /** Those of the form after a talk. */
  outcome?: OwnOutcomeWords;
};
