import type { SessionEvent, SessionEventFields, SessionEventType, SessionRequestType } from './events.js';
import type { SessionRequestEvent } from './request-event.js';

/** Each event with its class and fields, for listeners. */
export type SessionEventMap = {
  [T in SessionEventType]: (T extends SessionRequestType ? SessionRequestEvent : SessionEvent) &
    Readonly<SessionEventFields[T]>;
};
