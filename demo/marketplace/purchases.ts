import type { Hono } from 'hono';
import { SessionError } from '../../src/protocol/errors.js';
import { isFinal } from '../../src/protocol/state-machine.js';
import { lengthsMinutes } from './catalogue.js';
import { messagePage } from './pages/message.js';
import { walletPage } from './pages/wallet.js';
import { customerId } from './seed.js';
import type { MarketplaceOptions } from './options.js';

/** `POST /purchases`: sells a session with the application's secret key, and sends the customer to the app with it. */
export function purchaseRoutes(site: Hono, options: MarketplaceOptions): void {
  const { operator, apiOf, catalogue, marketplaceUrl } = options;

  site.post('/purchases', async (c) => {
    const form = await c.req.formData();
    const entry = catalogue.find(({ id }) => id === form.get('application'));
    const minutes = lengthsMinutes.find((length) => String(length) === form.get('minutes'));
    const purchaseId = form.get('purchase');
    const { wallet } = await operator.readCustomer(customerId);
    if (!entry || !minutes || typeof purchaseId !== 'string' || !/^[\w-]{36}$/.test(purchaseId)) {
      return c.html(messagePage(wallet, 'That is not for sale', 'Please choose an app and a length.'), 400);
    }
    const price = entry.tokensPerMinute * minutes;
    try {
      const { session, launch_url } = await apiOf(entry.id).createSession(
        {
          application_id: entry.id,
          user_id: customerId,
          duration_seconds: minutes * 60,
          tokens_to_deduct: price,
          return_url: `${marketplaceUrl}/sessions`,
        },
        // Another choice on the same page is another purchase; the same one again is the same session.
        `${purchaseId}:${entry.id}:${minutes}`,
      );
      if (isFinal(session.status)) return c.redirect(`/sessions?session_id=${session.id}`, 303);
      c.header('Referrer-Policy', 'no-referrer');
      return c.redirect(launch_url!, 303);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      if (error.code === 'SESSION_PRICE_CHANGED') {
        return c.html(messagePage(wallet, 'The price has changed', 'Nothing was charged.'), 409);
      }
      if (error.code !== 'INSUFFICIENT_TOKENS') throw error;
      const wanted = { entry, minutes, tokens: price };
      const entries = await operator.listWalletEntries(customerId, 20);
      return c.html(walletPage({ wallet, entries, catalogue, wanted }), 402);
    }
  });
}
