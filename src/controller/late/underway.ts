import type { SessionRun } from '../session-run.js';

interface Underway {
  name: string;
  /** Of an extension. */
  minutes: number | undefined;
  done: Promise<void>;
}

/** The call that each run is performing. */
export const underway = new WeakMap<SessionRun, Underway>();

/** Fulfilled when the call that is under way, if any, is over. */
export async function whenIdle(run: SessionRun): Promise<void> {
  await underway.get(run)?.done.catch(() => {});
}
