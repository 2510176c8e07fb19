import type { Hono } from 'hono';
import { ApiError, NotFoundError } from '../../src/sdk/index.js';
import { historyPage } from './pages/history.js';
import { messagePage } from './pages/message.js';
import { receiptPage } from './pages/receipt.js';
import { customerId } from './seed.js';
import type { MarketplaceOptions } from './options.js';

/**
 * `/sessions`: all of them, or the receipt of one. This is the return address of every session. `POST /launches` leads
 * a customer who closed the app back into it.
 */
export function sessionRoutes(site: Hono, { operator, catalogue }: MarketplaceOptions): void {
  site.post('/launches', async (c) => {
    const id = String((await c.req.formData()).get('session'));
    try {
      const { launchUrl } = await operator.sessions.launch(id);
      c.header('Referrer-Policy', 'no-referrer');
      return c.redirect(launchUrl!, 303);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500) throw error;
      return c.redirect(`/sessions?session_id=${encodeURIComponent(id)}`, 303);
    }
  });

  site.get('/sessions', async (c) => {
    const { wallet } = await operator.customers.retrieve(customerId);
    const id = c.req.query('session_id');
    if (!id) {
      const { data: sessions } = await operator.sessions.list({ userId: customerId, limit: 50 });
      return c.html(historyPage({ wallet, sessions, catalogue }));
    }
    try {
      const [{ session }, { extensions }] = await Promise.all([
        operator.sessions.retrieve(id),
        operator.sessions.extensions(id),
      ]);
      return c.html(receiptPage({ wallet, session, extensions, catalogue }));
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return c.html(
        messagePage(wallet, 'No such session', 'The address names a session that does not exist.'),
        404,
      );
    }
  });
}
