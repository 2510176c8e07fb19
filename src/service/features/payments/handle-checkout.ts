import type { Transaction } from 'kysely';
import type Stripe from 'stripe';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow, Tables } from '../../foundation/database/schema.js';
import { findPayment } from './find-payment.js';
import { followGone } from './follow-gone.js';
import { holdPayment, type UnfitPayment } from './hold-payment.js';
import { lockCheckout, type LockedCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { aboutCheckout } from './money-holder.js';
import { noteEvent } from './note-event.js';
import type { CheckoutNews } from './payment-news.js';
import { receivePayment, surplusOf } from './receive-payment.js';

/** Does what the news of a Checkout ask for. */
export async function handleCheckout(
  context: ServiceContext,
  event: Stripe.Event,
  news: CheckoutNews,
): Promise<void> {
  const { kysely } = context;
  const named = await findNamed(context, news);
  if (!named) {
    if (news.outcome === 'paid') await holdUnknown(context, event, news);
    return;
  }
  await kysely.transaction().execute(async (trx) => {
    const locked = await lockCheckout(context, trx, named.session_id, named.id);
    if (!(await noteEvent(trx, event, locked.now))) return;
    if (news.outcome === 'paid') return takePayment(context, trx, locked, news);
    if (news.outcome === 'waiting' || locked.checkout.status !== 'open') return;
    if (!isOf(locked.checkout, news)) return;
    await trx.updateTable('checkouts').set({ status: news.outcome }).where('id', '=', named.id).execute();
  });
}

/** The checkout that the news are about: the one they name, or the one that has led to this Checkout at Stripe. */
async function findNamed({ kysely }: ServiceContext, { checkoutId, stripeCheckoutId }: CheckoutNews) {
  const checkouts = kysely.selectFrom('checkouts').select(['id', 'session_id']);
  const named = checkoutId !== undefined && (await checkouts.where('id', '=', checkoutId).executeTakeFirst());
  return named || checkouts.where('stripe_checkout_id', '=', stripeCheckoutId).executeTakeFirst();
}

/**
 * Takes a payment of a Checkout that is one of this service's, and that it does not know; others on the same account are
 * somebody else's sales.
 */
async function holdUnknown(context: ServiceContext, event: Stripe.Event, news: CheckoutNews): Promise<void> {
  const session = await context.kysely
    .selectFrom('sessions')
    .innerJoin('applications', 'applications.id', 'sessions.application_id')
    .select(['sessions.id as sessionId', 'provider_id as providerId'])
    .where('sessions.id', '=', news.sessionId ?? '')
    .executeTakeFirst();
  if (news.checkoutId === undefined && !session) return;
  const now = context.now();
  await context.kysely.transaction().execute(async (trx) => {
    const id = paymentOf(news);
    await lockPayment(trx, id);
    if (!(await noteEvent(trx, event, now))) return;
    if ((await findPayment(trx, id)) || news.paid.amount <= 0) return;
    const detail = 'It names a checkout that is not there.';
    await holdPayment(
      context,
      trx,
      { id, kind: 'payment_unmatched', detail, paid: news.paid, ...session },
      now,
    );
  });
}

/** Gives for a payment, gives it back, or keeps it for a person to look at. */
async function takePayment(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { session, checkout, now }: LockedCheckout,
  news: CheckoutNews,
): Promise<void> {
  const id = paymentOf(news);
  await lockPayment(trx, id);
  // It was told before: nothing is given twice.
  if (await findPayment(trx, id)) return;
  const fault = faultOf(checkout, news);
  if (fault) {
    if (news.paid.amount <= 0) return;
    const about = await aboutCheckout(trx, { session, checkout });
    return holdPayment(context, trx, { id, ...fault, paid: news.paid, ...about }, now);
  }
  const isSurplus = checkout.paid_at !== null;
  const own = isSurplus ? await surplusOf(trx, checkout, now) : checkout;
  await receivePayment(context, trx, session, own, { paymentIntentId: id, paid: news.paid, isSurplus }, now);
  await followGone(context, trx, session.id, own.id, now);
}

const paymentOf = ({ paymentIntentId, stripeCheckoutId }: CheckoutNews) =>
  paymentIntentId ?? stripeCheckoutId;

/** Whether the news are about this checkout. */
function isOf(checkout: CheckoutRow, { checkoutId, sessionId, stripeCheckoutId }: CheckoutNews): boolean {
  // It may come before the answer in which Stripe told the id.
  const isSameCheckout =
    checkout.stripe_checkout_id === null || checkout.stripe_checkout_id === stripeCheckoutId;
  return checkout.id === checkoutId && checkout.session_id === sessionId && isSameCheckout;
}

/** Why a payment cannot be taken for its checkout; undefined where it fits. */
function faultOf(
  checkout: CheckoutRow,
  news: CheckoutNews,
): Pick<UnfitPayment, 'kind' | 'detail'> | undefined {
  const { price, paymentIntentId } = news;
  if (!isOf(checkout, news))
    return { kind: 'payment_unmatched', detail: 'It does not belong to the checkout that it names.' };
  if (paymentIntentId === null)
    return { kind: 'payment_unmatched', detail: 'The payment provider names no payment that could go back.' };
  const detail = `${price.amount} ${price.currency} were paid, the price is ${checkout.amount} ${checkout.currency}.`;
  if (price.currency !== checkout.currency) return { kind: 'payment_currency_mismatch', detail };
  if (price.amount !== checkout.amount) return { kind: 'payment_amount_mismatch', detail };
  return undefined;
}
