import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { StripeRefundRow, Tables } from '../../foundation/database/schema.js';
import { openException } from '../../foundation/exceptions/open-exception.js';
import type { LockedCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { partOfPrice } from './money.js';
import { aboutCheckout, followMoney, holderOf } from './money-holder.js';
import { postGone } from '../../foundation/ledger/money-ledger.js';
import { planRefund } from './plan-refund.js';
import { readRefundFacts, refundedOf } from './refund-facts.js';

/**
 * Brings a paid checkout in line with what is known of its refunds. A part of the money changes no time; all of it takes
 * back what was not used yet, and gives it back where a refund fails.
 */
export async function followRefunds(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { session, checkout, now }: LockedCheckout,
): Promise<void> {
  const { id, amount, payment_intent_id } = checkout;
  if (payment_intent_id === null) return;
  await lockPayment(trx, payment_intent_id);
  const facts = await readRefundFacts(trx, payment_intent_id);
  const gone = refundedOf(facts, (money) => partOfPrice(checkout, money));
  const refunded = gone - checkout.uncaptured_amount;
  const refunded_amount = Math.max(0, Math.min(amount, refunded));
  const holder = await holderOf(trx, session, id);
  const change = refunded_amount - checkout.refunded_amount;
  const after = { ...checkout, refunded_amount };
  if (change !== 0) {
    await postGone(trx, { kind: 'refund', about: checkout, account: holder.account, change, now });
    await trx
      .updateTable('checkouts')
      .set({ refunded_amount, status: refunded_amount === amount ? 'refunded' : 'paid' })
      .where('id', '=', id)
      .execute();
  }
  const failed = await answerFailures(trx, facts.refunds);
  const { refund, providerId } = holder;
  if (refund) await planRefund(context, trx, after, { refund, providerId }, failed.length, now);
  else if (refunded_amount < amount) {
    const about = await aboutCheckout(trx, { session, checkout });
    for (const row of failed) await openException(context, trx, { ...returnedRefund(row), ...about }, now);
  }
  await followMoney(context, trx, session, checkout, after, now);
}

/** Those that have failed, and that nobody has done anything about; from now on somebody has. */
export async function answerFailures(
  trx: Transaction<Tables>,
  refunds: readonly StripeRefundRow[],
): Promise<StripeRefundRow[]> {
  const failed = refunds.filter(({ is_failed, is_answered }) => is_failed && !is_answered);
  for (const { id } of failed)
    await trx.updateTable('stripe_refunds').set({ is_answered: true }).where('id', '=', id).execute();
  return failed;
}

/** A refund that somebody has made at Stripe, and that has come back: what is to be done is his to say. */
export const returnedRefund = ({ id, amount, currency, payment_intent_id }: StripeRefundRow) => ({
  kind: 'refund_failed' as const,
  subject: `refund:${id}`,
  detail: 'A refund that was made at the payment provider has come back.',
  paymentIntentId: payment_intent_id,
  money: { amount, currency },
  once: true,
});
