import type { Pauser } from './pauser.js';

/** Where a session stands, as the service says it. The last three are final. */
export type SessionStatus = 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled';

/** Why an option cannot be had just now. */
export type OptionRefusal = 'INSUFFICIENT_TOKENS' | 'EXTENSION_LIMIT_REACHED';

/** A price in money. */
export interface MoneyPrice {
  /** Whole minor units of the currency, as many to one as `minorUnitDigits` tells: cents, yen, fils. */
  amount: number;
  /** ISO 4217, lower case. */
  currency: string;
}

/** Where a payment of money stands. A payment that arrives late is `paid` until it has gone back. */
export type CheckoutStatus = 'open' | 'paid' | 'failed' | 'expired' | 'refunded';

/** One way to buy more time, with the price that will be charged. */
export interface ExtensionOption {
  /** Seconds added to the session. */
  additional_seconds: number;
  /** Price in marketplace tokens, a whole number; null where it is sold for money only. */
  tokens: number | null;
  /** Whether it can be bought now; with a price in tokens: by tokens. */
  available: boolean;
  /** Set when `available` is false. */
  unavailable_reason?: OptionRefusal;
  /** The price in money, where it can be bought so now, however many tokens the wallet holds. */
  money?: MoneyPrice | undefined;
}

/**
 * A session as it travels on the wire. Instants are whole seconds since the epoch (RFC 7519 NumericDate), lengths
 * are whole seconds, amounts are whole marketplace tokens.
 */
export interface Session {
  /** The session's id; equals the session token's `jti`. */
  id: string;
  /**
   * A positive integer, raised by one with every change of the session that is shown here: of two answers the one with the
   * higher revision is newer, whichever instance gave it. Missing where a backend does not count.
   */
  revision?: number | undefined;
  status: SessionStatus;
  user_id: string;
  provider_id: string;
  application_id: string;
  /** Tokens set aside for this session so far, extensions included. */
  tokens_allocated: number;
  /** Seconds bought so far, extensions included. */
  duration_limit_seconds: number;
  created_at: number;
  started_at: number | null;
  /**
   * When a session that waits is cancelled, if it has not started by then; null once it has started or is over, missing
   * where a backend does not tell.
   */
  waiting_until?: number | null | undefined;
  /** The deadline; null while the session waits, is paused or where a backend does not tell. */
  expires_at: number | null;
  /** Seconds left when the answer was written, rounded up. */
  remaining_seconds: number;
  /** When a pause ends by itself; null while not paused. */
  pause_ends_at: number | null;
  /** Who has paused it; null while not paused, missing where a backend does not tell. */
  paused_by?: Pauser | null | undefined;
  pausable: boolean;
  /** Seconds of pause that are left to this session. */
  pause_seconds_left: number;
  /** Where the customer goes at the end. */
  return_url: string | null;
  /** Origins that the application has registered to return to; missing where a backend does not tell. */
  return_origins?: string[] | undefined;
  /** Where the customer can buy more tokens. */
  top_up_url: string | null;
  extension_options: ExtensionOption[];
  ended_at: number | null;
  /** Seconds used, as the service measured; set at the end. */
  used_seconds: number | null;
  /** Tokens charged; set at the end. */
  final_cost: number | null;
  /** Tokens given back to the wallet; set at the end. */
  tokens_refunded: number | null;
}
