import type { Pauser } from '../pauser.js';
import type { MoneyPrice, SessionStatus } from '../session.js';

/** One extension that an application sells. */
export interface ExtensionPrice {
  additional_seconds: number;
  /** Null where it is sold for money only. */
  tokens: number | null;
  money?: MoneyPrice | undefined;
}

/** A session as a backend keeps it. Instants are ms since the epoch. */
export interface SessionFacts {
  id: string;
  application_id: string;
  user_id: string;
  revision: number;
  status: SessionStatus;
  tokens_allocated: number;
  duration_limit_seconds: number;
  created_at: number;
  /** Null until it has started. */
  started_at: number | null;
  /** A whole second. While paused: as it stood when the pause began; while waiting: the latest that it can be. */
  deadline_at: number;
  paused_at: number | null;
  /** Who paused it last. */
  paused_by: Pauser | null;
  /** `paused_at` of that pause. */
  paused_by_at: number | null;
  pause_seconds_used: number;
  /** When it is cancelled unless it has started; null once it has, or is over. */
  waiting_until: number | null;
  /** When the backend must act: the deadline, or the end of a pause; null once final. */
  due_at: number | null;
  /** How long before its deadline the session is warned of it; 0 never. */
  warning_seconds: number;
  /** When that is; null once it was told. */
  warn_at: number | null;
  return_url: string | null;
  /** The extensions and their prices, as they were when it was sold; null where nobody wrote them down. */
  sold_options: readonly ExtensionPrice[] | null;
  ended_at: number | null;
  used_seconds: number | null;
  final_cost: number | null;
  tokens_refunded: number | null;
}

/** What an application says of its sessions. */
export interface ApplicationTerms {
  provider_id: string;
  return_origins: string[];
  extension_options: readonly ExtensionPrice[];
  max_duration_seconds: number;
  /** How many extensions a session may have; null where only its length limits it. */
  max_extensions: number | null;
  pausable: boolean;
  max_pause_seconds: number;
  top_up_url: string | null;
}
