/** The events of a chat and their fields: ids and numbers, never what was written. */
export interface ChatEventFields {
  /** The service has what the person wrote. */
  'message-sent': { clientId: string };
  /** The other side has written. */
  'message-received': { clientId: string };
}

/** An event of a chat; the fields of its type stand on the event itself. It bubbles and is composed. */
export class ChatEvent<T extends keyof ChatEventFields> extends Event {
  constructor(type: T, fields: ChatEventFields[T]) {
    super(type, { bubbles: true, composed: true });
    Object.assign(this, fields);
  }
}

export type MarketplaceChatEventMap = {
  [T in keyof ChatEventFields]: ChatEvent<T> & ChatEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceChatEventMap {}
}
