import { backoffMs, type Backoff } from '../../foundation/jobs/backoff.js';

const backoff: Backoff = { firstMs: 5_000, factor: 4, lastMs: 6 * 3_600_000 };
/** Eleven attempts: 5 s, 20 s, 80 s, 5, 21 and 85 minutes apart, then six hours; about 26 hours in all. */
const maxAttempts = 11;

/** Whether an attempt is the last one of those that follow each other by themselves. */
export const isLastAttempt = (attempt: number): boolean => attempt >= maxAttempts;

/**
 * How long to wait after an attempt that failed, ms; undefined where it was the last one.
 * @param attempt how many there were, this one included
 * @param random from 0 to 1: what failed together is not tried again together
 */
export function retryDelayMs(
  attempt: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number | undefined {
  if (isLastAttempt(attempt)) return undefined;
  const wantedMs = Math.min((retryAfterSeconds ?? 0) * 1000, backoff.lastMs);
  return Math.max(backoffMs(backoff, attempt, random), wantedMs);
}
