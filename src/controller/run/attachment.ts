import { callEach } from '../call-each.js';
import { flag } from '../option-values.js';
import { settling } from '../snapshot.js';
import type { SessionRun } from './session-run.js';
import { addressWatchOf } from '../token/address-watch.js';
import { prepareToEnd } from '../ending/bill.js';
import { watchConnection } from '../network/connection.js';
import { goByBestSample } from '../clock/best-sample.js';
import { forgetToken } from '../ending/end-mark.js';
import { startHeartbeat } from '../network/heartbeat.js';
import { tickRarelyWhileHidden } from '../clock/hidden-ticks.js';
import { pauseWhileHidden, type Perform } from '../page/pause-when-hidden.js';
import { hearLiveEvents } from '../network/event-stream.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { resend } from '../network/resend.js';
import { leave, watchDeadline } from '../ending/settlement.js';
import { noteAttached } from './attached-runs.js';
import { onChange } from './listen.js';
import { offers } from './said.js';
import { laterEvents } from './snapshot-events.js';
import { electLeader } from '../tabs/election.js';
import { sendForTabs } from '../tabs/relay.js';
import { shareState } from '../tabs/shared-state.js';
import { renewTokenEarly, renewTokenLate } from '../token/refresh.js';
import { countPageLater } from '../analytics/analytics.js';
import { watchThresholds } from '../warning/warnings.js';

const attached = new WeakSet<SessionRun>();

/**
 * Lets a running session do everything else: warn, tell of changes, end when the time is up. Once a run. Each part stands
 * alone: one that throws takes none of the others along.
 * @param perform what performs a call.
 */
export function attachParts(run: SessionRun, perform: Perform): void {
  const { signal, options } = run;
  if (signal.aborted || attached.has(run)) return;
  attached.add(run);
  if (run.snapshot.error?.code === 'SCRIPT_INCOMPLETE') run.dispatch(settling(null));
  let term: AbortSignal | undefined;
  const parts: ((run: SessionRun) => void)[] = [
    () => goByBestSample(run.clock),
    // The first to hear of a second, so that whoever decides by it knows what it is worth.
    lifecycleOf,
    tellEvents,
    keepTokenOutOfAddress,
    watchConnection,
    watchThresholds,
    tickRarelyWhileHidden,
    watchDeadline,
    shareState,
    renewTokenLate,
    () =>
      electLeader(run, (signal, tellBeat) => {
        term = signal;
        lead(run, signal, tellBeat);
      }),
    () => countPageLater(run, () => term?.aborted === false),
    ...(flag(options.pauseOnHidden) ? [() => pauseWhileHidden(run, perform)] : []),
    resend,
    prepareToEnd,
  ];
  callEach(parts, run);
  noteAttached(run);
}

/** Tells what each change amounts to, and leaves after the last. */
function tellEvents(run: SessionRun): void {
  const { owner, signal } = run;
  onChange(
    run,
    (after, before) => {
      const hasEnded = after.state === 'ended' && before.state !== 'ended';
      const isOver = hasEnded || after.error?.code === 'SESSION_ENDED';
      if (hasEnded || after.state === 'failed') forgetToken(run, isOver);
      for (const event of laterEvents(run, after, before)) if (!signal.aborted) owner.dispatchEvent(event);
      if (hasEnded && !signal.aborted) leave(run);
    },
    signal,
  );
}

const keepTokenOutOfAddress = (run: SessionRun): void => addressWatchOf(run).keepOut(run.token);

/** What one tab does for all of them. */
function lead(run: SessionRun, term: AbortSignal, tellBeat: () => void): void {
  callEach([
    () => startHeartbeat(run, term, tellBeat),
    () => renewTokenEarly(run, term),
    () => sendForTabs(run, term),
    () => offers(run, 'events') && hearLiveEvents(run, term).catch(() => {}),
  ]);
}
