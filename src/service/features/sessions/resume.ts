import type { Transaction } from 'kysely';
import { resumed } from '../../../protocol/rules/session-changes.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';

/**
 * Ends the pause of a locked session as of `at`.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function resumeSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  at: number,
): Promise<void> {
  const changes = resumed(session, at);
  const { deadline_at: deadlineAt, warn_at: warnAt } = changes;
  await trx.updateTable('sessions').set(changes).where('id', '=', session.id).execute();
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
