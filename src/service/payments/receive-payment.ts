import type { Transaction } from 'kysely';
import { isFinal } from '../../protocol/state-machine.js';
import type { ApplicationRow, CheckoutRow, RefundReason, SessionRow, Tables } from '../database/schema.js';
import { announceDue, refundDueChannel } from '../due-channel.js';
import { addTime, countExtensions, hasRoom } from '../sessions/add-time.js';
import { postMoney, refundsDueAccount, salesAccount, stripeAccount } from './money-ledger.js';

/**
 * Money for a checkout has arrived: adds the time to the locked session, once, whatever was said of the checkout before.
 * Where the session is over, or has no room for it, the money goes back in full.
 * @param isReturned whether the money has gone back already, and nothing is to be given for it.
 */
export async function receivePayment(
  trx: Transaction<Tables>,
  session: SessionRow,
  checkout: CheckoutRow,
  { paymentIntentId, isReturned }: { paymentIntentId: string; isReturned: boolean },
  now: number,
): Promise<void> {
  if (checkout.paid_at !== null) return;
  const application = await trx
    .selectFrom('applications')
    .select(['provider_id', 'max_duration_seconds', 'max_extensions'])
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const refusal = await refusalOf(trx, session, application, checkout);
  const isSold = !refusal && !isReturned;
  await trx
    .updateTable('checkouts')
    .set({ status: 'paid', payment_intent_id: paymentIntentId, paid_at: now })
    .where('id', '=', checkout.id)
    .execute();
  await postMoney(trx, {
    kind: 'payment',
    checkout,
    from: stripeAccount,
    to: refusal && !isReturned ? refundsDueAccount : salesAccount(application.provider_id),
    amount: checkout.amount,
    now,
  });
  if (isSold) {
    await addTime(
      trx,
      session,
      { additional_seconds: checkout.additional_seconds, tokens: 0, checkout },
      now,
    );
  } else if (!isReturned) {
    await trx
      .insertInto('refunds')
      .values({
        checkout_id: checkout.id,
        payment_intent_id: paymentIntentId,
        reason: refusal!,
        due_at: now,
        created_at: now,
      })
      .execute();
    await announceDue(trx, now, refundDueChannel);
  }
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
