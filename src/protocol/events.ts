import type { Pauser } from './pauser.js';
import type { Session, SessionStatus } from './session.js';

/** A side of a session that can be there: the customer's page, or the provider's server, members and helpers. */
export type Participant = 'customer' | 'provider';

/** What somebody is in a session. Helpers are of the provider's side; observers are of none. */
export const participantRoles = ['customer', 'helper', 'provider', 'observer'] as const;
export type ParticipantRole = (typeof participantRoles)[number];

/** Who it is that is there. */
export interface Participating {
  /** The side; missing for an observer. */
  participant?: Participant | undefined;
  /** Missing where a backend tells sides only. */
  role?: ParticipantRole | undefined;
  /** The customer's id, the provider's, or that of the helper, member or observer. Missing where `role` is. */
  participant_id?: string | undefined;
}

/** Where a participant of a session is. */
export interface Presence extends Participating {
  /** Lost: it was there, and nothing has been heard of it for a while. Who has not joined yet is not named at all. */
  state: 'present' | 'lost';
  /** Seconds since the epoch. */
  since: number;
}

/** Why a session never started: somebody has cancelled it, or its waiting time was over. */
export const cancelReasons = ['requested', 'waiting_over'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** Events of a session, one row each, which the service writes in the transaction of the change itself. */
export interface ServiceEvents {
  /** It was sold to start later, once a server says that both sides are there. */
  'session.waiting': { session_id: string; waiting_until: number };
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
  'session.paused': {
    session_id: string;
    pause_ends_at: number;
    /** Missing where a backend does not tell. */
    paused_by?: Pauser | undefined;
  };
  'session.resumed': { session_id: string; expires_at: number };
  /** The session ends soon: once for each deadline, again after an extension. */
  'session.warning': { session_id: string; expires_at: number; remaining_seconds: number };
  /** It never started, and all that it had cost was given back; `session.ended` follows, as at every end. */
  'session.cancelled': { session_id: string; reason: CancelReason; tokens_refunded: number };
  'session.ended': {
    session_id: string;
    status: SessionStatus;
    used_seconds: number;
    final_cost: number;
    tokens_refunded: number;
  };
  /** Somebody listens to the session for the first time. */
  'participant.joined': { session_id: string } & Participating;
  /** Nothing has been heard of somebody for a while. */
  'participant.lost': { session_id: string } & Participating;
  'participant.back': { session_id: string } & Participating;
  /** Somebody has written; what, is read by `GET /sessions/{id}/messages`. */
  'message.created': {
    session_id: string;
    message_id: string;
    /** Its place in the session, from 1 on without a gap. */
    position: number;
    sent_by: Pauser;
  };
  /** Somebody has sent a file; which, is read by `GET /sessions/{id}/files`. */
  'file.created': { session_id: string; file_id: string; sent_by: Pauser };
  'file.deleted': { session_id: string; file_id: string };
}

export type ServiceEventType = keyof ServiceEvents;

/** What every event of `GET /sessions/{id}/events` carries. */
interface StreamedEvent {
  session_id: string;
  /** The session's, once this had happened; missing where a backend does not count. */
  revision?: number | undefined;
  /** The help request whose talk it is. */
  help_request_id?: string | undefined;
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
  /** The others, as far as they have ever joined; missing where the service does not offer `presence`. */
  presence?: Presence[];
}

/** `data` of one server-sent event; its `id` is what `Last-Event-ID` wants. */
export type LiveEvent =
  | SnapshotEvent
  | { [T in ServiceEventType]: StreamedEvent & ServiceEvents[T] & { type: T } }[ServiceEventType];
