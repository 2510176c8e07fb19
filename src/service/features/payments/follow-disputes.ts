import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { DisputeRow, Tables } from '../../foundation/database/schema.js';
import { openException } from '../../foundation/exceptions/open-exception.js';
import type { LockedCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { partOfPrice, sumByCurrency } from './money.js';
import { aboutCheckout, followMoney, holderOf } from './money-holder.js';
import { postGone } from '../../foundation/ledger/money-ledger.js';
import { planRefund } from './plan-refund.js';

/**
 * Brings a paid checkout in line with what is known of its disputes: the money that the customer's bank holds or kept is
 * not there, and comes back with a dispute that is won.
 */
export async function followDisputes(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { session, checkout, now }: LockedCheckout,
): Promise<void> {
  const { id, payment_intent_id } = checkout;
  if (payment_intent_id === null) return;
  await lockPayment(trx, payment_intent_id);
  const disputes = await withdrawnBy(trx, payment_intent_id);
  const holder = await holderOf(trx, session, id);
  let disputed_amount = 0;
  for (const sum of sumByCurrency(disputes)) disputed_amount += partOfPrice(checkout, sum) ?? 0;
  for (const dispute of disputes)
    if (partOfPrice(checkout, dispute) === undefined)
      await tellUnmatched(context, trx, dispute, { session, checkout, now });
  const change = disputed_amount - checkout.disputed_amount;
  if (change === 0) return;
  await postGone(trx, { kind: 'dispute', about: checkout, account: holder.account, change, now });
  await trx.updateTable('checkouts').set({ disputed_amount }).where('id', '=', id).execute();
  const after = { ...checkout, disputed_amount };
  const { refund } = holder;
  // Stripe refunds nothing that is disputed; what comes back from a dispute is still the customer's.
  if (refund) await planRefund(context, trx, after, { ...holder, refund }, 0, now);
  await followMoney(context, trx, session, checkout, after, now);
}

/** The disputes because of which the customer's bank has money of a payment. */
export function withdrawnBy(trx: Transaction<Tables>, paymentIntentId: string): Promise<DisputeRow[]> {
  return trx
    .selectFrom('disputes')
    .selectAll()
    .where('payment_intent_id', '=', paymentIntentId)
    .where('state', 'in', ['open', 'lost'])
    .execute();
}

/** A dispute of a known checkout that does not fit what was paid. */
export async function tellUnmatched(
  context: ServiceContext,
  trx: Transaction<Tables>,
  dispute: DisputeRow,
  locked: LockedCheckout,
): Promise<void> {
  const about = await aboutCheckout(trx, locked);
  await openException(context, trx, { ...unmatchedDispute(dispute), ...about }, locked.now);
}

export function unmatchedDispute({ id, amount, currency, payment_intent_id }: DisputeRow) {
  return {
    kind: 'dispute_unmatched' as const,
    subject: `dispute:${id}`,
    detail: `It is about ${amount} ${currency}, and nothing was paid in that currency.`,
    paymentIntentId: payment_intent_id,
    money: { amount, currency },
    once: true,
  };
}
