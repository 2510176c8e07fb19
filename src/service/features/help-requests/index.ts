// Help requests: a customer asks, all who can help are told, and exactly one of them does.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { StripeGateway } from '../payments/index.js';
import type { OpenStreams } from '../streams/index.js';
import { countLiveRequests } from './count-live.js';
import { dueRequests } from './due.js';
import { followSessions } from './follow-sessions.js';
import { paymentJobs } from './payment/index.js';
import { OpenDesks } from './open-desks.js';
import { helpRequestRoutes } from './routes.js';
import { helpStatisticsRoutes } from './statistics-routes.js';
import { helpStreamRoutes } from './stream-routes.js';

export { eraseRequests, hasLiveRequest } from './erase.js';
export { followStripe } from './payment/index.js';
export { listHelpRequests, readHelpRequest } from './requests.js';

/** @param gateway null where help is paid by tokens only. */
export function helpRequestsFeature(
  context: ServiceContext,
  streams: OpenStreams,
  gateway: StripeGateway | null,
): Feature {
  const desks = new OpenDesks(context, streams);
  context.metrics.add({
    name: 'live_help_requests',
    help: 'Help requests that are not over, of all instances',
    label: 'status',
    read: () => countLiveRequests(context),
  });
  return {
    jobs: [dueRequests(context), ...(gateway ? [paymentJobs(context, gateway)] : [])],
    consumers: [followSessions(context)],
    mount(app, authenticator) {
      helpRequestRoutes(app, context, authenticator, gateway);
      helpStreamRoutes(app, context, authenticator, { streams, desks });
      helpStatisticsRoutes(app, context, authenticator);
    },
    start: () => desks.start(),
    close: () => desks.stop(),
  };
}
