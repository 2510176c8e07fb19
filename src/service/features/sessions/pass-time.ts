import type { Transaction } from 'kysely';
import { movedWarning, wholeSecondsAfter } from '../../../protocol/rules/session-times.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';

/**
 * Lets the time of a locked session that runs pass at once, until so many seconds are left: what passed counts as used. One that has
 * less left stays as it is.
 * @returns whether something has passed
 */
export async function passTime(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  remainingSeconds: number,
  now: number,
): Promise<boolean> {
  const deadlineAt = wholeSecondsAfter(now, remainingSeconds);
  if (deadlineAt >= session.deadline_at) return false;
  const warnAt = movedWarning(session, deadlineAt, now);
  await trx
    .updateTable('sessions')
    .set({ deadline_at: deadlineAt, due_at: deadlineAt, warn_at: warnAt })
    .where('id', '=', session.id)
    .execute();
  const payload = {
    session_id: session.id,
    expires_at: deadlineAt / 1000,
    removed_seconds: (session.deadline_at - deadlineAt) / 1000,
  };
  await appendEvents(context, trx, [
    { subject: `session:${session.id}`, type: 'session.shortened', payload, createdAt: now },
  ]);
  await announceDue(trx, warnAt ?? deadlineAt);
  return true;
}
