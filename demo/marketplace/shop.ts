import type { Hono } from 'hono';
import { shopPage } from './pages/shop.js';
import { customerId } from './seed.js';
import type { MarketplaceOptions } from './options.js';

/** Sessions on the front page: the running ones, and the last few. */
const shownSessions = 4;

/** `/`: the apps, the wallet and the latest sessions. */
export function shopRoute(site: Hono, { operator, catalogue }: MarketplaceOptions): void {
  site.get('/', async (c) => {
    const [{ wallet }, { data: sessions }] = await Promise.all([
      operator.customers.retrieve(customerId),
      operator.sessions.list({ userId: customerId, limit: shownSessions }),
    ]);
    return c.html(shopPage({ wallet, sessions, catalogue }));
  });
}
