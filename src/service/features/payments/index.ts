// Payments: checkouts for money, what Stripe tells of them, refunds and disputes.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { refundJobs } from './refund-jobs.js';
import { stripeWebhookRoute } from './routes.js';
import type { StripeGateway } from './stripe-gateway.js';

export { openCheckout } from './open-checkout.js';
export { orderCheckout } from './order-checkout.js';
export { lockMoneyOf } from './settle-by-hand.js';
export { StripeGateway, type StripeOptions } from './stripe-gateway.js';

export const paymentsFeature = (context: ServiceContext, gateway: StripeGateway): Feature => ({
  jobs: [refundJobs(context, gateway)],
  mount: (app) => stripeWebhookRoute(app, context, gateway),
  start: async () => void (await gateway.load()),
});
