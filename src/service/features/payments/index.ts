// Payments: checkouts for money, what Stripe tells of them, refunds and disputes.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { PaymentFollower } from './handle-event.js';
import { refundJobs } from './refund-jobs.js';
import { stripeWebhookRoute } from './routes.js';
import type { StripeGateway } from './stripe-gateway.js';

export { minLifeMs } from './checkout-life.js';
export type { PaymentFollower } from './handle-event.js';
export { holdPayment } from './hold-payment.js';
export { lockPayment } from './lock-payment.js';
export { noteEvent } from './note-event.js';
export { openAtStripe, openCheckout } from './open-checkout.js';
export { orderCheckout, returnUrls } from './order-checkout.js';
export { idOf } from './payment-news.js';
export { receiveCapture } from './receive-capture.js';
export { lockMoneyOf } from './settle-by-hand.js';
export { describeFailure, StripeGateway, wasJudged, type StripeOptions } from './stripe-gateway.js';

/** @param followers take what is about their own before it is looked for among the checkouts of sessions. */
export const paymentsFeature = (
  context: ServiceContext,
  gateway: StripeGateway,
  followers: readonly PaymentFollower[],
): Feature => ({
  jobs: [refundJobs(context, gateway)],
  mount: (app) => stripeWebhookRoute(app, context, gateway, followers),
  start: async () => void (await gateway.load()),
});
