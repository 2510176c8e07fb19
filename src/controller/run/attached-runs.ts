import { callEach } from '../call-each.js';
import type { SessionRun, SessionRunOwner } from './session-run.js';

/** The run of each controller that does everything by now, for features that come by themselves. */
const runs = new WeakMap<SessionRunOwner, SessionRun>();
const watchers = new Set<() => void>();

/** Takes note of it. */
export function noteAttached(run: SessionRun): void {
  runs.set(run.owner, run);
  callEach(watchers);
}

/** The run that a controller has now; undefined before it does everything, and once it is over. */
export function attachedRun(owner: SessionRunOwner): SessionRun | undefined {
  const run = runs.get(owner);
  return run?.signal.aborted ? undefined : run;
}

/** Calls back whenever a run, of whichever controller, does everything. @returns ends it. */
export function onAttached(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
