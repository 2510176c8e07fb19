import type { Interval } from '../../../protocol/subscription.js';

const dayMs = 86_400_000;

/** How long the periods of a plan are. */
export interface Cadence {
  interval: Interval;
  interval_count: number;
}

/**
 * When a period begins, ms since the epoch: so many intervals after the anchor, in UTC. A month that has no such day has its
 * last one in its place, and the next is none the worse for it, for each is counted from the anchor: 31 January, 28 February,
 * 31 March.
 * @param anchorAt the beginning of period 0, ms since the epoch
 */
export function periodStart(anchorAt: number, { interval, interval_count }: Cadence, number: number): number {
  const count = number * interval_count;
  switch (interval) {
    case 'day':
      return anchorAt + count * dayMs;
    case 'week':
      return anchorAt + count * 7 * dayMs;
    case 'month':
      return monthsAfter(anchorAt, count);
    case 'year':
      return monthsAfter(anchorAt, 12 * count);
  }
}

function monthsAfter(anchorAt: number, months: number): number {
  const anchor = new Date(anchorAt);
  const first = Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + months, 1);
  const nextFirst = Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + months + 1, 1);
  const daysOfMonth = (nextFirst - first) / dayMs;
  const day = Math.min(anchor.getUTCDate(), daysOfMonth);
  return first + (day - 1) * dayMs + (anchorAt % dayMs);
}

/** What is granted at once for the rest of a period, whole tokens, rounded down. */
export function shareOfRest(
  tokens: number,
  { startedAt, endsAt, now }: { startedAt: number; endsAt: number; now: number },
): number {
  const rest = Math.max(0, endsAt - Math.max(now, startedAt));
  // The product is beyond what a number holds.
  return Number((BigInt(tokens) * BigInt(rest)) / BigInt(endsAt - startedAt));
}
