import type { SessionError } from '../protocol/errors.js';
import type { Pauser } from '../protocol/pauser.js';
import type { SessionStatus } from '../protocol/session.js';
import type { Connection, SessionState } from './snapshot.js';

/**
 * The events of a session and their fields. They hold ids, numbers and states: never a name, never a token. The
 * element dispatches each, `tick` aside, as `session-<type>` from its host.
 */
export interface SessionEventFields {
  /** Every second boundary of the remaining time; while nobody looks at the page, when a threshold or the end is due. */
  tick: { remainingSeconds: number };
  /** The service has accepted the session token. */
  ready: { sessionId: string; applicationId: string; remainingSeconds: number };
  /** The customer is known, and has no live session. */
  empty: object;
  statechange: { state: SessionState; previousState: SessionState };
  /** The session's time has begun to run in this page. */
  start: { sessionId: string; remainingSeconds: number };
  /** A threshold was passed; cancelable: nothing is shown then. `isLast` marks the threshold of the dialog. */
  warning: { thresholdSeconds: number; remainingSeconds: number; isLast: boolean };
  /** Before an extension; cancelable, `respondWith` for a page that extends by itself. `tokens` is null where money pays. */
  'extend-request': { minutes: number; tokens: number | null };
  /** An extension is to be paid at this address; nothing is bought before. Cancelable: the page leads there by itself. */
  checkout: { address: string };
  /** The service has moved the deadline. `tokens` is what it cost. */
  extend: { additionalSeconds: number; tokens: number; remainingSeconds: number };
  /** `pausedBy` is null where a backend does not tell. */
  pause: { pauseSecondsLeft: number; pausedBy: Pauser | null };
  resume: { remainingSeconds: number };
  connection: { connection: Connection };
  /** Before the customer ends the session; cancelable, `respondWith` for a page that has work to save first. */
  'end-request': { remainingSeconds: number };
  /** The bill: seconds as the service measured them, amounts in marketplace tokens; null where a backend tells none. */
  complete: {
    sessionId: string;
    usedSeconds: number | null;
    finalCost: number | null;
    tokensRefunded: number | null;
  };
  end: { sessionId: string; status: SessionStatus };
  /** Before leaving for the return address; cancelable: the page stays. */
  redirect: { address: string };
  error: { code: SessionError['code']; error: SessionError };
}

export type SessionEventType = keyof SessionEventFields;
export type SessionRequestType = 'extend-request' | 'end-request';

/** An event of a session; the fields of its type stand on the event itself. */
export class SessionEvent extends Event {
  readonly #fields: object;

  constructor(type: string, fields: object, init?: EventInit) {
    super(type, init);
    this.#fields = fields;
    Object.assign(this, fields);
  }

  /** The same news under another name, for another target. */
  retell(type: string): this {
    const Class = this.constructor as new (type: string, fields: object, init: EventInit) => this;
    return new Class(type, this.#fields, { cancelable: this.cancelable, bubbles: true, composed: true });
  }
}
