import { html } from 'hono/html';
import type { Customer, CustomerEntriesItem } from '../../../src/sdk/index.js';
import type { CatalogueEntry } from '../catalogue.js';
import { layout, type Markup } from './layout.js';
import { dayAndTime, isoTime, minutes, tokens } from './words.js';

/** Amounts on offer. */
export const topUpTokens = [100, 300, 1000] as const;

export interface WalletPage {
  wallet: Customer['wallet'];
  entries: readonly CustomerEntriesItem[];
  catalogue: readonly CatalogueEntry[];
  /** What was just added. */
  added?: number | undefined;
  /** What the customer wanted and could not pay. */
  wanted?: { entry: CatalogueEntry; minutes: number; tokens: number };
}

/** The wallet: what is in it, more of it, and what moved it. */
export function walletPage({ wallet, entries, added, wanted }: WalletPage): Markup {
  return layout({
    title: 'Wallet · Tempo',
    wallet,
    main: html`<h1>Your wallet</h1>
      ${wanted && shortfall(wanted, wallet)}
      ${added && html`<p class="notice notice-good" role="status">${tokens(added)} added. Enjoy.</p>`}
      <dl class="balance">
        <div>
          <dt>Available</dt>
          <dd>${tokens(wallet.available)}</dd>
        </div>
        <div>
          <dt>Held for running sessions</dt>
          <dd>${tokens(wallet.held)}</dd>
        </div>
      </dl>
      <section aria-labelledby="top-up">
        <h2 id="top-up">Top up</h2>
        <p class="top-up-words">Free of charge: this is a demo, and you look trustworthy.</p>
        <form method="post" action="/wallet/credits" class="top-up">
          <input type="hidden" name="reference" value="${crypto.randomUUID()}" />
          ${topUpTokens.map(
            (amount) =>
              html`<button class="button button-quiet" name="tokens" value="${amount}">
                Add ${tokens(amount)}
              </button>`,
          )}
        </form>
      </section>
      <section aria-labelledby="activity">
        <h2 id="activity">Activity</h2>
        <ol class="entries">
          ${entries.map(row)}
        </ol>
      </section>`,
  });
}

function shortfall(
  { entry, minutes: length, tokens: price }: NonNullable<WalletPage['wanted']>,
  wallet: WalletPage['wallet'],
) {
  return html`<section class="notice notice-short" role="alert">
    <h2>Not enough tokens</h2>
    <p>
      ${minutes(length)} of ${entry.name} cost ${tokens(price)}, and you have ${tokens(wallet.available)}.
      Nothing was charged. Add ${tokens(price - wallet.available)} or more below, then
      <a href="/#${entry.id}">choose again</a>.
    </p>
  </section>`;
}

const words: Record<CustomerEntriesItem['kind'], string> = {
  credit: 'Top-up',
  hold: 'Set aside for a session',
  settlement: 'Given back after a session',
  expiry: 'Expired',
};

function row(entry: CustomerEntriesItem): Markup {
  const name = entry.reference === 'welcome' ? 'Welcome gift' : words[entry.kind];
  const label = entry.sessionId
    ? html`<a href="/sessions?session_id=${entry.sessionId}">${name}</a>`
    : html`<span>${name}</span>`;
  return html`<li>
    ${label}
    <time datetime="${isoTime(entry.createdAt)}">${dayAndTime(entry.createdAt)}</time>
    <span class="amount">${entry.amount > 0 ? '+' : '−'}${Math.abs(entry.amount)}</span>
  </li>`;
}
