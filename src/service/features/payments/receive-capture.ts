import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow, Tables } from '../../foundation/database/schema.js';
import { postMoney, salesAccount, stripeAccount } from '../../foundation/ledger/money-ledger.js';
import { followGone } from './follow-gone.js';
import { lockPayment } from './lock-payment.js';

export interface CapturedPayment extends Pick<
  CheckoutRow,
  'session_id' | 'amount' | 'currency' | 'description' | 'uncaptured_amount' | 'created_at' | 'expires_at'
> {
  paymentIntentId: string;
  providerId: string;
}

/**
 * Money that was held for a talk has been taken: it is a paid checkout of the locked session, for no more time, and goes the ways of
 * every other where it is refunded or disputed.
 * @returns the checkout's id.
 */
export async function receiveCapture(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { paymentIntentId, providerId, ...captured }: CapturedPayment,
  now: number,
): Promise<string> {
  await lockPayment(trx, paymentIntentId);
  const checkout = await trx
    .insertInto('checkouts')
    .values({
      ...captured,
      id: crypto.randomUUID(),
      ...{ status: 'paid', additional_seconds: 0, success_url: '', cancel_url: '' },
      ...{ payment_intent_id: paymentIntentId, paid_at: now },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const { amount, session_id, id } = checkout;
  await postMoney(trx, {
    kind: 'payment',
    about: checkout,
    from: stripeAccount,
    to: salesAccount(providerId),
    amount,
    now,
  });
  await followGone(context, trx, session_id, id, now);
  return id;
}
