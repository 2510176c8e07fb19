import type { SessionEvent } from '../../../controller/events.js';
import type { Availability, Outcome } from '../../../protocol/help-request.js';

/** The events of a desk and their fields: ids and states, never what anybody wrote. They bubble and are composed. */
export interface DeskEventFields {
  /** A request is offered to this helper. */
  'offer-received': { requestId: string };
  /** The helper has it: of all who were asked this one. */
  'offer-claimed': { requestId: string; sessionId: string };
  /** Before the session of a request is opened; cancelable: a page that shows it itself prevents the default. */
  'join-requested': { requestId: string; sessionId: string };
  /** The service has what the helper said of a talk: never the notes. */
  'outcome-submitted': { requestId: string; outcome: Outcome };
  /** The switch stands elsewhere, whoever has put it. */
  'availability-changed': { availability: Availability };
}

export type MarketplaceDeskEventMap = {
  [T in keyof DeskEventFields]: SessionEvent & DeskEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceDeskEventMap {}
}
