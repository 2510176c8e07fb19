import type { Hono } from 'hono';
import type { Problem } from '../../src/protocol/api.js';
import { createWebhookRoute } from '../../src/sdk/index.js';
import type { MarketplaceOptions } from './options.js';
import { webhooksPage } from './pages/webhooks.js';
import { customerId } from './seed.js';

/** Where the session service delivers its webhooks to. */
export const hooksPath = '/hooks/sessions';

/** How long the page waits for the test that it has asked for, ms. */
const testWaitMs = 5_000;

/**
 * `POST /hooks/sessions`: takes what the service says, if it is the service that says it. A server calls it, so it stands
 * outside of the guard of the pages.
 */
export function webhookReceiver(site: Hono, { webhooks: { inbox, secret, now } }: MarketplaceOptions): void {
  const receive = createWebhookRoute({ secret, now, onEvent: (event, { id }) => inbox.take(id, event) });
  site.post(hooksPath, async (c) => {
    const answer = await receive(c.req.raw);
    if (answer.status === 400) inbox.refuse(((await answer.clone().json()) as Problem).title);
    return answer;
  });
}

/** `/webhooks`: what has come, newest first; `POST /webhooks/tests` asks the service for one more. */
export function webhookRoutes(site: Hono, { operator, catalogue, webhooks }: MarketplaceOptions): void {
  const { inbox, endpointId, url } = webhooks;

  site.get('/webhooks', async (c) => {
    const { wallet } = await operator.customers.retrieve(customerId);
    const asked = c.req.query('test');
    const test = asked === undefined ? undefined : { hasCome: inbox.received.some(({ id }) => id === asked) };
    return c.html(webhooksPage({ wallet, received: inbox.received, catalogue, url, test }));
  });

  site.post('/webhooks/tests', async (c) => {
    const { id } = await operator.webhookEndpoints.test(endpointId);
    await inbox.waitFor(id, testWaitMs);
    return c.redirect(`/webhooks?test=${encodeURIComponent(id)}`, 303);
  });
}
