import type { Hono } from 'hono';
import { helpApplicationId } from './help-catalogue.js';
import { passOn } from '../pass-on.js';
import type { MarketplaceOptions } from './options.js';
import { helpPage } from './pages/help.js';
import { customerId } from './seed.js';

/**
 * `/help`: somebody to talk to. The page is one element; it asks here for whatever takes a secret key: a request for help
 * that is paid from the customer's wallet, an access token that lets the page follow it, and the way into its session.
 */
export function helpRoutes(site: Hono, { operator, withKeyOf }: MarketplaceOptions): void {
  const provider = withKeyOf(helpApplicationId);

  site.get('/help', async (c) => {
    const { wallet } = await operator.customers.retrieve(customerId);
    return c.html(helpPage(wallet));
  });

  site.post('/help/access-token', (c) =>
    passOn(c, () =>
      provider.accessTokens.create({
        subject: { kind: 'customer', id: customerId },
        scope: ['help-categories.read', 'help-requests.read', 'help-requests.cancel'],
      }),
    ),
  );

  site.post('/help/requests', async (c) => {
    const { category_id, description } = await c.req.json<{ category_id: string; description?: string }>();
    const idempotencyKey = c.req.header('idempotency-key');
    const wanted = {
      applicationId: helpApplicationId,
      userId: customerId,
      categoryId: category_id,
      description,
    };
    return passOn(c, () => provider.helpRequests.create(wanted, { idempotencyKey }));
  });

  site.post('/help/join', async (c) => {
    const { session_id } = await c.req.json<{ session_id: string }>();
    return passOn(c, () => operator.sessions.launch(session_id));
  });
}
