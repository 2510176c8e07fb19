import type { Transaction } from 'kysely';
import type Stripe from 'stripe';
import type { Tables } from '../../foundation/database/schema.js';

/** Takes note of an event of Stripe. @returns whether it is new: what was noted before has been done. */
export async function noteEvent(
  trx: Transaction<Tables>,
  { id, type }: Stripe.Event,
  now: number,
): Promise<boolean> {
  const noted = await trx
    .insertInto('stripe_events')
    .values({ id, type, received_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return noted !== undefined;
}
