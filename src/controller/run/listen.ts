import type { SessionRun, SnapshotListener } from './session-run.js';

/** Whole seconds left; 0 before the service has spoken. */
export const remainingSecondsOf = ({ owner }: SessionRun): number => owner.remainingSeconds ?? 0;

/** Calls back after each change of the snapshot, until the signal aborts. */
export const onChange = ({ owner }: SessionRun, listener: SnapshotListener, signal: AbortSignal): void =>
  signal.addEventListener('abort', owner.subscribe(listener));

/** Calls back on each second, until the signal aborts. */
export const onTick = ({ owner }: SessionRun, listener: () => void, signal: AbortSignal): void =>
  owner.addEventListener('tick', listener, { signal });
