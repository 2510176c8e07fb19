import type Stripe from 'stripe';
import type { ServiceContext } from '../../foundation/context.js';
import { disputeOf } from './dispute-news.js';
import { handleCheckout } from './handle-checkout.js';
import { handleDispute } from './handle-dispute.js';
import { handleRefund } from './handle-refund.js';
import { checkoutNewsOf } from './payment-news.js';
import { refundNewsOf } from './refund-news.js';

/** Does what an event asks for where it is about something of its own. @returns whether it is. */
export type PaymentFollower = (event: Stripe.Event) => Promise<boolean>;

/**
 * Does what an event of Stripe asks for, once: it may come again, late, in any order and twice at a time. Events of
 * other kinds and of other checkouts on the same account are ignored.
 */
export async function handleEvent(
  context: ServiceContext,
  followers: readonly PaymentFollower[],
  event: Stripe.Event,
): Promise<void> {
  // An event of a connected account is about somebody else's money.
  if (event.account) return;
  for (const follow of followers) if (await follow(event)) return;
  const dispute = disputeOf(event);
  if (dispute) return handleDispute(context, event, dispute);
  const refund = refundNewsOf(event);
  if (refund) return handleRefund(context, event, refund);
  const checkout = checkoutNewsOf(event);
  if (checkout) await handleCheckout(context, event, checkout);
}
