import type { Transaction } from 'kysely';
import { nextStatus } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { warningAt } from './warning.js';

/** The end of a length that begins at `from`, on a whole second; ms since the epoch. */
export const wholeSecondsAfter = (from: number, seconds: number): number =>
  (Math.floor(from / 1000) + seconds) * 1000;

/** The columns of a session whose time begins at `now`. */
export function runningFrom(now: number, durationSeconds: number, warningSeconds: number) {
  const deadlineAt = wholeSecondsAfter(now, durationSeconds);
  const warnAt = warningAt(deadlineAt, warningSeconds, now);
  return {
    started_at: now,
    waiting_until: null,
    deadline_at: deadlineAt,
    due_at: deadlineAt,
    warn_at: warnAt,
  };
}

/** What is needed of a session to start it. */
export type Startable = Pick<SessionRow, 'id' | 'status' | 'duration_limit_seconds' | 'warning_seconds'>;

/**
 * Lets the time of a locked session begin.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function startSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: Startable,
  now: number,
): Promise<void> {
  const status = nextStatus(session.status, 'start');
  const times = runningFrom(now, session.duration_limit_seconds, session.warning_seconds);
  await trx
    .updateTable('sessions')
    .set({ status, ...times })
    .where('id', '=', session.id)
    .execute();
  await tellStart(context, trx, session.id, times, now);
}

/** Tells that a session has started, and when the service must act on it next. */
export async function tellStart(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessionId: string,
  { deadline_at, warn_at }: Pick<SessionRow, 'deadline_at' | 'warn_at'>,
  now: number,
): Promise<void> {
  const payload = { session_id: sessionId, expires_at: deadline_at / 1000 };
  await appendEvents(context, trx, [
    { subject: `session:${sessionId}`, type: 'session.started', payload, createdAt: now },
  ]);
  await announceDue(trx, warn_at ?? deadline_at);
}
