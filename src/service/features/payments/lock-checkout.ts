import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { advance, lockSession } from '../sessions/index.js';

/** A session as it stands at that moment, and one of its checkouts. */
export interface LockedCheckout {
  session: SessionRow;
  checkout: CheckoutRow;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Locks both until the transaction ends: the session first, as everywhere. What has come due to it is done. */
export async function lockCheckout(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessionId: string,
  checkoutId: string,
  clock = context.now,
): Promise<LockedCheckout> {
  let session = await lockSession(trx, sessionId);
  const now = clock();
  if (await advance(context, trx, [session], now)) session = await lockSession(trx, sessionId);
  const checkout = await trx
    .selectFrom('checkouts')
    .selectAll()
    .where('id', '=', checkoutId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { session, checkout, now };
}
