import type { Hono } from 'hono';
import type { Marketplace } from '../../src/sdk/index.js';
import { helper } from '../marketplace/help-catalogue.js';
import { passOn } from '../pass-on.js';

/** What the helper's pages may do. */
const scope = [
  'helpers.read',
  'helpers.attend',
  'help-categories.read',
  'help-requests.read',
  'help-requests.answer',
  'sessions.read',
  'sessions.attend',
  'messages.read',
  'messages.send',
  'files.read',
  'files.upload',
] as const;

export interface DeskOptions {
  /** The service with the provider's key. */
  provider: Marketplace;
  providerUrl: string;
}

/** `POST /desk/access-token`: lets the provider's own pages speak for its helper, who is always signed in here. */
export function deskRoutes(site: Hono, { provider, providerUrl }: DeskOptions): void {
  site.post('/desk/access-token', (c) => {
    if (c.req.header('origin') !== providerUrl) return c.text('Only from the provider’s own pages.', 403);
    c.header('Cache-Control', 'no-store');
    return passOn(c, () =>
      provider.accessTokens.create({ subject: { kind: 'helper', id: helper.id }, scope: [...scope] }),
    );
  });
}
