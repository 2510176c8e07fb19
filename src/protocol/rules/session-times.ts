import { isFinal } from '../state-machine.js';
import type { ApplicationTerms, SessionFacts } from './session-facts.js';

/** A page may still read its bill that long after the end, seconds. */
export const tokenGraceSeconds = 900;

/** The end of a length that begins at `from`, on a whole second; ms since the epoch. */
export const wholeSecondsAfter = (from: number, seconds: number): number =>
  (Math.floor(from / 1000) + seconds) * 1000;

/** Seconds left to the session at that moment, rounded up; all of them before it starts, 0 once it is over. */
export function remainingSeconds(
  session: Pick<
    SessionFacts,
    'status' | 'started_at' | 'duration_limit_seconds' | 'deadline_at' | 'paused_at'
  >,
  now: number,
): number {
  if (isFinal(session.status)) return 0;
  if (session.started_at === null) return session.duration_limit_seconds;
  return Math.max(0, Math.ceil((session.deadline_at - (session.paused_at ?? now)) / 1000));
}

/** Whole seconds used of what was bought. The deadline moves with each pause and extension, so it alone tells. */
export function usedSecondsAt(
  session: Pick<SessionFacts, 'started_at' | 'duration_limit_seconds' | 'deadline_at' | 'paused_at'>,
  at: number,
): number {
  if (session.started_at === null) return 0;
  const unusedSeconds = Math.ceil((session.deadline_at - (session.paused_at ?? at)) / 1000);
  return Math.max(0, session.duration_limit_seconds - unusedSeconds);
}

/** Whole seconds of pause that are left to the session at that moment. */
export function pauseSecondsLeft(
  session: Pick<SessionFacts, 'status' | 'due_at' | 'pause_seconds_used'>,
  { pausable, max_pause_seconds }: Pick<ApplicationTerms, 'pausable' | 'max_pause_seconds'>,
  now: number,
): number {
  if (!pausable || isFinal(session.status)) return 0;
  const left =
    session.status === 'paused'
      ? (session.due_at! - now) / 1000
      : max_pause_seconds - session.pause_seconds_used;
  return Math.max(0, Math.ceil(left));
}

/**
 * When a session is warned of its deadline, ms since the epoch; null where that moment has passed already, as in a
 * session that is shorter than its warning.
 * @param from the moment from which on the time runs: now, or where a pause began.
 */
export function warningAt(deadlineAt: number, warningSeconds: number, from: number): number | null {
  const at = deadlineAt - warningSeconds * 1000;
  return warningSeconds > 0 && at > from ? at : null;
}

/**
 * The same where no time was bought, and a deadline moves all the same: one that was told is not told again, and one that
 * was not is told at once where less time than that is left.
 */
export function movedWarning(
  session: Pick<SessionFacts, 'warn_at' | 'warning_seconds'>,
  deadlineAt: number,
  from: number,
): number | null {
  return session.warn_at === null ? null : Math.max(from, deadlineAt - session.warning_seconds * 1000);
}

/** When a session token may end at the earliest: the (latest) deadline, every pause still to come, the grace. Seconds since the epoch. */
export function tokenExpiry(
  session: Pick<SessionFacts, 'deadline_at' | 'pause_seconds_used'>,
  { pausable, max_pause_seconds }: Pick<ApplicationTerms, 'pausable' | 'max_pause_seconds'>,
): number {
  const pauseSeconds = pausable ? Math.max(0, max_pause_seconds - session.pause_seconds_used) : 0;
  return session.deadline_at / 1000 + pauseSeconds + tokenGraceSeconds;
}
