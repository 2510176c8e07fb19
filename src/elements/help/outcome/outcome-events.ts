import type { SessionEvent } from '../../../controller/events.js';
import type { Outcome } from '../../../protocol/help-request.js';

/** The event of an outcome's form and its fields: never the notes. It bubbles and is composed. */
export interface OutcomeEventFields {
  /** The service has what the helper said of the talk. */
  'outcome-submitted': { requestId: string; outcome: Outcome };
}

export type MarketplaceOutcomeEventMap = {
  [T in keyof OutcomeEventFields]: SessionEvent & OutcomeEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceOutcomeEventMap {}
}
