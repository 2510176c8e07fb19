import { providerEventTypes } from '../../src/protocol/webhooks.js';
import { NotFoundError, type ApplicationUpdateParams, type Marketplace } from '../../src/sdk/index.js';
import { launchUrlOf, maxDurationMinutes, type CatalogueEntry } from './catalogue.js';
import type { Secrets } from './secrets.js';

/** The one customer of the demo, always signed in. */
export const customerId = 'ada';

/** Who offers every app of the demo. */
const providerId = 'lantern';

/** What a new customer starts with. */
const welcomeTokens = 300;

export interface SeedOptions {
  operator: Marketplace;
  secrets: Secrets;
  catalogue: readonly CatalogueEntry[];
  marketplaceUrl: string;
  providerUrl: string;
}

/** Puts the applications and the customer into the service; once more changes nothing but addresses and prices. */
export async function seed({
  operator,
  secrets,
  catalogue,
  marketplaceUrl,
  providerUrl,
}: SeedOptions): Promise<void> {
  const known = new Set<string>();
  for await (const { id } of operator.applications.list()) known.add(id);
  for (const entry of catalogue) {
    const fields = applicationFields(entry, marketplaceUrl, providerUrl);
    if (known.has(entry.id)) {
      if (!secrets.applicationKeys[entry.id]) {
        throw new TypeError(`The secret key of ${entry.id} is lost. Delete .data/demo and start again.`);
      }
      await operator.applications.update(entry.id, fields);
    } else {
      const made = await operator.applications.create({
        id: entry.id,
        providerId,
        environment: 'live',
        ...fields,
      });
      secrets.applicationKeys[entry.id] = made.secretKey;
      await secrets.save();
    }
  }
  // What its provider sets up by himself.
  if (!known.has('wick'))
    await operator.applications.create({
      ...{ id: 'wick', providerId, name: 'Wick', environment: 'test', tokensPerMinute: 0 },
    });
  await operator.customers.upsert(customerId, {});
  await operator.customers.credit(customerId, { tokens: welcomeTokens, reference: 'welcome' });
}

/** Has the service tell the marketplace's server of every session; a restart keeps the endpoint and its secret. */
export async function seedWebhook(
  { operator, secrets }: Pick<SeedOptions, 'operator' | 'secrets'>,
  url: string,
): Promise<{ endpointId: string; secret: string }> {
  // Who is there is for those who talk to each other; here nobody does.
  const events = providerEventTypes.filter((type) => !type.startsWith('participant.'));
  const fields = { url, events, description: 'Tempo' };
  const known = secrets.webhook;
  if (known) {
    try {
      // The marketplace may have been away for days.
      await operator.webhookEndpoints.update(known.endpointId, { ...fields, enabled: true });
      return known;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  const { id, secret } = await operator.webhookEndpoints.create({ providerId, ...fields });
  secrets.webhook = { endpointId: id, secret };
  await secrets.save();
  return secrets.webhook;
}

function applicationFields(entry: CatalogueEntry, marketplaceUrl: string, providerUrl: string) {
  const launchUrl = launchUrlOf(entry, providerUrl);
  return {
    name: entry.name,
    launchUrl,
    // Help is asked for on the marketplace's own page.
    allowedOrigins: [new URL(launchUrl).origin, ...(entry.isForHelp ? [marketplaceUrl] : [])],
    returnOrigins: [marketplaceUrl],
    tokensPerMinute: entry.tokensPerMinute,
    extensionOptions: entry.extensions.map(({ minutes, tokens }) => ({
      additionalSeconds: minutes * 60,
      tokens,
    })),
    maxDurationSeconds: maxDurationMinutes * 60,
    pausable: entry.maxPauseSeconds > 0,
    maxPauseSeconds: entry.maxPauseSeconds,
    topUpUrl: `${marketplaceUrl}/wallet`,
    // Every page of the demo has the tag, which proves that it is the browser the session was opened in.
    proofOfPossession: 'required',
  } satisfies ApplicationUpdateParams;
}
