import type { ExtensionOption, OptionRefusal, Session, SessionStatus } from './session.js';

/** `POST /sessions/validate`: either the token itself, or its id beside an Authorization header. */
export type ValidateRequest = { session_jwt: string } | { jti: string };

/** A live session. `server_time` is in milliseconds since the epoch, as everywhere. */
export interface ValidateAnswer {
  valid: true;
  session: Session;
  remaining_seconds: number;
  server_time: number;
}

/** `GET /sessions/{id}`, `/pause`, `/resume`, `/end`. */
export interface SessionAnswer {
  session: Session;
  server_time: number;
  /** A fresh session token where the one that asked would not outlive the session. */
  session_token?: string;
}

/** `POST /sessions` with a secret key. */
export interface CreateSessionRequest {
  application_id: string;
  user_id: string;
  /** Seconds to sell, 60 to 86 400. */
  duration_seconds: number;
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
}

export interface HeartbeatAnswer {
  acknowledged: true;
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
  /** The price that the customer was shown; another price is refused, not charged. */
  tokens_to_deduct?: number;
}

export interface ExtendAnswer {
  expires_at: number | null;
  additional_seconds: number;
  additional_cost: number;
  session_token: string;
  session: Session;
  server_time: number;
}

/** The older spelling: `PUT /sessions/{id}/renew`. */
export interface RenewRequest {
  additional_minutes: number;
}
export interface RenewAnswer {
  new_expires_at: number | null;
  additional_cost: number;
}

/** One paid extension, oldest first in `GET /sessions/{id}/extensions`. */
export interface Extension {
  id: string;
  additional_seconds: number;
  tokens: number;
  created_at: number;
}
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
  status: SessionStatus;
  used_seconds: number;
  final_cost: number;
  tokens_refunded: number;
  session: Session;
  server_time: number;
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
}
