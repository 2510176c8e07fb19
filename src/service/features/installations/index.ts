// Installations: whether the page of an application works, looked at from outside, and by a session that nobody pays for.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { RateLimiter } from '../../foundation/rate-limits/rate-limiter.js';
import type { WebhookNetwork } from '../webhooks/index.js';
import { checkRoute } from './check-route.js';
import { rehearsalRoutes } from './rehearsal-routes.js';

export const installationsFeature = (
  context: ServiceContext,
  { network, limiter }: { network: WebhookNetwork; limiter: RateLimiter },
): Feature => ({
  mount(app, authenticator) {
    checkRoute(app, context, authenticator, { network, limiter });
    rehearsalRoutes(app, context, authenticator);
  },
});
