import type { Transaction } from 'kysely';
import { nextStatus } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { movedWarning } from './warning.js';

/**
 * Ends the pause of a locked session as of `at`. A pause counts in whole seconds, rounded up, both for the deadline,
 * which moves by it, and for what is left of the pause: so nobody gains time by many short ones.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function resumeSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  at: number,
): Promise<void> {
  const status = nextStatus(session.status, 'resume');
  const pausedSeconds = Math.ceil((at - session.paused_at!) / 1000);
  const deadlineAt = session.deadline_at + pausedSeconds * 1000;
  const warnAt = movedWarning(session, deadlineAt, at);
  await trx
    .updateTable('sessions')
    .set({
      status,
      paused_at: null,
      pause_seconds_used: session.pause_seconds_used + pausedSeconds,
      deadline_at: deadlineAt,
      due_at: deadlineAt,
      warn_at: warnAt,
    })
    .where('id', '=', session.id)
    .execute();
  await appendEvents(context, trx, [
    {
      subject: `session:${session.id}`,
      type: 'session.resumed',
      payload: { session_id: session.id, expires_at: deadlineAt / 1000 },
      createdAt: at,
    },
  ]);
  await announceDue(trx, warnAt ?? deadlineAt);
}
