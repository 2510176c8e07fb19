import type { Marketplace } from '../../src/sdk/index.js';
import type { SessionService } from '../../src/service/index.js';
import type { CatalogueEntry } from './catalogue.js';
import type { WebhookInbox } from './webhook-inbox.js';

/** What the marketplace's site is made of. */
export interface MarketplaceOptions {
  service: Pick<SessionService, 'fetch'>;
  /** The service with the operator's rights: wallets and everybody's sessions. */
  operator: Marketplace;
  /** The service with the secret key of one application. */
  withKeyOf(applicationId: string): Marketplace;
  catalogue: readonly CatalogueEntry[];
  marketplaceUrl: string;
  /** What the service tells the marketplace's server. */
  webhooks: {
    inbox: WebhookInbox;
    endpointId: string;
    secret: string;
    /** Where they are delivered to. */
    url: string;
    /** The clock, ms since the epoch. */
    now: () => number;
  };
  providerUrl: string;
}
