import { html } from 'hono/html';
import type { Customer } from '../../../src/sdk/index.js';
import { tokens } from './words.js';

/** What hono's escaping template returns. */
export type Markup = ReturnType<typeof html>;

export interface LayoutOptions {
  title: string;
  /** Null where it is not known. */
  wallet: Customer['wallet'] | null;
  main: Markup;
  /** A script of this page alone. */
  script?: string;
}

/** The frame of every page: head, wallet, footer. */
export function layout({ title, wallet, main, script }: LayoutOptions): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/tempo.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/tempo.css" />
        <script type="module" src="/assets/purchase.js"></script>
        ${script && html`<script type="module" src="${script}"></script>`}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="site-header">
          <a class="brand" href="/">
            <img src="/assets/tempo.svg" alt="" width="32" height="32" />
            <span>Tempo</span>
          </a>
          <nav aria-label="Site">
            <a href="/">Apps</a>
            <a href="/help">Talk to somebody</a>
            <a href="/sessions">Sessions</a>
            <a href="/gallery/">Gallery</a>
          </nav>
          ${wallet && walletLink(wallet)}
        </header>
        <main id="content">${main}</main>
        <footer class="site-footer">
          <p>Tempo is the demo of <strong>marketplace-session</strong>. Its tokens are play money.</p>
          <p>
            <a href="/webhooks">Webhooks</a>
            <a href="/docs">API description</a>
            <a href="/.well-known/jwks.json">Signing keys</a>
          </p>
        </footer>
      </body>
    </html>`;
}

function walletLink({ available, held }: Customer['wallet']): Markup {
  return html`<a class="wallet" href="/wallet">
    <span class="visually-hidden">Wallet:</span>
    <strong data-wallet-available>${tokens(available)}</strong>
    ${held > 0 ? html`<span class="wallet-held">${held} held</span>` : ''}
  </a>`;
}
