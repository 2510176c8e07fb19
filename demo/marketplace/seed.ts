import { providerEventTypes } from '../../src/protocol/webhooks.js';
import { launchUrlOf, maxDurationMinutes, type CatalogueEntry } from './catalogue.js';
import type { Secrets } from './secrets.js';
import type { ApplicationFields, SessionApi } from './session-api.js';

/** The one customer of the demo, always signed in. */
export const customerId = 'ada';

/** Who offers every app of the demo. */
const providerId = 'lantern';

/** What a new customer starts with. */
const welcomeTokens = 300;

export interface SeedOptions {
  operator: SessionApi;
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
  const known = new Set((await operator.listApplications()).map(({ id }) => id));
  for (const entry of catalogue) {
    const fields = applicationFields(entry, marketplaceUrl, providerUrl);
    if (known.has(entry.id)) {
      if (!secrets.applicationKeys[entry.id]) {
        throw new TypeError(`The secret key of ${entry.id} is lost. Delete .data/demo and start again.`);
      }
      await operator.changeApplication(entry.id, fields);
    } else {
      const made = await operator.createApplication({ id: entry.id, provider_id: providerId, ...fields });
      secrets.applicationKeys[entry.id] = made.secret_key;
      await secrets.save();
    }
  }
  await operator.ensureCustomer(customerId);
  await operator.creditWallet(customerId, { tokens: welcomeTokens, reference: 'welcome' });
}

/** Has the service tell the marketplace's server of every session; a restart keeps the endpoint and its secret. */
export async function seedWebhook(
  { operator, secrets }: Pick<SeedOptions, 'operator' | 'secrets'>,
  url: string,
): Promise<{ endpointId: string; secret: string }> {
  // Who is there is for those who talk to each other; here nobody does.
  const events = providerEventTypes.filter((type) => !type.startsWith('participant.'));
  const fields = { url, events, description: 'Tempo' };
  const { endpoints } = await operator.listWebhookEndpoints(providerId);
  const known = secrets.webhook;
  if (known && endpoints.some(({ id }) => id === known.endpointId)) {
    // The marketplace may have been away for days.
    await operator.changeWebhookEndpoint(known.endpointId, { ...fields, enabled: true });
    return known;
  }
  const { id, secret } = await operator.createWebhookEndpoint({ provider_id: providerId, ...fields });
  secrets.webhook = { endpointId: id, secret };
  await secrets.save();
  return secrets.webhook;
}

function applicationFields(
  entry: CatalogueEntry,
  marketplaceUrl: string,
  providerUrl: string,
): ApplicationFields {
  const launchUrl = launchUrlOf(entry, providerUrl);
  return {
    name: entry.name,
    launch_url: launchUrl,
    allowed_origins: [new URL(launchUrl).origin],
    return_origins: [marketplaceUrl],
    tokens_per_minute: entry.tokensPerMinute,
    extension_options: entry.extensions.map(({ minutes, tokens }) => ({
      additional_seconds: minutes * 60,
      tokens,
    })),
    max_duration_seconds: maxDurationMinutes * 60,
    pausable: entry.maxPauseSeconds > 0,
    max_pause_seconds: entry.maxPauseSeconds,
    top_up_url: `${marketplaceUrl}/wallet`,
    // Every page of the demo has the tag, which proves that it is the browser the session was opened in.
    proof_of_possession: 'required',
  };
}
