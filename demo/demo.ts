import { join } from 'node:path';
import { Marketplace } from '../src/sdk/index.js';
import {
  createSessionService,
  localFiles,
  openDatabase,
  serve,
  type RunningServer,
} from '../src/service/index.js';
import { catalogueFor } from './marketplace/catalogue.js';
import { readSecrets } from './marketplace/secrets.js';
import { seed, seedWebhook } from './marketplace/seed.js';
import { marketplaceSite } from './marketplace/site.js';
import { WebhookInbox } from './marketplace/webhook-inbox.js';
import { hooksPath } from './marketplace/webhooks.js';
import { answeringHelper, helpApplicationId } from './marketplace/help-catalogue.js';
import { seedHelp } from './marketplace/seed-help.js';
import { seedHistory } from './marketplace/seed-history.js';
import { Robin } from './provider/robin.js';
import { providerSite } from './provider/site.js';

export interface DemoPorts {
  /** 0 takes a free one. */
  marketplace: number;
  provider: number;
  /** Where the developer's own page is served; 8000 where none is named. */
  ownPage?: number;
}

export interface DemoOptions {
  ports: DemoPorts;
  /** Where the database and the secret keys live; made where it is missing. */
  dataDirectory: string;
  /** A PostgreSQL to use in place of the database in the data directory. */
  databaseUrl?: string;
  /** The service's clock, ms since the epoch. */
  now?: () => number;
  /** Whether requests for help are answered where nobody sits at the desk; they are, where nothing is said. */
  answersByItself?: boolean;
  /** Whether a database that is new gets three months of sales; none, where nothing is said. */
  hasHistory?: boolean;
}

export interface Demo {
  /** Such as `http://localhost:4400`. */
  marketplaceUrl: string;
  providerUrl: string;
  /** The service with the operator's rights. */
  operator: Marketplace;
  /** Lets running requests finish, then closes the database. */
  close(): Promise<void>;
}

/**
 * Starts the marketplace with its session service, and the provider's apps on an origin of their own.
 * @throws `EADDRINUSE` where a port is taken; {SessionError} `STORAGE_LOCKED` where the demo runs already.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { ports, dataDirectory, databaseUrl, now, answersByItself = true, hasHistory = false } = options;
  const opened: { close(): Promise<unknown> }[] = [];
  const close = async () => {
    for (const part of opened.reverse()) await part.close();
  };
  try {
    // The addresses must be known before there is anything to serve at them: early requests wait.
    const marketplace = await listen(ports.marketplace);
    opened.push(marketplace.server);
    const provider = await listen(ports.provider);
    opened.push(provider.server);

    const database = await openDatabase(databaseUrl ? { databaseUrl } : { dataDirectory });
    opened.unshift(database);
    const secrets = await readSecrets(dataDirectory);
    const clock = now ?? Date.now;
    // From server to server on this machine: by its number, which needs no look at a name.
    const hooksUrl = marketplace.server.url + hooksPath;
    const catalogue = catalogueFor(ports.ownPage ?? 8000);
    const addresses = { marketplaceUrl: marketplace.url, providerUrl: provider.url };
    const isNew = Object.keys(secrets.applicationKeys).length === 0;
    if (hasHistory && isNew) await seedHistory({ ...addresses, database, secrets, catalogue, now: clock() });
    const service = createSessionService({
      database,
      operatorKey: secrets.operatorKey,
      publicUrl: marketplace.url,
      logger: { info() {}, error: console.error },
      // The marketplace's own server, which is on this machine.
      webhooks: { allowedHosts: [new URL(hooksUrl).host] },
      files: { storage: localFiles(join(dataDirectory, 'files')) },
      ...(now && { now }),
    });
    await service.start();
    // Closed first: it ends the streams of live events, which the servers wait for.
    opened.push(service);

    const withKey = (secretKey: string) =>
      new Marketplace({ secretKey, apiUrl: marketplace.url, fetch: service.fetch });
    const operator = withKey(secrets.operatorKey);
    await seed({ ...addresses, operator, secrets, catalogue });
    const withKeyOf = (applicationId: string) => withKey(secrets.applicationKeys[applicationId]!);
    const lantern = withKeyOf(helpApplicationId);
    await seedHelp(lantern);
    const webhook = await seedWebhook({ operator, secrets }, hooksUrl);

    marketplace.answerWith(
      marketplaceSite({
        service,
        operator,
        withKeyOf,
        catalogue,
        ...addresses,
        webhooks: { ...webhook, url: hooksUrl, now: clock, inbox: new WebhookInbox(clock) },
      }),
    );
    provider.answerWith(providerSite({ ...addresses, provider: lantern }));
    if (answersByItself) {
      const apiEndpoint = `${marketplace.url}/api/v1`;
      const robin = new Robin({
        helperId: answeringHelper.id,
        provider: lantern,
        apiEndpoint,
        fetch: service.fetch,
      });
      opened.push({ close: async () => robin.stop() });
      await robin.start();
    }
    return { marketplaceUrl: marketplace.url, providerUrl: provider.url, operator, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface FetchHandler {
  fetch(request: Request): Response | Promise<Response>;
}

interface Listening {
  url: string;
  server: RunningServer;
  answerWith(site: FetchHandler): void;
}

async function listen(port: number): Promise<Listening> {
  let answerWith!: (site: FetchHandler) => void;
  const site = new Promise<FetchHandler>((resolve) => (answerWith = resolve));
  const server = await serve({ fetch: async (request) => (await site).fetch(request) }, { port });
  return { url: `http://localhost:${new URL(server.url).port}`, server, answerWith };
}
