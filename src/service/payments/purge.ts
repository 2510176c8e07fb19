import type { ServiceContext } from '../context.js';

/** Stripe sends an event again for three days by itself, and for thirty where somebody asks it to, ms. */
const eventsKeptForMs = 90 * 86_400_000;
/** How long the news that a checkout has expired may take, ms. */
const expiryNewsMs = 3_600_000;

/** Forgets old events, and closes what Stripe never heard of. Money that comes all the same is still taken for it. */
export async function purgePayments({ kysely, now }: ServiceContext): Promise<void> {
  await kysely
    .deleteFrom('stripe_events')
    .where('received_at', '<=', now() - eventsKeptForMs)
    .execute();
  // Disputes of payments that are not ours, or not yet.
  await kysely
    .deleteFrom('disputes')
    .where('told_at', '<=', now() - eventsKeptForMs)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('checkouts')
            .select('id')
            .whereRef('checkouts.payment_intent_id', '=', 'disputes.payment_intent_id'),
        ),
      ),
    )
    .execute();
  await kysely
    .updateTable('checkouts')
    .set({ status: 'expired' })
    .where('status', '=', 'open')
    .where('stripe_checkout_id', 'is', null)
    .where('expires_at', '<=', now() - expiryNewsMs)
    .execute();
}
