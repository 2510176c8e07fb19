import { sql, type Transaction } from 'kysely';
import { movedWarning, usedSecondsAt } from '../../../protocol/rules/session-times.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { boughtBlocks } from './usage.js';

/** What always stays, so that the page can warn its customer (WCAG 2.2.1 asks for 20 s), seconds. */
const secondsToStay = 60;

/**
 * Takes back what is not used yet of a block of a locked session, after its money was gone. Used time stays used, and
 * nothing is taken from a session that is over.
 */
export async function takeBackTime(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  checkoutId: string,
  now: number,
): Promise<void> {
  if (isFinal(session.status)) return;
  const usedSeconds = usedSecondsAt(session, now);
  const blocks = (await boughtBlocks(trx, [session])).get(session.id)!;
  const index = blocks.findIndex((block) => block.checkoutId === checkoutId);
  if (index < 0) return;
  const endsAfterSeconds = blocks.slice(0, index + 1).reduce((sum, { seconds }) => sum + seconds, 0);
  const unusedSeconds = Math.min(blocks[index]!.seconds, endsAfterSeconds - usedSeconds);
  const spareSeconds = session.duration_limit_seconds - usedSeconds - secondsToStay;
  const removedSeconds = Math.min(unusedSeconds, spareSeconds);
  if (removedSeconds <= 0) return;

  await trx
    .updateTable('extensions')
    .set({ taken_back_seconds: sql`taken_back_seconds + ${removedSeconds}::bigint` })
    .where('checkout_id', '=', checkoutId)
    .execute();
  const deadlineAt = session.deadline_at - removedSeconds * 1000;
  const isPaused = session.status === 'paused';
  const warnAt = movedWarning(session, deadlineAt, session.paused_at ?? now);
  await trx
    .updateTable('sessions')
    .set({
      duration_limit_seconds: session.duration_limit_seconds - removedSeconds,
      deadline_at: deadlineAt,
      warn_at: warnAt,
      ...(!isPaused && { due_at: deadlineAt }),
    })
    .where('id', '=', session.id)
    .execute();
  const expiresAt = isPaused ? null : deadlineAt / 1000;
  await appendEvents(context, trx, [
    {
      subject: `session:${session.id}`,
      type: 'session.shortened',
      payload: { session_id: session.id, expires_at: expiresAt, removed_seconds: removedSeconds },
      createdAt: now,
    },
  ]);
  if (!isPaused) await announceDue(trx, warnAt ?? deadlineAt);
}
