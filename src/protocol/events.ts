import type { Session, SessionStatus } from './session.js';

/** Events that the service writes to its outbox, one row each, in the transaction of the change itself. */
export interface ServiceEvents {
  'session.started': { session_id: string; expires_at: number };
  'session.extended': {
    session_id: string;
    expires_at: number | null;
    additional_seconds: number;
    /** Tokens; 0 where it was paid by money. */
    additional_cost: number;
    /** With money: the price in the currency's minor units, and the currency (ISO 4217, lower case). */
    amount?: number;
    currency?: string;
  };
  /** A refund took back time that was not used yet. */
  'session.shortened': { session_id: string; expires_at: number | null; removed_seconds: number };
  'session.paused': { session_id: string; pause_ends_at: number };
  'session.resumed': { session_id: string; expires_at: number };
  /** The session ends soon: once for each deadline, again after an extension. */
  'session.warning': { session_id: string; expires_at: number; remaining_seconds: number };
  'session.ended': {
    session_id: string;
    status: SessionStatus;
    used_seconds: number;
    final_cost: number;
    tokens_refunded: number;
  };
}

export type ServiceEventType = keyof ServiceEvents;

/** What every event of `GET /sessions/{id}/events` carries. */
interface StreamedEvent {
  session_id: string;
  /** When it happened, seconds since the epoch. */
  created_at: number;
  /** The session as it stood when the event was written to the stream. */
  session: Session;
  /** Milliseconds since the epoch. */
  server_time: number;
}

/** The first frame of a stream without `Last-Event-ID`: where the session stands. */
export interface SnapshotEvent extends StreamedEvent {
  type: 'session.snapshot';
}

/** `data` of one server-sent event; its `id` is what `Last-Event-ID` wants. */
export type LiveEvent =
  | SnapshotEvent
  | { [T in ServiceEventType]: StreamedEvent & ServiceEvents[T] & { type: T } }[ServiceEventType];
