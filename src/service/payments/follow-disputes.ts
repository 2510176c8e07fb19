import { sql, type Transaction } from 'kysely';
import type { Tables } from '../database/schema.js';
import { announceDue, refundDueChannel } from '../due-channel.js';
import type { LockedCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { postMoney, stripeAccount } from './money-ledger.js';
import { followMoney, holderOf } from './money-holder.js';

/**
 * Brings a paid checkout in line with what is known of its disputes: the money that the customer's bank holds or kept is
 * not there, and comes back with a dispute that is won.
 */
export async function followDisputes(
  trx: Transaction<Tables>,
  { session, checkout, now }: LockedCheckout,
): Promise<void> {
  const { id, payment_intent_id, disputed_amount: before, refunded_amount } = checkout;
  if (payment_intent_id === null) return;
  await lockPayment(trx, payment_intent_id);
  const { disputed_amount } = await trx
    .selectFrom('disputes')
    .select(sql<number>`coalesce(sum(amount), 0)::bigint`.as('disputed_amount'))
    .where('payment_intent_id', '=', payment_intent_id)
    .where('currency', '=', checkout.currency)
    .where('state', 'in', ['open', 'lost'])
    .executeTakeFirstOrThrow();
  const amount = disputed_amount - before;
  if (amount === 0) return;
  const { account, isLate } = await holderOf(trx, session, id);
  await postMoney(trx, {
    ...(amount > 0
      ? { kind: 'dispute', from: account, to: stripeAccount }
      : { kind: 'dispute_reversal', from: stripeAccount, to: account }),
    checkout,
    amount: Math.abs(amount),
    now,
  });
  await trx.updateTable('checkouts').set({ disputed_amount }).where('id', '=', id).execute();
  if (isLate) {
    // Stripe refunds nothing that is disputed; what comes back from a dispute is still the customer's.
    const dueAt = disputed_amount === 0 && refunded_amount < checkout.amount ? now : null;
    await trx.updateTable('refunds').set({ due_at: dueAt }).where('checkout_id', '=', id).execute();
    if (dueAt !== null) await announceDue(trx, dueAt, refundDueChannel);
  }
  await followMoney(trx, session, checkout, { refunded_amount, disputed_amount }, now);
}
