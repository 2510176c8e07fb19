import { SessionEvent } from '../../controller/events.js';

/** Tells the page what has happened, wherever it listens: events bubble and are composed, and their fields stand on them. */
export const teller =
  <Fields>(element: Element) =>
  <T extends keyof Fields & string>(type: T, fields: Fields[T] & object): void => {
    element.dispatchEvent(new SessionEvent(type, fields, { bubbles: true, composed: true }));
  };
