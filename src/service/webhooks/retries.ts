const firstDelayMs = 5_000;
const factor = 4;
const lastDelayMs = 6 * 3_600_000;
/** Eleven attempts: 5 s, 20 s, 80 s, 5, 21 and 85 minutes apart, then six hours; about 26 hours in all. */
const maxAttempts = 11;

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
  if (attempt >= maxAttempts) return undefined;
  const delayMs = Math.min(firstDelayMs * factor ** (attempt - 1), lastDelayMs);
  const jittered = Math.round(delayMs * (0.75 + random / 2));
  return Math.max(jittered, Math.min((retryAfterSeconds ?? 0) * 1000, lastDelayMs));
}
