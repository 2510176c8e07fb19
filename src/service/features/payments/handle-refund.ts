import type { Kysely, Transaction } from 'kysely';
import type Stripe from 'stripe';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { openException } from '../../foundation/exceptions/open-exception.js';
import { findPayment, type PaymentOwner } from './find-payment.js';
import { followGone } from './follow-gone.js';
import { followHeldPayment, readHeldPayment } from './hold-payment.js';
import { lockCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { partOfPrice, type Money } from './money.js';
import { aboutCheckout } from './money-holder.js';
import { noteEvent } from './note-event.js';
import { receivePayment } from './receive-payment.js';
import { noteChargeRefund, noteRefund } from './refund-facts.js';
import type { RefundNews } from './refund-news.js';

/** News of a refund whose payment is known by name. */
type NamedNews = RefundNews & { paymentIntentId: string };

/**
 * Does what the news of a refund ask for. They may come before those of the payment: then they are kept until it is known.
 */
export async function handleRefund(
  context: ServiceContext,
  event: Stripe.Event,
  told: RefundNews,
): Promise<void> {
  const { kysely } = context;
  const paymentIntentId = told.paymentIntentId ?? (await paymentOfRefund(kysely, told));
  if (paymentIntentId === undefined) return;
  const news: NamedNews = { ...told, paymentIntentId };
  let isDone = false;
  while (!isDone) {
    const owner = await ownerOf(kysely, news);
    isDone = await kysely.transaction().execute(async (trx) => {
      if (owner?.kind === 'checkout') return takeNews(context, trx, event, news, owner);
      await lockPayment(trx, paymentIntentId);
      // It was paid meanwhile: once more, with the locks in their order.
      if ((await ownerOf(trx, news))?.kind !== owner?.kind) return false;
      const now = context.now();
      if (!(await noteEvent(trx, event, now))) return true;
      if (!owner) {
        await note(trx, news);
        return true;
      }
      const held = await readHeldPayment(trx, owner.id);
      if (moneyOf(news).currency !== held.currency) await tellUnmatched(context, trx, news, {}, now);
      else await note(trx, news);
      await followHeldPayment(context, trx, held, now);
      return true;
    });
  }
}

async function takeNews(
  context: ServiceContext,
  trx: Transaction<Tables>,
  event: Stripe.Event,
  news: NamedNews,
  owner: Extract<PaymentOwner, { kind: 'checkout' }>,
): Promise<boolean> {
  const { session, checkout, now } = await lockCheckout(context, trx, owner.sessionId, owner.id);
  await lockPayment(trx, news.paymentIntentId);
  const isPaid = checkout.paid_at !== null;
  // It was paid by another one meanwhile.
  if (isPaid && checkout.payment_intent_id !== news.paymentIntentId) return false;
  if (!(await noteEvent(trx, event, now))) return true;
  if (partOfPrice(checkout, moneyOf(news)) === undefined) {
    await tellUnmatched(context, trx, news, await aboutCheckout(trx, { session, checkout }), now);
    return true;
  }
  await note(trx, news);
  if (!isPaid) {
    // A refund proves the payment, which may be told later.
    const { paymentIntentId } = news;
    await receivePayment(
      context,
      trx,
      session,
      checkout,
      { paymentIntentId, paid: checkout, isSurplus: false },
      now,
    );
  }
  await followGone(context, trx, session.id, checkout.id, now);
  return true;
}

/** Whose money goes back: the payment's owner, or the unpaid checkout that the charge fits in all it says. */
async function ownerOf(db: Kysely<Tables>, news: NamedNews): Promise<PaymentOwner | undefined> {
  const owner = await findPayment(db, news.paymentIntentId);
  if (owner || !('charge' in news) || news.named.checkoutId === undefined) return owner;
  const { charge, named } = news;
  const unpaid = await db
    .selectFrom('checkouts')
    .select(['id', 'session_id'])
    .where('id', '=', named.checkoutId!)
    .where('session_id', '=', named.sessionId ?? '')
    .where('paid_at', 'is', null)
    .where('amount', '=', charge.amount)
    .where('currency', '=', charge.currency)
    .executeTakeFirst();
  return unpaid && { kind: 'checkout', id: unpaid.id, sessionId: unpaid.session_id };
}

/** A refund may name no payment: then it is the one that it was made for. */
async function paymentOfRefund(db: Kysely<Tables>, news: RefundNews): Promise<string | undefined> {
  if (!('refund' in news)) return undefined;
  const known = await db
    .selectFrom('stripe_refunds')
    .select('payment_intent_id')
    .where('id', '=', news.refund.id)
    .executeTakeFirst();
  return known?.payment_intent_id;
}

const moneyOf = (news: RefundNews): Money => ('charge' in news ? news.charge : news.refund);

async function note(trx: Transaction<Tables>, news: NamedNews): Promise<void> {
  if ('charge' in news) await noteChargeRefund(trx, news.charge);
  else await noteRefund(trx, { ...news.refund, payment_intent_id: news.paymentIntentId });
}

async function tellUnmatched(
  context: ServiceContext,
  trx: Transaction<Tables>,
  news: NamedNews,
  about: Partial<Awaited<ReturnType<typeof aboutCheckout>>>,
  now: number,
): Promise<void> {
  const { amount, currency } = 'charge' in news ? chargedBack(news.charge) : news.refund;
  await openException(
    context,
    trx,
    {
      kind: 'refund_unmatched',
      subject: 'charge' in news ? `payment:${news.paymentIntentId}` : `refund:${news.refund.id}`,
      detail: `${amount} ${currency} went back, and nothing was paid in that currency.`,
      paymentIntentId: news.paymentIntentId,
      money: { amount, currency },
      once: true,
      ...about,
    },
    now,
  );
}

const chargedBack = ({
  refunded_amount,
  currency,
}: {
  refunded_amount: number;
  currency: string;
}): Money => ({
  amount: refunded_amount,
  currency,
});
