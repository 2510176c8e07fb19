import type { Kysely } from 'kysely';
import type { Tables } from '../../foundation/database/schema.js';

/** Whose money a payment is: a checkout's, or that of nothing, where it waits or waited for a person. */
export type PaymentOwner = { kind: 'checkout'; id: string; sessionId: string } | { kind: 'held'; id: string };

/** Whose money it is; undefined where the payment is not known (yet). */
export async function findPayment(
  db: Kysely<Tables>,
  paymentIntentId: string,
): Promise<PaymentOwner | undefined> {
  const checkout = await db
    .selectFrom('checkouts')
    .select(['id', 'session_id'])
    .where('payment_intent_id', '=', paymentIntentId)
    .executeTakeFirst();
  if (checkout) return { kind: 'checkout', id: checkout.id, sessionId: checkout.session_id };
  const held = await db
    .selectFrom('held_payments')
    .select('id')
    .where('id', '=', paymentIntentId)
    .executeTakeFirst();
  return held && { kind: 'held', id: held.id };
}
