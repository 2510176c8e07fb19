import type { ParticipantRole } from './events.js';
import type { PageReport } from './page-metrics.js';
import type { Pauser } from './pauser.js';
import type { CheckoutStatus, ExtensionOption, OptionRefusal, Session, SessionStatus } from './session.js';

/** `POST /sessions/validate`: either the token itself, or its id beside an Authorization header. */
export type ValidateRequest = { session_jwt: string } | { jti: string };

/**
 * What this service can do beyond the oldest set of calls. A page uses what is named and hides the rest.
 *
 * - `events`: live events, `GET /sessions/{id}/events`
 * - `presence`: live events tell whether the other side is there
 * - `waiting`: a session may be sold to start later (`waiting`), is started by the provider, or cancelled and given back in full
 * - `idempotency`: a change is made once for each `Idempotency-Key`, however often it is asked for
 * - `chat`: both sides write to each other, `/sessions/{id}/messages`
 * - `files`: both sides send each other files, `/sessions/{id}/files`
 * - `metrics`: a heartbeat may bring what a page has counted, `metrics`
 * - `room`: both sides meet in a room, `POST /sessions/{id}/room`, and signal to each other, `POST /sessions/{id}/signals`
 */
export const capabilities = [
  'events',
  'presence',
  'waiting',
  'idempotency',
  'chat',
  'files',
  'metrics',
  'room',
] as const;
export type Capability = (typeof capabilities)[number];

/** A live session. `server_time` is in milliseconds since the epoch, as everywhere. */
export interface ValidateAnswer {
  valid: true;
  session: Session;
  remaining_seconds: number;
  server_time: number;
  /** What the service offers, by name; missing where a backend speaks only the oldest set of calls. */
  capabilities?: string[];
  /** What the session token allows; missing where that is all that there is. */
  allowed_operations?: string[];
  /** When the page is to come back with its first heartbeat. */
  next_heartbeat_seconds?: number;
}

/** `GET /sessions/{id}`, `/start`, `/cancel`, `/pause`, `/resume`, `/end`. */
export interface SessionAnswer {
  session: Session;
  server_time: number;
  /** A fresh session token where the one that asked would not outlive the session. */
  session_token?: string;
}

/**
 * Whom a session waits for: anybody of the provider's side (its server, a member, a helper), a helper, or nobody, so that a
 * server alone says when it starts.
 */
export const waitsFor = ['provider', 'helper', 'server'] as const;
export type WaitsFor = (typeof waitsFor)[number];

/** `POST /sessions` with a secret key. */
export interface CreateSessionRequest {
  application_id: string;
  user_id: string;
  /** Seconds to sell, 60 to 86 400. */
  duration_seconds: number;
  /**
   * `when_joined`: its time begins once both sides are there, or a server says so (`POST /sessions/{id}/start`); `now` where
   * it is left out.
   */
  start?: 'now' | 'when_joined' | undefined;
  /** With `when_joined`: who has to be there beside the customer; `provider` where it is left out. */
  waits_for?: WaitsFor | undefined;
  /** With `when_joined`: how long it waits for that before it is cancelled. */
  waiting_seconds?: number | undefined;
  /** The price that the customer was shown; another one is refused, not charged. */
  tokens_to_deduct?: number | undefined;
  return_url?: string;
  metadata?: Record<string, string>;
}

export interface CreateSessionAnswer extends SessionAnswer {
  session_token: string;
  /** The application's launch address with the session token in it; null where none is registered. */
  launch_url: string | null;
}

/** `POST /sessions/{id}/heartbeat`. */
export interface HeartbeatRequest {
  /** The sender's clock, ms since the epoch. */
  timestamp: number;
  /** Whether the page is in front. */
  active: boolean;
  /** What it counted, for a backend that offers `metrics`. */
  metrics?: PageReport | undefined;
}

export interface HeartbeatAnswer {
  acknowledged: true;
  /** The session's, as in `session`; missing where a backend does not count. */
  revision?: number | undefined;
  status: SessionStatus;
  remaining_seconds: number;
  expires_at: number | null;
  server_time: number;
  /** Seconds until the next heartbeat is wanted. */
  next_heartbeat_seconds?: number;
  session_token?: string;
  /** The whole session, where the backend sends it. */
  session?: Session;
}

/** `POST /sessions/{id}/extend`, with an `Idempotency-Key`. */
export interface ExtendRequest {
  additional_seconds: number;
  /**
   * The price that the customer was shown; another price is refused, not charged. Without it the option costs what it cost
   * when the session was sold, or less where it costs less now.
   */
  tokens_to_deduct?: number | null | undefined;
  /** `tokens` where it is left out, or `money` where the option has no price in tokens. */
  payment?: 'tokens' | 'money' | undefined;
  /** Where a payment of money comes back to; on an origin of the application. Its launch address by default. */
  success_url?: string | undefined;
  /** Where a customer comes back to who does not pay; `success_url` by default. */
  cancel_url?: string | undefined;
}

export interface ExtendAnswer {
  /** The session's, as in `session`; missing where a backend does not count. */
  revision?: number | undefined;
  expires_at: number | null;
  additional_seconds: number;
  /** Tokens; 0 where it is paid by money. */
  additional_cost: number;
  session_token: string;
  session: Session;
  server_time: number;
  /** Where the customer pays by money. Nothing is added to the session until that is done: the rest says how it stands. */
  checkout_url?: string | undefined;
}

/** The older spelling: `PUT /sessions/{id}/renew`. */
export interface RenewRequest {
  additional_minutes: number;
  /** As of `ExtendRequest`. */
  tokens_to_deduct?: number | null | undefined;
}
export interface RenewAnswer {
  /** The session's, as in `session`; missing where a backend does not count. */
  revision?: number | undefined;
  new_expires_at: number | null;
  additional_cost: number;
  checkout_url?: string | undefined;
}

/** One extension, or one that was asked for and is to be paid by money, oldest first. */
export interface Extension {
  id: string;
  /** What it adds to the session: 0 until it is paid, and without what a refund took back. */
  additional_seconds: number;
  /** 0 where it is paid by money. */
  tokens: number;
  created_at: number;
  payment: 'tokens' | 'money';
  /** `paid` for tokens. */
  status: CheckoutStatus;
  /** With money: the price in the currency's minor units. */
  amount?: number | undefined;
  /** With money: ISO 4217, lower case. */
  currency?: string | undefined;
  /** With money: how much of it went back to the customer. */
  refunded_amount?: number | undefined;
  /** With money: how much of it the customer's bank holds because of a dispute, or kept. */
  disputed_amount?: number | undefined;
}
/** `GET /sessions/{id}/extensions`. */
export interface ExtensionsAnswer {
  extensions: Extension[];
  options: ExtensionOption[];
}

/** `POST /sessions/{id}/complete`. Usage that a client reports is kept for the record; the service bills its own. */
export interface CompleteRequest {
  actual_usage_minutes?: number;
  metadata?: Record<string, string>;
}
export interface CompleteAnswer {
  /** The session's, as in `session`; missing where a backend does not count. */
  revision?: number | undefined;
  status: SessionStatus;
  used_seconds: number;
  final_cost: number;
  tokens_refunded: number;
  session: Session;
  server_time: number;
}

/** A message of a session; times in whole seconds since the epoch. */
export interface SessionMessage {
  id: string;
  session_id: string;
  /** Its place in the session, from 1 on without a gap. */
  position: number;
  /** The side. */
  sent_by: Pauser;
  /** Null for the marketplace. */
  role: ParticipantRole | null;
  participant_id: string | null;
  /** The sender's own name for it. */
  client_id: string;
  /** Plain text, as it was given. */
  text: string;
  created_at: number;
}

/** Answer to `GET /sessions/{id}/messages`, oldest first. */
export interface MessagesAnswer {
  messages: SessionMessage[];
  /** Null on the last page. */
  next_cursor: string | null;
}

/** A file of a session; times in whole seconds since the epoch. */
export interface SessionFile {
  id: string;
  session_id: string;
  /** The side. */
  sent_by: Pauser;
  /** Null for the marketplace. */
  role: ParticipantRole | null;
  participant_id: string | null;
  name: string;
  /** Bytes. */
  size: number;
  /** By its content: for an icon, or a preview of pictures. */
  content_type: string;
  /** Hex. */
  sha256: string;
  /** Opens it to whoever has the address, as an attachment, until `url_expires_at`. */
  url: string;
  url_expires_at: number;
  created_at: number;
}

/** What may be sent in a session. */
export interface SessionFileLimits {
  /** The largest file, bytes. */
  max_file_bytes: number;
  /** Files of the session at a time. */
  max_files: number;
  /** All of them together, bytes. */
  max_bytes: number;
  /** Types, as they are found by content; null: all but programs. */
  accepted_types: string[] | null;
}

/** Answer to `GET /sessions/{id}/files`, newest first. */
export interface FilesAnswer {
  files: SessionFile[];
  limits: SessionFileLimits;
  /** Null on the last page. */
  next_cursor: string | null;
}

/** `application/problem+json` (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  request_id?: string;
  /** One entry a wrong field: a JSON pointer (RFC 6901) and what is wrong with it. */
  errors?: { pointer: string; message: string }[];
  top_up_url?: string;
  unavailable_reason?: OptionRefusal;
  /** The service's clock, ms since the epoch, where the proof of possession was refused: the page's may be off. */
  server_time?: number;
}
