import { numbers } from '../option-values.js';
import { onChange, onTick, remainingSecondsOf } from '../run/listen.js';
import type { SessionRun } from '../run/session-run.js';
import { answering, warningOf } from '../run/transitions.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { isAbout, nextWarning, thresholdsFor } from './thresholds.js';

const defaultSeconds = [300, 60];

/** Keeps `snapshot.warning` right, on each second and after each change of the deadline. */
export function watchThresholds(run: SessionRun): void {
  const { signal } = run;
  const watch = () => {
    if (signal.aborted || run.snapshot.state !== 'active' || lifecycleOf(run).isInDoubt()) return;
    const warning = nextWarning(run.snapshot.warning, thresholdsOf(run), remainingSecondsOf(run));
    if (warning !== run.snapshot.warning) run.dispatch(warningOf(run.snapshot, warning));
  };
  onTick(run, watch, signal);
  // After the change has been told, not in the middle of it.
  onChange(run, () => void Promise.resolve().then(watch), signal);
  watch();
}

/** Takes note that the warning of a threshold has been answered. One that is not due for longer is nobody's answer. */
export function noteAnswered(run: SessionRun, answeredWarning: number | null): void {
  const { snapshot, signal } = run;
  const isLive = /waiting|active|paused/.test(snapshot.state) && !signal.aborted;
  if (answeredWarning && isLive && isAbout(answeredWarning, remainingSecondsOf(run)))
    run.dispatch(answering(answeredWarning));
}

/** The thresholds of the session of this run, largest first. */
export function thresholdsOf({ options, snapshot }: SessionRun): number[] {
  return thresholdsFor(
    numbers(options.warningSeconds) ?? defaultSeconds,
    snapshot.session!.duration_limit_seconds,
  );
}
