import type { Transaction } from 'kysely';
import type { Tables } from '../database/schema.js';
import type { LockedCheckout } from './lock-checkout.js';
import { followMoney, holderOf } from './money-holder.js';
import { postMoney, stripeAccount } from './money-ledger.js';

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
  const { account } = await holderOf(trx, session, checkout.id);
  await postMoney(trx, {
    kind: 'refund',
    checkout,
    from: account,
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
  if (isWhole)
    await trx.updateTable('refunds').set({ due_at: null }).where('checkout_id', '=', checkout.id).execute();
  const { disputed_amount } = checkout;
  await followMoney(trx, session, checkout, { refunded_amount: total, disputed_amount }, now);
}
