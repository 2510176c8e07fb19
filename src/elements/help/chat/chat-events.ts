import type { SessionEvent } from '../../../controller/events.js';

/** The events of a chat and their fields: ids, never what was written. They bubble and are composed. */
export interface ChatEventFields {
  /** The service has what the person wrote. */
  'message-sent': { clientId: string };
  /** The other side has written. */
  'message-received': { clientId: string };
}

export type MarketplaceChatEventMap = {
  [T in keyof ChatEventFields]: SessionEvent & ChatEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceChatEventMap {}
}
