import type { Transaction } from 'kysely';
import type { Pauser } from '../../../protocol/pauser.js';
import { paused } from '../../../protocol/rules/session-changes.js';
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
  const terms = await trx
    .selectFrom('applications')
    .select(['pausable', 'max_pause_seconds'])
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const changes = paused(session, terms, pauser, now);
  const { due_at: pauseEndsAt } = changes;
  await trx.updateTable('sessions').set(changes).where('id', '=', session.id).execute();
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
