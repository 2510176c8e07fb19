import { SessionError } from '../errors.js';
import type { Pauser } from '../pauser.js';
import { nextStatus } from '../state-machine.js';
import { settle, type BoughtBlock } from './cost.js';
import type { ApplicationTerms, SessionFacts } from './session-facts.js';
import { movedWarning, usedSecondsAt, warningAt, wholeSecondsAfter } from './session-times.js';

// What each change makes of a session: the members that it sets. All throw {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`.

/** The members of a session whose time begins at `now`. */
export function runningFrom(now: number, durationSeconds: number, warningSeconds: number) {
  const deadlineAt = wholeSecondsAfter(now, durationSeconds);
  return {
    started_at: now,
    waiting_until: null,
    deadline_at: deadlineAt,
    due_at: deadlineAt,
    warn_at: warningAt(deadlineAt, warningSeconds, now),
  };
}

/** The members of a session that waits for its start, so many seconds at most. It is due for nothing but the end of its waiting. */
export function waitingFrom(now: number, durationSeconds: number, waitingSeconds: number) {
  const waitingUntil = wholeSecondsAfter(now, waitingSeconds);
  const deadlineAt = wholeSecondsAfter(waitingUntil, durationSeconds);
  return {
    started_at: null,
    waiting_until: waitingUntil,
    deadline_at: deadlineAt,
    due_at: deadlineAt,
    warn_at: null,
  };
}

/** Lets the time of a session that waits begin. */
export const started = (
  session: Pick<SessionFacts, 'status' | 'duration_limit_seconds' | 'warning_seconds'>,
  now: number,
) => ({
  status: nextStatus(session.status, 'start'),
  ...runningFrom(now, session.duration_limit_seconds, session.warning_seconds),
});

/** Pauses a session, at most until its pause is used up. @throws {SessionError} `PAUSE_NOT_ALLOWED` */
export function paused(
  session: Pick<SessionFacts, 'status' | 'pause_seconds_used'>,
  { pausable, max_pause_seconds }: Pick<ApplicationTerms, 'pausable' | 'max_pause_seconds'>,
  pauser: Pauser,
  now: number,
) {
  const status = nextStatus(session.status, 'pause');
  const secondsLeft = max_pause_seconds - session.pause_seconds_used;
  if (!pausable || secondsLeft <= 0) throw new SessionError('PAUSE_NOT_ALLOWED');
  const pauseEndsAt = now + secondsLeft * 1000;
  return { status, paused_at: now, paused_by: pauser, paused_by_at: now, due_at: pauseEndsAt };
}

/**
 * Ends the pause of a session as of `at`. A pause counts in whole seconds, rounded up, both for the deadline, which moves by
 * it, and for what is left of the pause: so nobody gains time by many short ones.
 */
export function resumed(
  session: Pick<
    SessionFacts,
    'status' | 'paused_at' | 'pause_seconds_used' | 'deadline_at' | 'warn_at' | 'warning_seconds'
  >,
  at: number,
) {
  const status = nextStatus(session.status, 'resume');
  const pausedSeconds = Math.ceil((at - session.paused_at!) / 1000);
  const deadlineAt = session.deadline_at + pausedSeconds * 1000;
  return {
    status,
    paused_at: null,
    pause_seconds_used: session.pause_seconds_used + pausedSeconds,
    deadline_at: deadlineAt,
    due_at: deadlineAt,
    warn_at: movedWarning(session, deadlineAt, at),
  };
}

/** Moves the deadline of a session by a block of time that is paid. */
export function lengthened(
  session: Pick<
    SessionFacts,
    'status' | 'deadline_at' | 'paused_at' | 'warning_seconds' | 'tokens_allocated' | 'duration_limit_seconds'
  >,
  { seconds, tokens }: BoughtBlock,
  now: number,
) {
  const status = nextStatus(session.status, 'extend');
  const deadlineAt = session.deadline_at + seconds * 1000;
  return {
    status,
    tokens_allocated: session.tokens_allocated + tokens,
    duration_limit_seconds: session.duration_limit_seconds + seconds,
    deadline_at: deadlineAt,
    warn_at: warningAt(deadlineAt, session.warning_seconds, session.paused_at ?? now),
    // A pause ends when it would have.
    ...(status !== 'paused' && { due_at: deadlineAt }),
  };
}

/** The bill of a session that ends at `at`. */
export function billed(
  session: Pick<
    SessionFacts,
    'status' | 'started_at' | 'duration_limit_seconds' | 'deadline_at' | 'paused_at'
  >,
  blocks: readonly BoughtBlock[],
  action: 'complete' | 'expire' | 'cancel',
  at: number,
) {
  const status = nextStatus(session.status, action);
  const { usedSeconds, finalCost, tokensRefunded } = settle(blocks, usedSecondsAt(session, at));
  return { status, used_seconds: usedSeconds, final_cost: finalCost, tokens_refunded: tokensRefunded };
}
