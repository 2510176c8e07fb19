/** What is left at least for one simple action (WCAG 2.2.1). */
const leastSeconds = 20;

/**
 * The thresholds that make sense for a session, largest first. One that is not below the session's whole length would
 * warn as it starts, so it is left out; the last one, which opens the dialog, leaves 20 seconds at least, and comes at
 * half time at the earliest.
 * @param thresholds seconds left, in any order.
 * @param durationSeconds all that was bought; 0 where the backend does not tell.
 */
export function thresholdsFor(thresholds: readonly number[], durationSeconds: number): number[] {
  const sorted = [...thresholds].sort((one, other) => other - one);
  if (!sorted.length) return [];
  const last = Math.min(Math.max(sorted.pop()!, leastSeconds), Math.floor(durationSeconds / 2) || Infinity);
  return [...sorted.filter((seconds) => seconds > last && seconds < (durationSeconds || Infinity)), last];
}

/** The nearest threshold that has been passed, or null: a burst of missed ones speaks once. */
export function passedThreshold(thresholds: readonly number[], remainingSeconds: number): number | null {
  return thresholds.findLast((seconds) => remainingSeconds <= seconds) ?? null;
}

/** By how much the time left may grow without an extension: a better estimate of the clock, a rounded answer. */
const correctionSeconds = 5;

/** Whether a threshold has been passed, give or take a correction. */
export const isAbout = (threshold: number, remainingSeconds: number): boolean =>
  remainingSeconds <= threshold + correctionSeconds;

/** The warning that follows `current`: a mere correction of the time left does not take it back, to give it once more. */
export function nextWarning(
  current: number | null,
  thresholds: readonly number[],
  remainingSeconds: number,
): number | null {
  const passed = passedThreshold(thresholds, remainingSeconds);
  const isTakenBack = current !== null && (passed === null || passed > current);
  return isTakenBack && isAbout(current, remainingSeconds) ? current : passed;
}
