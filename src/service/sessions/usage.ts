import { sql, type Transaction } from 'kysely';
import type { SessionRow, Tables } from '../database/schema.js';
import type { BoughtBlock } from '../pricing/settlement.js';

/** Whole seconds used of what was bought. The deadline moves with each pause and extension, so it alone tells. */
export function usedSecondsAt(session: SessionRow, at: number): number {
  const unusedSeconds = Math.ceil((session.deadline_at - (session.paused_at ?? at)) / 1000);
  return Math.max(0, session.duration_limit_seconds - unusedSeconds);
}

/** What was bought, in the order in which it is used up; without what refunds took back. */
export async function boughtBlocks(
  trx: Transaction<Tables>,
  session: SessionRow,
): Promise<(BoughtBlock & { checkoutId: string | null })[]> {
  const extensions = await trx
    .selectFrom('extensions')
    .select(['tokens', 'checkout_id as checkoutId'])
    .select(sql<number>`additional_seconds - taken_back_seconds`.as('seconds'))
    .where('session_id', '=', session.id)
    .where(sql<boolean>`additional_seconds > taken_back_seconds`)
    .orderBy('position')
    .execute();
  return [
    { seconds: session.initial_seconds, tokens: session.initial_tokens, checkoutId: null },
    ...extensions,
  ];
}
