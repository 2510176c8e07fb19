import type { Transaction } from 'kysely';
import type Stripe from 'stripe';
import type { ServiceContext } from '../context.js';
import type { CheckoutRow, Tables } from '../database/schema.js';
import { disputeOf } from './dispute-news.js';
import { followDisputes } from './follow-disputes.js';
import { handleDispute } from './handle-dispute.js';
import { lockCheckout, type LockedCheckout } from './lock-checkout.js';
import { noteEvent } from './note-event.js';
import { receivePayment } from './receive-payment.js';
import { recordRefund } from './record-refund.js';

/** What an event of Stripe tells of one checkout. */
interface CheckoutNews {
  checkoutId: string | undefined;
  /** What must be as the checkout has it, or the event is not about it. */
  expected: Partial<Pick<CheckoutRow, 'session_id' | 'stripe_checkout_id' | 'amount' | 'currency'>>;
  paymentIntentId: string | null;
  outcome: 'paid' | 'failed' | 'expired' | 'refunded' | 'waiting';
  refundedAmount: number;
}

/**
 * Does what an event of Stripe asks for, once: it may come again, late, in any order and twice at a time. Events of
 * other kinds and of other checkouts on the same account are ignored.
 */
export async function handleEvent(context: ServiceContext, event: Stripe.Event): Promise<void> {
  // An event of a connected account is about somebody else's money.
  if (event.account) return;
  const dispute = disputeOf(event);
  if (dispute) return handleDispute(context, event, dispute);
  const news = newsOf(event);
  if (!news?.checkoutId) return;
  const { checkoutId } = news;
  const named = await context.kysely
    .selectFrom('checkouts')
    .select('session_id')
    .where('id', '=', checkoutId)
    .executeTakeFirst();
  if (!named) return;
  await context.kysely.transaction().execute(async (trx) => {
    const locked = await lockCheckout(trx, named.session_id, checkoutId, context.now);
    if (!(await noteEvent(trx, event, locked.now))) return;
    if (!fits(locked.checkout, news)) {
      context.logger.error('an event of Stripe does not fit the checkout that it names', {
        event_id: event.id,
        checkout_id: checkoutId,
      });
      return;
    }
    await apply(trx, locked, news);
  });
}

async function apply(
  trx: Transaction<Tables>,
  { session, checkout, now }: LockedCheckout,
  news: CheckoutNews,
): Promise<void> {
  const { outcome, refundedAmount, paymentIntentId } = news;
  switch (outcome) {
    case 'waiting':
      return;
    case 'failed':
    case 'expired':
      if (checkout.status !== 'open') return;
      await trx.updateTable('checkouts').set({ status: outcome }).where('id', '=', checkout.id).execute();
      return;
    case 'paid':
    case 'refunded': {
      // A refund proves the payment, which may be told later.
      const isReturned = refundedAmount >= checkout.amount;
      await receivePayment(trx, session, checkout, { paymentIntentId: paymentIntentId!, isReturned }, now);
      const lockAgain = () => lockCheckout(trx, session.id, checkout.id, () => now);
      if (outcome === 'refunded') await recordRefund(trx, await lockAgain(), refundedAmount);
      // A dispute may have been told before the payment.
      await followDisputes(trx, await lockAgain());
    }
  }
}

function newsOf(event: Stripe.Event): CheckoutNews | undefined {
  switch (event.type) {
    case 'checkout.session.completed': {
      const isPaid = event.data.object.payment_status === 'paid';
      return newsOfCheckout(event.data.object, isPaid ? 'paid' : 'waiting');
    }
    case 'checkout.session.async_payment_succeeded':
      return newsOfCheckout(event.data.object, 'paid');
    case 'checkout.session.async_payment_failed':
      return newsOfCheckout(event.data.object, 'failed');
    case 'checkout.session.expired':
      return newsOfCheckout(event.data.object, 'expired');
    case 'charge.refunded': {
      const { metadata, amount, currency, amount_refunded, payment_intent } = event.data.object;
      return {
        checkoutId: metadata?.checkout_id,
        expected: { session_id: metadata?.session_id ?? '', amount, currency },
        paymentIntentId: idOf(payment_intent),
        outcome: 'refunded',
        refundedAmount: amount_refunded,
      };
    }
    default:
      return undefined;
  }
}

function newsOfCheckout(object: Stripe.Checkout.Session, outcome: CheckoutNews['outcome']): CheckoutNews {
  const { id, metadata, amount_total, currency, payment_intent } = object;
  return {
    checkoutId: metadata?.checkout_id,
    expected: {
      session_id: metadata?.session_id ?? '',
      stripe_checkout_id: id,
      ...(outcome === 'paid' && { amount: amount_total ?? 0, currency: currency ?? '' }),
    },
    paymentIntentId: idOf(payment_intent),
    outcome,
    refundedAmount: 0,
  };
}

const idOf = (reference: string | { id: string } | null) =>
  typeof reference === 'object' ? (reference?.id ?? null) : reference;

function fits(checkout: CheckoutRow, { expected, outcome, paymentIntentId }: CheckoutNews): boolean {
  const { stripe_checkout_id: told, ...others } = expected;
  const { stripe_checkout_id: known, payment_intent_id: paidBy } = checkout;
  // It may come before the answer in which Stripe told the id.
  const isSameCheckout = told === undefined || known === null || told === known;
  const isPayable = (outcome !== 'paid' && outcome !== 'refunded') || paymentIntentId !== null;
  const isSamePayment = paidBy === null || paymentIntentId === null || paidBy === paymentIntentId;
  const isSame = Object.entries(others).every(
    ([name, value]) => checkout[name as keyof CheckoutRow] === value,
  );
  return isSameCheckout && isPayable && isSamePayment && isSame;
}
