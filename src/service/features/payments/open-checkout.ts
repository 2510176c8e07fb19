import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { minLifeMs } from './checkout-life.js';
import {
  describeFailure,
  isTransient,
  stripeStatus,
  type CheckoutOrder,
  type StripeGateway,
} from './stripe-gateway.js';

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
  const { kysely } = context;
  const checkout = await kysely
    .selectFrom('checkouts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { status, checkout_url, session_id, attempt } = checkout;
  if (checkout_url !== null && status === 'paid') return checkout_url;
  const metadata = { checkout_id: id, session_id };
  const update = kysely.updateTable('checkouts').where('id', '=', id);
  return openAtStripe(context, gateway, {
    order: { ...checkout, metadata, checkout_url, isOpen: status === 'open' },
    opened: async (stripe_checkout_id, url) =>
      void (await update.set({ stripe_checkout_id, checkout_url: url }).execute()),
    refused: async () => void (await update.set({ status: 'failed' }).where('status', '=', 'open').execute()),
    usedUp: async () =>
      void (await update
        .set({ attempt: sql`attempt + 1` })
        .where('attempt', '=', attempt)
        .execute()),
  });
}

/** What is to be opened, and where it is written down what came of it. */
export interface Opening {
  order: CheckoutOrder & { checkout_url: string | null; isOpen: boolean };
  opened(stripeCheckoutId: string, url: string): Promise<void>;
  /** Stripe will not have it. */
  refused(): Promise<void>;
  /** The next try has to be another attempt. */
  usedUp(): Promise<void>;
}

/**
 * The address where an order is paid, which is opened where it was not yet.
 * @throws {SessionError} `CHECKOUT_CLOSED`, `PAYMENTS_UNAVAILABLE`, `PAYMENT_PROVIDER_REFUSED`
 */
export async function openAtStripe(
  context: ServiceContext,
  gateway: StripeGateway | null,
  opening: Opening,
): Promise<string> {
  const { order } = opening;
  const leftMs = order.expires_at - context.now();
  const isPayable = order.checkout_url === null ? leftMs >= minLifeMs : leftMs > 0;
  if (!order.isOpen || !isPayable || !gateway) throw new SessionError('CHECKOUT_CLOSED');
  if (order.checkout_url !== null) return order.checkout_url;
  const { stripeCheckoutId, url } = await gateway
    .openCheckout(order)
    .catch((error) => refuse(context, opening, error));
  await opening.opened(stripeCheckoutId, url);
  return url;
}

async function refuse(
  context: ServiceContext,
  { order, refused, usedUp }: Opening,
  error: unknown,
): Promise<never> {
  context.logger.error('a checkout could not be opened', {
    checkout_id: order.id,
    ...describeFailure(error),
  });
  if (!isTransient(error)) {
    await refused();
    throw new SessionError('PAYMENT_PROVIDER_REFUSED');
  }
  // Stripe answers a key for a day with what it answered first, its own failures too: the next try has another key.
  // What the failed one may have opened nobody has the address of.
  if ((stripeStatus(error) ?? 0) >= 500) await usedUp();
  throw new SessionError('PAYMENTS_UNAVAILABLE', { retryAfterSeconds: 2 });
}
