import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { Pauser } from '../../../protocol/pauser.js';
import { nextStatus } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';

/**
 * Pauses a locked session, at most until its pause is used up.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`, `PAUSE_NOT_ALLOWED`
 */
export async function pauseSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  now: number,
  pauser: Pauser,
): Promise<void> {
  const status = nextStatus(session.status, 'pause');
  const { pausable, max_pause_seconds } = await trx
    .selectFrom('applications')
    .select(['pausable', 'max_pause_seconds'])
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const secondsLeft = max_pause_seconds - session.pause_seconds_used;
  if (!pausable || secondsLeft <= 0) throw new SessionError('PAUSE_NOT_ALLOWED');
  const pauseEndsAt = now + secondsLeft * 1000;
  await trx
    .updateTable('sessions')
    .set({ status, paused_at: now, paused_by: pauser, paused_by_at: now, due_at: pauseEndsAt })
    .where('id', '=', session.id)
    .execute();
  const payload = {
    session_id: session.id,
    pause_ends_at: Math.ceil(pauseEndsAt / 1000),
    paused_by: pauser,
  };
  await appendEvents(context, trx, [
    { subject: `session:${session.id}`, type: 'session.paused', payload, createdAt: now },
  ]);
  await announceDue(trx, pauseEndsAt);
}
