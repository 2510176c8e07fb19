import type { Transaction } from 'kysely';
import type { Tables } from '../database/schema.js';
import { takeBackTime } from '../sessions/take-back-time.js';
import type { LockedCheckout } from './lock-checkout.js';
import { postMoney, refundsDueAccount, salesAccount, stripeAccount } from './money-ledger.js';

/**
 * Money of a paid checkout has gone back. A part of it changes no time; all of it takes back what was not used yet.
 * @param refundedAmount all that has gone back so far: an older, smaller sum changes nothing.
 */
export async function recordRefund(
  trx: Transaction<Tables>,
  { session, checkout, now }: LockedCheckout,
  refundedAmount: number,
): Promise<void> {
  const total = Math.min(refundedAmount, checkout.amount);
  const amount = total - checkout.refunded_amount;
  if (amount <= 0) return;
  const { sold, provider_id } = await trx
    .selectFrom('applications')
    .leftJoin('extensions', (join) => join.on('extensions.checkout_id', '=', checkout.id))
    .select(['applications.provider_id', 'extensions.id as sold'])
    .where('applications.id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  await postMoney(trx, {
    kind: 'refund',
    checkout,
    from: sold === null ? refundsDueAccount : salesAccount(provider_id),
    to: stripeAccount,
    amount,
    now,
  });
  const isWhole = total === checkout.amount;
  await trx
    .updateTable('checkouts')
    .set({ refunded_amount: total, ...(isWhole && { status: 'refunded' as const }) })
    .where('id', '=', checkout.id)
    .execute();
  if (!isWhole) return;
  await trx.updateTable('refunds').set({ due_at: null }).where('checkout_id', '=', checkout.id).execute();
  await takeBackTime(trx, session, checkout.id, now);
}
