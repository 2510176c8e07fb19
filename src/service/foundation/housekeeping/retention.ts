/** How many days what is kept; Infinity: for ever. The ledgers are kept for ever, and so is what a session cost. */
export interface Retention {
  /** Who changed what. */
  audit: number;
  /** What was delivered to webhook endpoints, with each attempt, from its end on. */
  deliveries: number;
  /** Which events of the payment provider were received, and what they told of payments that are not ours. */
  payments: number;
  /** Metadata, return address and reported usage of a session, from its end on. */
  sessions: number;
  /** Events: of sessions once these are over, but for their end. */
  events: number;
  /** What was written in sessions and help requests that are over. */
  messages: number;
  /** Files of sessions that are over. */
  files: number;
}

export const defaultRetention: Retention = {
  // A year, and a month to look back at it.
  audit: 400,
  deliveries: 30,
  payments: 90,
  sessions: Infinity,
  events: 400,
  messages: 90,
  files: 90,
};

/** What the service itself needs, days. */
const leastDays: Retention = {
  audit: 1,
  deliveries: 1,
  // Stripe sends an event again for thirty days where somebody asks it to.
  payments: 31,
  // Pages read the bill and go back to the marketplace for some minutes after the end.
  sessions: 1,
  events: 1,
  messages: 1,
  files: 1,
};

export const dayMs = 86_400_000;

/** @throws {TypeError} where something would be forgotten while it is needed. */
export function checkRetention(retention: Retention): void {
  for (const [name, days] of Object.entries(retention) as [keyof Retention, number][]) {
    const least = leastDays[name];
    if (least === undefined) throw new TypeError(`retention knows no ${name}`);
    if (!(days >= least)) throw new TypeError(`retention.${name} must be a number of days from ${least} on`);
  }
}
