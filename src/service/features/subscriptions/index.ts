// Plans, and customers' subscriptions to them: tokens that are granted each period, exactly once.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { planRoutes } from './plan-routes.js';
import { subscriptionRenewal } from './renewal.js';
import { subscriptionRoutes } from './routes.js';

export { endSubscriptions, renameSubscriptions } from './erase.js';
export { subscriptionSchema, toSubscription } from './subscription-schemas.js';
export { listSubscriptions, liveSubscriptions } from './subscriptions.js';

export const subscriptionsFeature = (context: ServiceContext): Feature => ({
  jobs: [subscriptionRenewal(context)],
  mount(app, authenticator) {
    planRoutes(app, context, authenticator);
    subscriptionRoutes(app, context, authenticator);
  },
});
