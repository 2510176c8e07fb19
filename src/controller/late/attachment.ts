import type { SessionRun } from '../session-run.js';
import { startHeartbeat } from './heartbeat.js';
import { leave, watchDeadline } from './settlement.js';
import { laterEvents } from './snapshot-events.js';
import { watchThresholds } from './warnings.js';

const attached = new WeakSet<SessionRun>();

/** Lets a running session do everything else: heartbeat, warn, tell of changes, end when the time is up. Once a run. */
export function attach(run: SessionRun): void {
  const { owner, signal } = run;
  if (signal.aborted || attached.has(run)) return;
  attached.add(run);
  owner.subscribe((after, before) => {
    const hasEnded = after.state === 'ended' && before.state !== 'ended';
    if (hasEnded || after.state === 'failed') run.store.clear();
    for (const event of laterEvents(run, after, before)) owner.emit(event);
    if (hasEnded && !signal.aborted) leave(run);
  }, signal);
  watchThresholds(run);
  watchDeadline(run);
  startHeartbeat(run);
}
