import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import type {
  HelpRequestRow,
  PaymentAuthorizationRow,
  SessionRow,
  Tables,
} from '../../../foundation/database/schema.js';
import { closeException, openException } from '../../../foundation/exceptions/open-exception.js';
import { holdPayment, lockPayment, receiveCapture } from '../../payments/index.js';
import type { LockedRequest } from '../change-request.js';
import { cancel, expire } from '../close.js';
import { openPaidRequest } from '../open-request.js';
import { readAuthorization, writeAuthorization } from './authorizations.js';
import type { IntentNews } from './news.js';
import { capturePayment, letGo, planRelease } from './plan-payment.js';
import { tellPayment } from './tell-payment.js';
import { lookAfterHeldMs, lookAgainMs } from './times.js';
import { nextPaymentStatus } from './transitions.js';

/** A locked request, and what is held for it. */
interface LockedPayment extends LockedRequest {
  authorization: PaymentAuthorizationRow;
}

/** Does what is told of the payment of a locked request, whatever was told before. */
export async function followIntent(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session }: LockedRequest,
  news: IntentNews,
  now: number,
): Promise<void> {
  const known = (await readAuthorization(trx, request.id))!;
  if (!isOf(known, news)) return;
  const authorization = await writeAuthorization(trx, known.id, {
    payment_intent_id: known.payment_intent_id ?? news.paymentIntentId,
    capture_before: news.captureBefore ?? known.capture_before,
  });
  const locked = { request, session, authorization };
  const next = news.outcome === 'waiting' ? undefined : nextPaymentStatus(known.status, news.outcome);
  if (!next) {
    // Somebody has paid: how it stands is asked at once.
    const isNew = known.payment_intent_id === null && authorization.payment_intent_id !== null;
    return keepLooking(trx, locked, isNew ? now : undefined, now);
  }
  if (next === 'authorized') return authorize(context, trx, locked, news, now);
  if (next === 'releasing') return letGo(trx, known.id, now);
  if (next === 'captured') return capture(context, trx, locked, news, now);
  if (next === 'released' || next === 'expired' || next === 'failed')
    await end(context, trx, locked, next, now);
}

/** Whether the news are about this very payment: another try's Checkout, or somebody else's payment, is not. */
function isOf(known: PaymentAuthorizationRow, { paymentIntentId, stripeCheckoutId, outcome }: IntentNews) {
  const isSame = (mine: string | null, told: string | null) =>
    mine === null || told === null || mine === told;
  if (outcome === 'abandoned' && known.stripe_checkout_id !== stripeCheckoutId) return false;
  return isSame(known.payment_intent_id, paymentIntentId);
}

/** The price is held: helpers are asked. Where it does not fit, or nobody waits for it any more, it is let go. */
async function authorize(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session, authorization }: LockedPayment,
  { amount, currency }: IntentNews,
  now: number,
): Promise<void> {
  const isFit = amount === authorization.amount && currency === authorization.currency;
  if (!isFit || request.status !== 'awaiting_payment') {
    await planRelease(trx, authorization, now);
    if (isFit) return;
    const detail = `${amount} ${currency} are held, the price is ${authorization.amount} ${authorization.currency}.`;
    const money = { amount, currency };
    await openException(
      context,
      trx,
      { ...about(request, authorization), kind: 'payment_amount_mismatch', detail, money },
      now,
    );
    if (request.status === 'awaiting_payment')
      await expire(context, trx, { request, session }, 'payment_failed', now);
    return;
  }
  const held = await writeAuthorization(trx, authorization.id, {
    ...{ status: 'authorized', authorized_at: now, attempts: 0 },
    // When the bank lets go of it is not in every event.
    due_at: now + lookAgainMs,
  });
  await tellPayment(context, trx, held, 'payment.authorized', now);
  await openPaidRequest(context, trx, request, now);
}

/** The money was taken: for a talk it is the provider's. Else somebody has done so at Stripe, and it waits for a person. */
async function capture(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session, authorization }: LockedPayment,
  { amount, currency }: IntentNews,
  now: number,
): Promise<void> {
  const { id, description, created_at, expires_at, payment_intent_id } = authorization;
  const paymentIntentId = payment_intent_id!;
  const isWithin = amount <= authorization.amount && currency === authorization.currency;
  const isSale = request.status === 'completed' && isWithin;
  const checkoutId = isSale
    ? await receiveCapture(
        context,
        trx,
        {
          ...{ paymentIntentId, providerId: request.provider_id, session_id: request.session_id! },
          ...{ amount, uncaptured_amount: authorization.amount - amount },
          ...{ currency, description, created_at, expires_at },
        },
        now,
      )
    : await holdForeign(context, trx, { request, session, paymentIntentId, amount, currency }, now);
  const captured = await writeAuthorization(trx, id, {
    ...{
      status: 'captured',
      captured_amount: Math.min(amount, authorization.amount),
      checkout_id: checkoutId,
    },
    ...{ due_at: null, ended_at: now },
  });
  await tellPayment(context, trx, captured, 'payment.captured', now);
  await closeException(trx, unsettled(request, authorization), now);
}

async function holdForeign(
  context: ServiceContext,
  trx: Transaction<Tables>,
  {
    request,
    session,
    paymentIntentId,
    amount,
    currency,
  }: {
    request: HelpRequestRow;
    session: SessionRow | undefined;
    paymentIntentId: string;
    amount: number;
    currency: string;
  },
  now: number,
): Promise<null> {
  await lockPayment(trx, paymentIntentId);
  await holdPayment(
    context,
    trx,
    {
      ...{ id: paymentIntentId, kind: 'payment_unmatched', paid: { amount, currency } },
      detail: 'It was taken at the payment provider, and not for a talk that is over.',
      providerId: request.provider_id,
      ...(session && { sessionId: session.id }),
    },
    now,
  );
  return null;
}

/** Nothing is held any more, or never was. Whoever still waits or helps is told. */
async function end(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session, authorization }: LockedPayment,
  status: 'released' | 'expired' | 'failed',
  now: number,
): Promise<void> {
  const isFirst = authorization.ended_at === null;
  const ended = await writeAuthorization(trx, authorization.id, {
    ...{ status, due_at: null, ended_at: authorization.ended_at ?? now },
  });
  if (isFirst && authorization.authorized_at !== null)
    await tellPayment(
      context,
      trx,
      ended,
      status === 'expired' ? 'payment.expired' : 'payment.released',
      now,
    );
  await closeException(trx, unsettled(request, authorization), now);
  if (request.status === 'awaiting_payment')
    await expire(context, trx, { request, session }, 'payment_failed', now);
  else if (status === 'expired' && (request.status === 'open' || request.status === 'claimed'))
    await cancel(context, trx, { request, session }, 'authorization_expired', now);
}

/** Nothing new: says when it is looked at next, and does what the end of its request asks for, whoever has ended that. */
async function keepLooking(
  trx: Transaction<Tables>,
  { request, authorization }: LockedPayment,
  sooner: number | undefined,
  now: number,
): Promise<void> {
  const { id, status, capture_before } = authorization;
  if (status === 'pending')
    await writeAuthorization(trx, id, { due_at: sooner ?? now + lookAgainMs, attempts: 0 });
  if (status === 'releasing' && sooner !== undefined)
    await writeAuthorization(trx, id, { due_at: sooner, attempts: 0 });
  if (status !== 'authorized') return;
  if (request.status === 'completed') return capturePayment(trx, request, request.used_seconds!, now);
  if (request.ended_at !== null) return planRelease(trx, authorization, now);
  // Just after the bank lets go of it, it says so.
  const lapse = capture_before === null || capture_before <= now ? Infinity : capture_before + 1_000;
  await writeAuthorization(trx, id, { due_at: Math.min(now + lookAfterHeldMs, lapse), attempts: 0 });
}

const about = (
  { provider_id, session_id }: HelpRequestRow,
  { payment_intent_id }: PaymentAuthorizationRow,
) => ({
  subject: `payment:${payment_intent_id}`,
  providerId: provider_id,
  sessionId: session_id,
  paymentIntentId: payment_intent_id,
});

/** The exception about money that is neither taken nor let go. */
export const unsettled = (request: HelpRequestRow, authorization: PaymentAuthorizationRow) => ({
  ...about(request, authorization),
  subject: `authorization:${authorization.id}`,
  kind: 'payment_unsettled' as const,
});
