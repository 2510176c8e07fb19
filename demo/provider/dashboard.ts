import type { Hono } from 'hono';
import type { Marketplace } from '../../src/sdk/index.js';
import { passOn } from '../pass-on.js';

/** What the page of the figures may do. */
const scope = [
  'figures.read',
  'providers.read',
  'applications.read',
  'sessions.list',
  'sessions.read',
  'help-requests.read',
] as const;

/** `POST /dashboard/access-token`: lets the provider's own page speak for somebody who works there, and is always signed in here. */
export function dashboardRoutes(
  site: Hono,
  { provider, providerUrl }: { provider: Marketplace; providerUrl: string },
): void {
  site.post('/dashboard/access-token', (c) => {
    if (c.req.header('origin') !== providerUrl) return c.text('Only from the provider’s own pages.', 403);
    c.header('Cache-Control', 'no-store');
    return passOn(c, () =>
      provider.accessTokens.create({ subject: { kind: 'member', id: 'lena' }, scope: [...scope] }),
    );
  });
}
