import type { SessionRun } from './session-run.js';

interface RunningCall {
  name: string;
  /** Of an extension. */
  minutes: number | undefined;
  done: Promise<void>;
}

/** The call that each run is performing. */
export const pendingCalls = new WeakMap<SessionRun, RunningCall>();

/** Fulfilled when the call that is under way, if any, is over. */
export async function whenIdle(run: SessionRun): Promise<void> {
  await pendingCalls.get(run)?.done.catch(() => {});
}
