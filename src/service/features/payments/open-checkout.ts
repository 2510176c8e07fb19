import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow } from '../../foundation/database/schema.js';
import { minLifeMs } from './checkout-life.js';
import { describeFailure, isTransient, stripeStatus, type StripeGateway } from './stripe-gateway.js';

/**
 * The address where an ordered checkout is paid. It is opened at Stripe where that was not done yet: outside of any
 * transaction, and always the same one, however often it is asked for.
 * @throws {SessionError} `CHECKOUT_CLOSED`, `PAYMENTS_UNAVAILABLE`, `PAYMENT_PROVIDER_REFUSED`
 */
export async function openCheckout(
  context: ServiceContext,
  gateway: StripeGateway | null,
  id: string,
): Promise<string> {
  const checkout = await context.kysely
    .selectFrom('checkouts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { status, checkout_url } = checkout;
  if (checkout_url !== null && status === 'paid') return checkout_url;
  const leftMs = checkout.expires_at - context.now();
  const isPayable = checkout_url === null ? leftMs >= minLifeMs : leftMs > 0;
  if (status !== 'open' || !isPayable || !gateway) throw new SessionError('CHECKOUT_CLOSED');
  if (checkout_url !== null) return checkout_url;

  const opened = await gateway.openCheckout(checkout).catch((error) => refuse(context, checkout, error));
  await context.kysely
    .updateTable('checkouts')
    .set({ stripe_checkout_id: opened.stripeCheckoutId, checkout_url: opened.url })
    .where('id', '=', id)
    .execute();
  return opened.url;
}

async function refuse(context: ServiceContext, checkout: CheckoutRow, error: unknown): Promise<never> {
  context.logger.error('a checkout could not be opened', {
    checkout_id: checkout.id,
    ...describeFailure(error),
  });
  const query = context.kysely.updateTable('checkouts').where('id', '=', checkout.id);
  if (!isTransient(error)) {
    await query.set({ status: 'failed' }).where('status', '=', 'open').execute();
    throw new SessionError('PAYMENT_PROVIDER_REFUSED');
  }
  // Stripe answers a key for a day with what it answered first, its own failures too: the next try has another key.
  // What the failed one may have opened nobody has the address of.
  if ((stripeStatus(error) ?? 0) >= 500) {
    await query
      .set({ attempt: sql`attempt + 1` })
      .where('attempt', '=', checkout.attempt)
      .execute();
  }
  throw new SessionError('PAYMENTS_UNAVAILABLE', { retryAfterSeconds: 2 });
}
