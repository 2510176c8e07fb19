import { html } from 'hono/html';
import type { Customer } from '../../../src/sdk/index.js';
import { layout, type Markup } from './layout.js';

/** Somebody to talk to. */
export function helpPage(wallet: Customer['wallet']): Markup {
  return layout({
    title: 'Talk to somebody · Tempo',
    wallet,
    script: '/cdn/live-help.js',
    main: html`<script type="module" src="/assets/help.js"></script>
      <section class="hero">
        <h1>Talk to somebody.</h1>
        <p>
          Say what it is about. Everybody who can help is asked at once, and one of them takes it. You pay for
          the time you talk, and only for that.
        </p>
      </section>
      <marketplace-help-request
        class="help-request"
        server-url="/api/v1"
        request-url="/help/requests"
        join-url="/help/join"
        access-token-url="/help/access-token"
      ></marketplace-help-request>`,
  });
}
