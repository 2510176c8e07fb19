import type { Hono } from 'hono';
import { isFinal } from '../../src/protocol/state-machine.js';
import { ConflictError, InsufficientTokensError } from '../../src/sdk/index.js';
import { lengthsMinutes } from './catalogue.js';
import { messagePage } from './pages/message.js';
import { walletPage } from './pages/wallet.js';
import { customerId } from './seed.js';
import type { MarketplaceOptions } from './options.js';

/** `POST /purchases`: sells a session with the application's secret key, and sends the customer to the app with it. */
export function purchaseRoutes(site: Hono, options: MarketplaceOptions): void {
  const { operator, withKeyOf, catalogue, marketplaceUrl } = options;

  site.post('/purchases', async (c) => {
    const form = await c.req.formData();
    const entry = catalogue.find(({ id, isForHelp }) => id === form.get('application') && !isForHelp);
    const minutes = lengthsMinutes.find((length) => String(length) === form.get('minutes'));
    const purchaseId = form.get('purchase');
    const { wallet } = await operator.customers.retrieve(customerId);
    if (!entry || !minutes || typeof purchaseId !== 'string' || !/^[\w-]{36}$/.test(purchaseId)) {
      return c.html(messagePage(wallet, 'That is not for sale', 'Please choose an app and a length.'), 400);
    }
    const price = entry.tokensPerMinute * minutes;
    try {
      const { session, launchUrl } = await withKeyOf(entry.id).sessions.create(
        {
          applicationId: entry.id,
          userId: customerId,
          durationSeconds: minutes * 60,
          tokensToDeduct: price,
          returnUrl: `${marketplaceUrl}/sessions`,
        },
        // Another choice on the same page is another purchase; the same one again is the same session.
        { idempotencyKey: `${purchaseId}:${entry.id}:${minutes}` },
      );
      if (isFinal(session.status)) return c.redirect(`/sessions?session_id=${session.id}`, 303);
      c.header('Referrer-Policy', 'no-referrer');
      return c.redirect(launchUrl!, 303);
    } catch (error) {
      if (error instanceof ConflictError && error.code === 'SESSION_PRICE_CHANGED') {
        return c.html(messagePage(wallet, 'The price has changed', 'Nothing was charged.'), 409);
      }
      if (!(error instanceof InsufficientTokensError)) throw error;
      const wanted = { entry, minutes, tokens: price };
      const { data: entries } = await operator.customers.entries(customerId, { limit: 20 });
      return c.html(walletPage({ wallet, entries, catalogue, wanted }), 402);
    }
  });
}
