import { html } from 'hono/html';
import type { Customer } from '../../../src/sdk/index.js';
import { layout, type Markup } from './layout.js';

/** One thing to say, and the way back to the apps. */
export function messagePage(wallet: Customer['wallet'] | null, title: string, text: string): Markup {
  return layout({
    title: `${title} · Tempo`,
    wallet,
    main: html`<section class="message">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a class="button" href="/">Back to the apps</a></p>
    </section>`,
  });
}
