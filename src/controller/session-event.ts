import {
  SessionEvent,
  type SessionEventFields,
  type SessionEventType,
  type SessionRequestType,
} from './events.js';

/** Makes an event of a known type, its fields checked. */
export function sessionEvent<T extends Exclude<SessionEventType, SessionRequestType>>(
  type: T,
  fields: SessionEventFields[T],
  init?: EventInit,
): SessionEvent {
  return new SessionEvent(type, fields, init);
}
