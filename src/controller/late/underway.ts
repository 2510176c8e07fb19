import type { SessionRun } from '../session-run.js';

/** The call that each run is performing, by name. */
export const underway = new WeakMap<SessionRun, { name: string; done: Promise<void> }>();

/** Fulfilled when the call that is under way, if any, is over. */
export async function whenIdle(run: SessionRun): Promise<void> {
  await underway.get(run)?.done.catch(() => {});
}
