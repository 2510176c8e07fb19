import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow, RefundRow, Tables } from '../../foundation/database/schema.js';
import { announceDue, refundDueChannel } from '../../foundation/jobs/due-channel.js';
import { closeException, openException } from '../../foundation/exceptions/open-exception.js';

/** After so many failures the customer's bank will not take it: a person has to find another way. */
const maxFailures = 3;
const firstRetryMs = 3_600_000;

/** The exception about money that does not go back. */
export function unreturned(
  { id, session_id, amount, refunded_amount, currency }: CheckoutRow,
  { payment_intent_id, providerId }: Pick<RefundRow, 'payment_intent_id'> & { providerId: string },
  detail: string,
) {
  return {
    kind: 'refund_failed' as const,
    subject: `payment:${payment_intent_id}`,
    detail,
    ...{ providerId, sessionId: session_id, checkoutId: id },
    paymentIntentId: payment_intent_id,
    money: { amount: amount - refunded_amount, currency },
  };
}

/**
 * Says when money that came too late is to be sent back, as it stands now: at once, later where it has come back, not while
 * the bank holds it, and no more where it is gone or a person has to see to it.
 * @param checkout after what has just changed
 * @param newFailures how many refunds have come back that were not known to
 */
export async function planRefund(
  context: ServiceContext,
  trx: Transaction<Tables>,
  checkout: CheckoutRow,
  { refund, providerId }: { refund: RefundRow; providerId: string },
  newFailures: number,
  now: number,
): Promise<void> {
  if (refund.resolved_at !== null) return;
  const { id, amount, refunded_amount, disputed_amount } = checkout;
  const failures = refund.failures + newFailures;
  const isGone = refunded_amount >= amount;
  const isOpen = !isGone && disputed_amount === 0 && failures < maxFailures;
  const next = newFailures > 0 ? now + firstRetryMs * 4 ** (failures - 1) : (refund.due_at ?? now);
  const dueAt = isOpen ? next : null;
  await trx
    .updateTable('refunds')
    // Stripe answers a key for a day with the refund that has failed.
    .set({ due_at: dueAt, failures, ...(newFailures > 0 && { key_number: refund.key_number + 1 }) })
    .where('checkout_id', '=', id)
    .execute();
  if (dueAt !== null) await announceDue(trx, dueAt, refundDueChannel);
  const detail = `The money has come back ${failures} times; it is not tried again.`;
  const exception = unreturned(checkout, { ...refund, providerId }, detail);
  if (isGone) await closeException(trx, exception, now);
  else if (newFailures > 0 && failures >= maxFailures) await openException(context, trx, exception, now);
}
