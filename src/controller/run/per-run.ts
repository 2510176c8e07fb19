import type { SessionRun } from './session-run.js';

/** One of something for each run, made when it is first asked for. */
export function perRun<T>(make: (run: SessionRun) => T): (run: SessionRun) => T {
  const made = new WeakMap<SessionRun, T>();
  return (run) => {
    if (!made.has(run)) made.set(run, make(run));
    return made.get(run)!;
  };
}
