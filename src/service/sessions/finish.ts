import type { Transaction } from 'kysely';
import { nextStatus } from '../../protocol/state-machine.js';
import type { SessionRow, Tables } from '../database/schema.js';
import { holdAccount, post, revenueAccount, walletAccount } from '../ledger.js';
import { appendEvent } from '../outbox.js';
import { settle } from '../pricing/settlement.js';
import { boughtBlocks, usedSecondsAt } from './usage.js';

/**
 * Ends a locked session as of `at` and settles it: the hold is split between the provider and the customer's wallet.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function finishSession(
  trx: Transaction<Tables>,
  session: SessionRow,
  action: 'complete' | 'expire',
  at: number,
): Promise<void> {
  const status = nextStatus(session.status, action);
  const { usedSeconds, finalCost, tokensRefunded } = settle(
    await boughtBlocks(trx, session),
    usedSecondsAt(session, at),
  );
  const { provider_id } = await trx
    .selectFrom('applications')
    .select('provider_id')
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  await post(trx, {
    kind: 'settlement',
    customerId: session.user_id,
    sessionId: session.id,
    createdAt: at,
    amounts: {
      [holdAccount(session.id)]: -session.tokens_allocated,
      [revenueAccount(provider_id)]: finalCost,
      [walletAccount(session.user_id)]: tokensRefunded,
    },
  });
  const bill = { status, used_seconds: usedSeconds, final_cost: finalCost, tokens_refunded: tokensRefunded };
  await trx
    .updateTable('sessions')
    .set({ ...bill, ended_at: at, due_at: null, warn_at: null, paused_at: null })
    .where('id', '=', session.id)
    .execute();
  await appendEvent(trx, 'session.ended', { session_id: session.id, ...bill }, at);
}
