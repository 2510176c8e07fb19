import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { gallerySite } from '../gallery/site.js';
import { readStaticFile } from '../static-files.js';
import { helpRoutes } from './help.js';
import type { MarketplaceOptions } from './options.js';
import { messagePage } from './pages/message.js';
import { protectPages } from './protection.js';
import { purchaseRoutes } from './purchases.js';
import { customerId } from './seed.js';
import { sessionRoutes } from './sessions.js';
import { shopRoute } from './shop.js';
import { walletRoutes } from './wallet.js';
import { webhookReceiver, webhookRoutes } from './webhooks.js';

const publicFolder = fileURLToPath(new URL('./public/', import.meta.url));
const cdnFolder = fileURLToPath(new URL('../../dist/cdn/', import.meta.url));

/** The marketplace's site, with the session service and the script tag's files on the same origin. */
export function marketplaceSite(options: MarketplaceOptions): Hono {
  const { service } = options;
  const site = new Hono();

  for (const path of ['/api/v1/*', '/.well-known/jwks.json', '/openapi.json', '/docs']) {
    site.all(path, (c) => service.fetch(c.req.raw));
  }

  site.get('/cdn/*', async (c) => {
    const file = await readStaticFile(cdnFolder, c.req.path.slice('/cdn'.length));
    if (!file) return c.text('There is no such file. `npm run build:cdn` makes them.', 404);
    return c.body(file.content, 200, {
      'Content-Type': file.contentType,
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    });
  });

  webhookReceiver(site, options);

  // Before the pages' own policy: its frames are another matter.
  site.route('/', gallerySite());

  site.use(protectPages(options));
  shopRoute(site, options);
  purchaseRoutes(site, options);
  walletRoutes(site, options);
  helpRoutes(site, options);
  sessionRoutes(site, options);
  webhookRoutes(site, options);

  site.get('/assets/*', async (c) => {
    const file = await readStaticFile(publicFolder, c.req.path.slice('/assets'.length));
    return file ? c.body(file.content, 200, { 'Content-Type': file.contentType }) : c.notFound();
  });
  site.notFound(async (c) => {
    const { wallet } = await options.operator.customers.retrieve(customerId);
    return c.html(messagePage(wallet, 'Nothing here', 'This page does not exist, or no longer does.'), 404);
  });
  site.onError((error, c) => {
    console.error(error);
    return c.html(
      messagePage(null, 'That went wrong', 'Nothing was charged. Please try again in a moment.'),
      500,
    );
  });
  return site;
}
