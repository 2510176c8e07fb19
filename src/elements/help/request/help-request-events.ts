import type { SessionEvent } from '../../../controller/events.js';
import type { HelpRequestReason, HelpRequestStatus } from '../../../protocol/help-request.js';

/** The events of a help request and their fields: ids and states, never what was written. They bubble and are composed. */
export interface HelpRequestEventFields {
  /** The service has the request. */
  'help-requested': { requestId: string };
  /** A helper has taken it. Where it is prevented the page itself lets the customer into the session. */
  'help-claimed': { requestId: string; sessionId: string };
  /** Both are there: the talk has begun. */
  'help-started': { requestId: string; sessionId: string };
  /** It is over, with or without a talk. */
  'help-ended': {
    requestId: string;
    sessionId: string | null;
    status: HelpRequestStatus;
    reason: HelpRequestReason | null;
  };
}

export type MarketplaceHelpRequestEventMap = {
  [T in keyof HelpRequestEventFields]: SessionEvent & HelpRequestEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceHelpRequestEventMap {}
}
