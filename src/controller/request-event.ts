import { SessionEvent } from './events.js';

/** An event before a change. A page that does the work itself answers with a promise. */
export class SessionRequestEvent extends SessionEvent {
  /** What the page answered; undefined where it did not. */
  response: Promise<unknown> | undefined;

  constructor(type: string, fields: object, init?: EventInit) {
    super(type, fields, { ...init, cancelable: true });
  }

  /** Prevents the default; once the promise is fulfilled the service is asked how things stand. */
  respondWith(response: Promise<unknown>): void {
    this.preventDefault();
    this.response = response;
  }
}
