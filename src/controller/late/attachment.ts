import type { SessionRun } from '../session-run.js';
import { prepareToEnd } from './bill.js';
import { watchConnection } from './connection.js';
import { startHeartbeat } from './heartbeat.js';
import { pauseWhileHidden } from './hiding.js';
import { hearLiveEvents } from './live-events.js';
import { lifecycleOf } from './lifecycle.js';
import { resend } from './resend.js';
import { leave, watchDeadline } from './settlement.js';
import { laterEvents } from './snapshot-events.js';
import { electLeader } from './tabs/election.js';
import { sendForTabs } from './tabs/relay.js';
import { shareState } from './tabs/shared-state.js';
import { renewTokenEarly, renewTokenLate } from './token-refresh.js';
import { watchThresholds } from './warnings.js';

const attached = new WeakSet<SessionRun>();

/** Lets a running session do everything else: warn, tell of changes, end when the time is up. Once a run. */
export function attach(run: SessionRun): void {
  const { owner, signal, options } = run;
  if (signal.aborted || attached.has(run)) return;
  attached.add(run);
  // The first to hear of a second, so that whoever decides by it knows what it is worth.
  lifecycleOf(run);
  owner.subscribe((after, before) => {
    const hasEnded = after.state === 'ended' && before.state !== 'ended';
    if (hasEnded || after.state === 'failed') run.store.clear();
    for (const event of laterEvents(run, after, before)) owner.emit(event);
    if (hasEnded && !signal.aborted) leave(run);
  }, signal);
  watchConnection(run);
  watchThresholds(run);
  watchDeadline(run);
  shareState(run);
  renewTokenLate(run);
  electLeader(run, (term, tellBeat) => lead(run, term, tellBeat));
  if (options.pauseOnHidden) pauseWhileHidden(run);
  resend(run);
  prepareToEnd(run);
}

/** What one tab does for all of them. */
function lead(run: SessionRun, term: AbortSignal, tellBeat: () => void): void {
  startHeartbeat(run, term, tellBeat);
  renewTokenEarly(run, term);
  sendForTabs(run, term);
  if (run.capabilities.includes('events')) void hearLiveEvents(run, term).catch(() => {});
}
