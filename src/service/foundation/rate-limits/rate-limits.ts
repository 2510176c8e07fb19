/** Requests that each may send in a minute; Infinity: any number. */
export interface RateLimits {
  /** One session, whatever number of tabs it is open in. */
  session: number;
  /** One application, by its secret key. */
  application: number;
  /** One person, by whatever number of access tokens. */
  person: number;
  /** The operator. */
  operator: number;
  /** Visits of the page of one application, whoever asks for them. */
  visits: number;
  /** One address of the internet (of IPv6 its /64), whoever asks from there. */
  address: number;
}

/**
 * A page sends two heartbeats a minute and a handful of requests when it opens: twenty tabs that are all loaded again use
 * a fifth of a session's share, and five hundred people behind one address half of the address's.
 */
export const defaultRateLimits: RateLimits = {
  session: 300,
  application: 6_000,
  person: 300,
  operator: Infinity,
  visits: 10,
  address: 3_000,
};

/** @throws {TypeError} where a limit is none. */
export function checkRateLimits(limits: RateLimits): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (limit !== Infinity && (!Number.isInteger(limit) || limit < 1))
      throw new TypeError(`the rate limit ${name} must be a whole number from 1 on, or Infinity`);
  }
}
