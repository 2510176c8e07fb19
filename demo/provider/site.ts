import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { readStaticFile } from '../static-files.js';
import { dashboardRoutes } from './dashboard.js';
import { deskRoutes, type DeskOptions } from './desk.js';
import { setupRoutes } from './setup.js';

export interface ProviderSiteOptions extends DeskOptions {
  marketplaceUrl: string;
}

const publicFolder = fileURLToPath(new URL('./public/', import.meta.url));

/** The addresses that stand in the pages; they are replaced where the demo runs on other ports. */
const writtenMarketplaceUrl = 'http://localhost:4400';
const writtenProviderUrl = 'http://localhost:4401';

/** The provider's own site: plain files on an origin of its own, and what its helper's desk asks its server. */
export function providerSite({ marketplaceUrl, providerUrl, provider }: ProviderSiteOptions): Hono {
  const site = new Hono();
  deskRoutes(site, { provider, providerUrl });
  dashboardRoutes(site, { provider, providerUrl });
  setupRoutes(site, { provider, providerUrl });
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${marketplaceUrl}`,
    `connect-src 'self' ${marketplaceUrl}`,
    "style-src 'self'",
    // Photos of a talk come from the service, by signed links.
    `img-src 'self' blob: ${marketplaceUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  site.get('/:app{margin|sketch|pulse|handy|desk|dashboard|setup|wick}', (c) =>
    c.redirect(`/${c.req.param('app')}/${new URL(c.req.url).search}`),
  );

  site.get('*', async (c) => {
    const file = await readStaticFile(publicFolder, c.req.path);
    if (!file) return c.text('There is no such page.', 404);
    const content = file.content
      .replaceAll(writtenProviderUrl, providerUrl)
      .replaceAll(writtenMarketplaceUrl, marketplaceUrl);
    return c.body(content, 200, {
      'Content-Type': file.contentType,
      'Content-Security-Policy': policy,
      // The session token stands in the address until the tag has taken it: no request may carry that address on.
      'Referrer-Policy': 'strict-origin',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    });
  });
  return site;
}
