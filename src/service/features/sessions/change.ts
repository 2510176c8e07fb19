import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import { advance, lockSession } from './advance.js';

/**
 * Changes a session: one transaction, under the lock of its row. What has come due is done first and committed by
 * itself, so that a refusal of the change does not undo it.
 * @throws {SessionError} `SESSION_NOT_FOUND`, `IDEMPOTENCY_KEY_IN_USE`, `IDEMPOTENCY_KEY_REUSED`, and what `work` throws.
 */
export async function changeSession<T extends object>(
  context: ServiceContext,
  id: string,
  idempotency: Idempotency | undefined,
  work: (trx: Transaction<Tables>, session: SessionRow, now: number) => Promise<T>,
): Promise<T> {
  for (;;) {
    const result = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
      const session = await lockSession(trx, id);
      // Read under the lock: who waited for it acts at the time he got it.
      const now = context.now();
      return (await advance(context, trx, [session], now)) ? undefined : work(trx, session, now);
    });
    if (result) return result;
  }
}
