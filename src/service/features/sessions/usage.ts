import { sql, type Transaction } from 'kysely';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import type { BoughtBlock } from '../../../protocol/rules/cost.js';

/** A block of a session, and the checkout that paid it. */
export type PaidTime = BoughtBlock & { checkoutId: string | null };

/** What was bought, by session, in the order in which it is used up; without what refunds took back. */
export async function boughtBlocks(
  trx: Transaction<Tables>,
  sessions: readonly SessionRow[],
): Promise<Map<string, PaidTime[]>> {
  const blocks = new Map<string, PaidTime[]>(
    sessions.map(({ id, initial_seconds: seconds, initial_tokens: tokens }) => [
      id,
      [{ seconds, tokens, checkoutId: null }],
    ]),
  );
  const extensions = await trx
    .selectFrom('extensions')
    .select(['session_id', 'tokens', 'checkout_id as checkoutId'])
    .select(sql<number>`additional_seconds - taken_back_seconds`.as('seconds'))
    .where(sql<boolean>`session_id = any(${[...blocks.keys()]}::text[])`)
    .where(sql<boolean>`additional_seconds > taken_back_seconds`)
    .orderBy('session_id')
    .orderBy('position')
    .execute();
  for (const { session_id, ...block } of extensions) blocks.get(session_id)!.push(block);
  return blocks;
}
