import type { Hono } from 'hono';
import { topUpTokens, walletPage } from './pages/wallet.js';
import { messagePage } from './pages/message.js';
import { customerId } from './seed.js';
import type { MarketplaceOptions } from './options.js';

/** `/wallet`: what moved it, and more tokens for nothing. */
export function walletRoutes(site: Hono, { operator, catalogue }: MarketplaceOptions): void {
  site.get('/wallet', async (c) => {
    const [{ wallet }, { data: entries }] = await Promise.all([
      operator.customers.retrieve(customerId),
      operator.customers.entries(customerId, { limit: 20 }),
    ]);
    const added = topUpTokens.find((tokens) => String(tokens) === c.req.query('added'));
    return c.html(walletPage({ wallet, entries, catalogue, added }));
  });

  site.post('/wallet/credits', async (c) => {
    const form = await c.req.formData();
    const tokens = topUpTokens.find((amount) => String(amount) === form.get('tokens'));
    const reference = form.get('reference');
    if (!tokens || typeof reference !== 'string' || !/^[\w-]{36}$/.test(reference)) {
      const { wallet } = await operator.customers.retrieve(customerId);
      return c.html(messagePage(wallet, 'No such amount', 'Please choose one of the amounts on offer.'), 400);
    }
    await operator.customers.credit(customerId, { tokens, reference: `${reference}:${tokens}` });
    return c.redirect(`/wallet?added=${tokens}`, 303);
  });
}
