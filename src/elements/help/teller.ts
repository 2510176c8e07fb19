import { SessionEvent } from '../../controller/events.js';

/**
 * Tells the page what has happened, wherever it listens: events bubble and are composed, and their fields stand on them.
 * @returns a function that answers false where the page has prevented what would follow; only `cancelable` ones let it.
 */
export const teller =
  <Fields>(element: Element) =>
  <T extends keyof Fields & string>(
    type: T,
    fields: Fields[T] & object,
    { cancelable = false }: Pick<EventInit, 'cancelable'> = {},
  ): boolean =>
    element.dispatchEvent(new SessionEvent(type, fields, { bubbles: true, composed: true, cancelable }));
