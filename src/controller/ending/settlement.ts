import type { SessionError } from '../../protocol/errors.js';
import { askAroundBlock } from '../network/blocked.js';
import { pathOfEnd, settle, settleNow, type Usage } from './bill.js';
import { change, requestedChange } from '../run/change.js';
import { flag } from '../option-values.js';
import { sessionEvent } from '../session-event.js';
import { refresh } from '../network/heartbeat.js';
import { isRefused } from '../network/http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { waitToRetry } from '../network/offline-queue.js';
import { pageOf } from '../page/browser-page.js';
import { returnAddress } from './return-address.js';
import { onTick, remainingSecondsOf } from '../run/listen.js';
import { whenIdle } from '../run/pending-call.js';
import { failing, settling, timeUp } from '../snapshot.js';
import type { SessionRun } from '../run/session-run.js';

/** Ends the session for the customer, after `end-request`. */
export async function end(run: SessionRun): Promise<void> {
  const remainingSeconds = remainingSecondsOf(run);
  const ask = () => settleNow(run);
  await requestedChange(run, 'end', { remainingSeconds }, ask, ask);
}

/** Reports the work as done, and settles. */
export async function complete(run: SessionRun, usage: Usage = {}): Promise<void> {
  const { actualUsageMinutes, metadata } = usage;
  await change(run, 'end', () =>
    settleNow(run, {
      actual_usage_minutes: actualUsageMinutes,
      metadata,
    }),
  );
}

/**
 * Ends the session when the time is up by this page's reckoning. The service has the last word, since it may have moved
 * the deadline meanwhile; it is asked until it answers, and the timer holds at zero.
 */
export function watchDeadline(run: SessionRun): void {
  const { signal } = run;
  const watch = () => {
    const isUp = /active|ending/.test(run.snapshot.state) && remainingSecondsOf(run) === 0;
    if (isUp && !lifecycleOf(run).isInDoubt()) void settleAfterDeadline(run);
  };
  onTick(run, watch, signal);
  watch();
}

async function settleAfterDeadline(run: SessionRun): Promise<void> {
  run.dispatch(timeUp);
  // What waits for the network does so at the pace of the end from now on.
  lifecycleOf(run).tell('asked');
  // A deadline that passes while a payment runs throws nobody out.
  await whenIdle(run);
  const isWaiting = () => !run.signal.aborted && run.snapshot.state === 'ending';
  while (isWaiting()) {
    try {
      // Perhaps the deadline has been moved, or the session is over already.
      await refresh(run).catch((error: SessionError) => {
        // A backend that offers no heartbeat settles without one; what has ended has a bill.
        if (!/^(ROUTE_NOT|SESSION_ENDED)/.test(error.code)) throw error;
      });
      if (!isWaiting()) return;
      await settle(run).catch(async (error: SessionError) => {
        await askAroundBlock(run, pathOfEnd(run), error);
        throw error;
      });
    } catch (cause) {
      const error = cause as SessionError;
      if (isWaiting() && isRefused(error)) run.dispatch(failing(error));
    }
    if (isWaiting()) await waitToRetry(run);
  }
}

/**
 * Leaves for the return address, unless the page stays, or the address may not be followed. A tab that nobody looks at
 * waits until somebody does, so that ten tabs do not open the marketplace ten times.
 */
export function leave(run: SessionRun): void {
  const { world, owner, options, signal } = run;
  const page = pageOf(world);
  try {
    const address = returnAddress(run);
    if (!address) return;
    const go = () => {
      const isFree = owner.dispatchEvent(sessionEvent('redirect', { address }, { cancelable: true }));
      const isWanted = isFree && flag(options.redirect ?? true);
      if (isWanted && !signal.aborted) page.leaveTo(address);
    };
    if (page.isVisible) return go();
    const shown = new AbortController();
    signal.addEventListener('abort', () => shown.abort(), { signal: shown.signal });
    lifecycleOf(run).listen((news) => {
      if (news !== 'shown') return;
      shown.abort();
      go();
    }, shown.signal);
  } catch (error) {
    // Who stays anyway has lost nothing.
    if (options.redirect !== false) run.dispatch(settling(error as SessionError));
  }
}
