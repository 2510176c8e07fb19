import { html } from 'hono/html';
import type { Customer, Session } from '../../../src/sdk/index.js';
import type { CatalogueEntry } from '../catalogue.js';
import { layout, type Markup } from './layout.js';
import { sessionList } from './session-list.js';

export interface HistoryPage {
  wallet: Customer['wallet'];
  sessions: readonly Session[];
  catalogue: readonly CatalogueEntry[];
}

/** Every session of the customer. */
export function historyPage({ wallet, sessions, catalogue }: HistoryPage): Markup {
  return layout({
    title: 'Sessions · Tempo',
    wallet,
    main: html`<h1>Your sessions</h1>
      ${
        sessions.length > 0
          ? sessionList(sessions, catalogue)
          : html`<section class="empty">
              <p>You have not opened an app yet. One minute is enough to see how it works.</p>
              <p><a class="button" href="/">Choose an app</a></p>
            </section>`
      }`,
  });
}
