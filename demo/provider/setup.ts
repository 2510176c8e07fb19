import type { Hono } from 'hono';
import type { Marketplace } from '../../src/sdk/index.js';
import { passOn } from '../pass-on.js';

/** What the page of the set-up may do. */
const scope = [
  'applications.read',
  'applications.configure',
  'installations.verify',
  'secret-keys.roll',
  'sessions.list',
  'sessions.read',
] as const;

/** `POST /setup/access-token`: lets the provider's own page speak for who sets up its apps, and is always signed in here. */
export function setupRoutes(
  site: Hono,
  { provider, providerUrl }: { provider: Marketplace; providerUrl: string },
): void {
  site.post('/setup/access-token', (c) => {
    if (c.req.header('origin') !== providerUrl) return c.text('Only from the provider’s own pages.', 403);
    c.header('Cache-Control', 'no-store');
    return passOn(c, () =>
      provider.accessTokens.create({ subject: { kind: 'member', id: 'lena' }, scope: [...scope] }),
    );
  });
}
