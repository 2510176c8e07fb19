import { sql, type Transaction } from 'kysely';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { lengthen } from './add-time.js';

/**
 * Gives back what was taken of a block of a locked session, because its money is there again: as far as the longest
 * session allows, and not where it is over.
 */
export async function giveBackTime(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  checkoutId: string,
  now: number,
): Promise<void> {
  if (isFinal(session.status)) return;
  const block = await trx
    .selectFrom('extensions')
    .innerJoin('applications', (join) => join.on('applications.id', '=', session.application_id))
    .select(['taken_back_seconds', 'max_duration_seconds'])
    .where('checkout_id', '=', checkoutId)
    .executeTakeFirst();
  if (!block) return;
  const roomSeconds = block.max_duration_seconds - session.duration_limit_seconds;
  const seconds = Math.min(block.taken_back_seconds, roomSeconds);
  if (seconds <= 0) return;
  await trx
    .updateTable('extensions')
    .set({ taken_back_seconds: sql`taken_back_seconds - ${seconds}::bigint` })
    .where('checkout_id', '=', checkoutId)
    .execute();
  await lengthen(context, trx, session, { additional_seconds: seconds, tokens: 0 }, now);
}
