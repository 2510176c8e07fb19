import { pauserOf } from '../../protocol/pauser.js';
import type { SessionEvent } from '../events.js';
import { sessionEvent } from '../session-event.js';
import { remainingSecondsOf } from './listen.js';
import type { SessionRun } from './session-run.js';
import type { SessionSnapshot } from '../snapshot.js';
import { thresholdsOf } from '../warning/warnings.js';

/** The events that a change of a running session amounts to, in the order in which they are told. */
export function laterEvents(
  run: SessionRun,
  after: SessionSnapshot,
  before: SessionSnapshot,
): SessionEvent[] {
  const { session, state } = after;
  const remainingSeconds = remainingSecondsOf(run);
  const events: SessionEvent[] = [];
  if (session) {
    const sessionId = session.id;
    const isRunning = state === 'active';
    if (isRunning && before.state === 'waiting')
      events.push(sessionEvent('start', { sessionId, remainingSeconds }));
    const additionalSeconds =
      before.session && session.duration_limit_seconds - before.session.duration_limit_seconds;
    if (additionalSeconds && additionalSeconds > 0) {
      const tokens = session.tokens_allocated - before.session!.tokens_allocated;
      events.push(sessionEvent('extend', { additionalSeconds, tokens, remainingSeconds }));
    }
    if (state === 'paused' && before.state !== state) {
      const { pause_seconds_left: pauseSecondsLeft } = session;
      events.push(sessionEvent('pause', { pauseSecondsLeft, pausedBy: pauserOf(session) }));
    }
    if (isRunning && before.state === 'paused') events.push(sessionEvent('resume', { remainingSeconds }));
    if (state === 'ended' && before.state !== state) {
      const { used_seconds: usedSeconds, final_cost: finalCost, tokens_refunded: tokensRefunded } = session;
      events.push(sessionEvent('complete', { sessionId, usedSeconds, finalCost, tokensRefunded }));
      events.push(sessionEvent('end', { sessionId, status: session.status }));
    }
  }
  if (after.warning && after.warning !== before.warning) {
    const thresholdSeconds = after.warning;
    const isLast = thresholdSeconds === thresholdsOf(run).at(-1);
    const fields = { thresholdSeconds, remainingSeconds, isLast };
    events.push(sessionEvent('warning', fields, { cancelable: true }));
  }
  if (after.connection !== before.connection) {
    events.push(sessionEvent('connection', { connection: after.connection }));
  }
  return events;
}
