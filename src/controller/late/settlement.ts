import type { CompleteAnswer, CompleteRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import { change, requestedChange } from './change.js';
import { sessionEvent } from '../events.js';
import { refresh } from './heartbeat.js';
import { isRetryable, send, wait } from './http-client.js';
import { pageOf } from './page.js';
import { returnAddress } from './return-address.js';
import { whenIdle } from './underway.js';
import type { SessionRun } from '../session-run.js';

/** Seconds between tries to hear the result, once the time is up and the service does not answer. */
const retrySeconds = 5;

/** Usage as the page saw it, for the record: the service bills what it measured. */
export interface Usage {
  actualUsageMinutes?: number;
  metadata?: Record<string, string>;
}

/** Has the service settle the session, whoever ended it, and takes in the bill. */
async function settle(run: SessionRun, body: CompleteRequest = {}): Promise<void> {
  const idempotencyKey = pageOf(run.world).randomId();
  const answer = await send<CompleteAnswer>(run, {
    method: 'POST',
    path: '/complete',
    body,
    idempotencyKey,
    keepalive: true,
  });
  const said = answer.body;
  const { status, used_seconds = null, final_cost, tokens_refunded } = said;
  run.accept(said.session ?? { status, used_seconds, final_cost, tokens_refunded }, said, answer);
}

/** Ends the session for the customer, after `end-request`. */
export async function end(run: SessionRun): Promise<void> {
  const remainingSeconds = Math.max(0, Math.ceil(((run.snapshot.deadline ?? 0) - run.clock.now()) / 1000));
  const ask = () => settle(run);
  await requestedChange(run, 'end', { remainingSeconds }, ask, ask);
}

/** Reports the work as done, and settles. */
export async function complete(run: SessionRun, usage: Usage = {}): Promise<void> {
  const { actualUsageMinutes, metadata } = usage;
  await change(run, 'end', () =>
    settle(run, {
      ...(actualUsageMinutes !== undefined && { actual_usage_minutes: actualUsageMinutes }),
      ...(metadata && { metadata }),
    }),
  );
}

/**
 * Ends the session when the time is up by this page's reckoning. The service has the last word, since it may have moved
 * the deadline meanwhile; it is asked until it answers, and the timer holds at zero.
 */
export function watchDeadline(run: SessionRun): void {
  const { owner, signal } = run;
  const watch = () => {
    if (run.snapshot.state === 'active' && owner.getRemainingSeconds() === 0) void settleAfterDeadline(run);
  };
  owner.onTick(watch, signal);
  watch();
}

async function settleAfterDeadline(run: SessionRun): Promise<void> {
  run.owner.dispatch({ type: 'timeUp' });
  // A deadline that passes while a payment runs throws nobody out.
  await whenIdle(run);
  while (!run.signal.aborted && run.snapshot.state === 'ending') {
    try {
      const { status, remaining_seconds } = await refresh(run);
      if (isFinal(status) ? run.snapshot.session!.final_cost === null : remaining_seconds <= 0)
        await settle(run);
      return;
    } catch (error) {
      if (run.signal.aborted) return;
      if (error instanceof SessionError && isRetryable(error)) {
        await wait(run, retrySeconds * 1000 * (0.5 + pageOf(run.world).random())).catch(() => {});
      } else {
        run.owner.dispatch({ type: 'fail', error: error as SessionError });
      }
    }
  }
}

/** Leaves for the return address, unless the page stays, or the address may not be followed. */
export function leave(run: SessionRun): void {
  try {
    const address = returnAddress(run);
    if (!address) return;
    if (run.owner.emit(sessionEvent('redirect', { address })) && run.options.redirect)
      pageOf(run.world).leaveTo(address);
  } catch (error) {
    run.owner.dispatch({ type: 'settle', error: error as SessionError });
  }
}
