// Webhooks: endpoints of providers and of the marketplace, and the deliveries to them (Standard Webhooks).
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { deliveryJobs } from './delivery-jobs.js';
import { webhookDeliveryRoutes } from './delivery-routes.js';
import { webhookEndpointRoutes } from './endpoint-routes.js';
import type { WebhookNetwork } from './network.js';
import { olderWebhookRoutes } from './older-routes.js';
import { queueWebhooks } from './queue.js';
import { encryptSecrets } from './secrets.js';

export type { WebhookOptions } from './network.js';
export { webhookNetwork, type WebhookNetwork } from './network.js';
export { webhookBodies } from './payload-schemas.js';
export { isAddress, resolveTarget, TargetRefused } from './target.js';

export function webhooksFeature(context: ServiceContext, network: WebhookNetwork): Feature {
  return {
    jobs: [deliveryJobs(context, network)],
    consumers: [queueWebhooks],
    mount(app, authenticator) {
      webhookEndpointRoutes(app, context, authenticator, network);
      webhookDeliveryRoutes(app, context, authenticator);
      olderWebhookRoutes(app, context, authenticator, network);
    },
    start: () => encryptSecrets(context),
  };
}
