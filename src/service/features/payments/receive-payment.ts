import type { ServiceContext } from '../../foundation/context.js';
import type { Transaction } from 'kysely';
import { isFinal } from '../../../protocol/state-machine.js';
import type {
  ApplicationRow,
  CheckoutRow,
  RefundReason,
  SessionRow,
  Tables,
} from '../../foundation/database/schema.js';
import { announceDue, refundDueChannel } from '../../foundation/jobs/due-channel.js';
import { hasRoom } from '../../../protocol/rules/extension-prices.js';
import { addTime, countExtensions } from '../sessions/index.js';
import { partOfPrice, type Money } from './money.js';
import {
  postMoney,
  refundsDueAccount,
  salesAccount,
  stripeAccount,
} from '../../foundation/ledger/money-ledger.js';
import { readRefundFacts, refundedOf } from './refund-facts.js';

/**
 * Money for a checkout has arrived: adds the time to the locked session, once, whatever was said of the checkout before.
 * Where the session is over, has no room for it, or has it already, the money goes back in full.
 * @param paid what the customer has paid, where it is another amount than the price, in a currency of his own
 * @param isSurplus whether the same was paid for before
 */
export async function receivePayment(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  checkout: CheckoutRow,
  { paymentIntentId, paid, isSurplus }: { paymentIntentId: string; paid: Money; isSurplus: boolean },
  now: number,
): Promise<void> {
  const application = await trx
    .selectFrom('applications')
    .select(['provider_id', 'max_duration_seconds', 'max_extensions'])
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const isConverted = paid.currency !== checkout.currency;
  const received = await trx
    .updateTable('checkouts')
    .set({
      ...{ status: 'paid', payment_intent_id: paymentIntentId, paid_at: now },
      ...(isConverted && { paid_amount: paid.amount, paid_currency: paid.currency }),
    })
    .where('id', '=', checkout.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const refusal = isSurplus ? 'paid_twice' : await refusalOf(trx, session, application, checkout);
  // A refund may have been told before its payment: then nothing is given, and nothing is left to give back.
  const facts = await readRefundFacts(trx, paymentIntentId);
  const isReturned = refundedOf(facts, (money) => partOfPrice(received, money)) >= checkout.amount;
  await postMoney(trx, {
    kind: 'payment',
    about: checkout,
    from: stripeAccount,
    to: refusal && !isReturned ? refundsDueAccount : salesAccount(application.provider_id),
    amount: checkout.amount,
    now,
  });
  if (isReturned) return;
  if (refusal) {
    await trx
      .insertInto('refunds')
      .values({
        checkout_id: checkout.id,
        payment_intent_id: paymentIntentId,
        reason: refusal,
        due_at: now,
        created_at: now,
      })
      .execute();
    await announceDue(trx, now, refundDueChannel);
  } else {
    const { additional_seconds } = checkout;
    await addTime(context, trx, session, { additional_seconds, tokens: 0, checkout }, now);
  }
}

/** A second payment for the same is a checkout of its own, for nothing. */
export function surplusOf(
  trx: Transaction<Tables>,
  checkout: CheckoutRow,
  now: number,
): Promise<CheckoutRow> {
  return trx
    .insertInto('checkouts')
    .values({
      ...checkout,
      id: crypto.randomUUID(),
      ...{ status: 'open', stripe_checkout_id: null, checkout_url: null, payment_intent_id: null },
      ...{ refunded_amount: 0, disputed_amount: 0, paid_amount: null, paid_currency: null, paid_at: null },
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function refusalOf(
  trx: Transaction<Tables>,
  session: SessionRow,
  limits: Pick<ApplicationRow, 'max_duration_seconds' | 'max_extensions'>,
  checkout: CheckoutRow,
): Promise<RefundReason | undefined> {
  if (isFinal(session.status)) return 'session_ended';
  const count = await countExtensions(trx, session.id);
  return hasRoom(limits, session, count, checkout.additional_seconds) ? undefined : 'limit_reached';
}
