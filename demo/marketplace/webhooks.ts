import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { SessionError } from '../../src/protocol/errors.js';
import { verifyWebhook } from '../../src/sdk/index.js';
import type { MarketplaceOptions } from './options.js';
import { webhooksPage } from './pages/webhooks.js';
import { customerId } from './seed.js';

/** Where the session service delivers its webhooks to. */
export const hooksPath = '/hooks/sessions';

const maxBodyBytes = 65_536;
/** How long the page waits for the test that it has asked for, ms. */
const testWaitMs = 5_000;

/**
 * `POST /hooks/sessions`: takes what the service says, if it is the service that says it. A server calls it, so it stands
 * outside of the guard of the pages.
 */
export function webhookReceiver(site: Hono, { webhooks: { inbox, secret, now } }: MarketplaceOptions): void {
  site.post(hooksPath, bodyLimit({ maxSize: maxBodyBytes }), async (c) => {
    try {
      const body = await c.req.arrayBuffer();
      const event = await verifyWebhook(body, c.req.raw.headers, secret, { now });
      inbox.take(c.req.header('webhook-id')!, event);
      return c.body(null, 204);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      inbox.refuse(error.message);
      return c.text(error.message, 400);
    }
  });
}

/** `/webhooks`: what has come, newest first; `POST /webhooks/tests` asks the service for one more. */
export function webhookRoutes(site: Hono, { operator, catalogue, webhooks }: MarketplaceOptions): void {
  const { inbox, endpointId, url } = webhooks;

  site.get('/webhooks', async (c) => {
    const { wallet } = await operator.readCustomer(customerId);
    const asked = c.req.query('test');
    const test = asked === undefined ? undefined : { hasCome: inbox.received.some(({ id }) => id === asked) };
    return c.html(webhooksPage({ wallet, received: inbox.received, catalogue, url, test }));
  });

  site.post('/webhooks/tests', async (c) => {
    const id = await operator.sendTestWebhook(endpointId);
    await inbox.waitFor(id, testWaitMs);
    return c.redirect(`/webhooks?test=${encodeURIComponent(id)}`, 303);
  });
}
