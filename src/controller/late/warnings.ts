import type { SessionRun } from '../session-run.js';

const defaultSeconds = [300, 60];

/**
 * The thresholds that make sense for a session, largest first. One that is not below the session's whole length would
 * warn as it starts, so it is left out; the last one, which opens the dialog, comes at half time at the earliest.
 * @param thresholds seconds left, in any order.
 * @param durationSeconds all that was bought.
 */
export function thresholdsFor(thresholds: readonly number[], durationSeconds: number): number[] {
  const sorted = [...thresholds].sort((one, other) => other - one);
  const last = sorted.pop();
  if (last === undefined) return [];
  return [
    ...sorted.filter((seconds) => seconds < durationSeconds),
    Math.min(last, Math.floor(durationSeconds / 2)),
  ];
}

/** The nearest threshold that has been passed, or null: a burst of missed ones speaks once. */
export function passedThreshold(thresholds: readonly number[], remainingSeconds: number): number | null {
  return thresholds.findLast((seconds) => remainingSeconds <= seconds) ?? null;
}

/** Keeps `snapshot.warning` right, on each second and after each change of the deadline. */
export function watchThresholds(run: SessionRun): void {
  const { owner, signal } = run;
  const watch = () => {
    if (signal.aborted || run.snapshot.state !== 'active') return;
    const warning = passedThreshold(thresholdsOf(run), owner.getRemainingSeconds());
    owner.dispatch({ type: 'threshold', warning });
  };
  owner.onTick(watch, signal);
  // After the change has been told, not in the middle of it.
  owner.subscribe(() => queueMicrotask(watch), signal);
  watch();
}

/** The thresholds of the session of this run, largest first. */
export function thresholdsOf({ options, snapshot }: SessionRun): number[] {
  return thresholdsFor(options.warningSeconds ?? defaultSeconds, snapshot.session!.duration_limit_seconds);
}
