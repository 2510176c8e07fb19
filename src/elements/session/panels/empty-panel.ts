import { html, nothing } from 'lit/html.js';
import { button } from './button.js';
import type { Content, PanelsView } from './view.js';

/** In place of the bar, for a customer who is signed in and has no session: where to buy one, and a way into it then. */
export function emptyPanel({ words, retry, marketplace: href }: PanelsView): Content {
  return html`<section part="empty" tabindex="-1" aria-labelledby="empty">
    <h2 part="empty-title" id="empty"><slot name="empty-title" .textContent=${words.emptyTitle}></slot></h2>
    <p part="empty-text"><slot name="empty-text" .textContent=${words.emptyText}></slot></p>
    <div part="empty-actions">
      ${button('retry', words.tryAgain, retry, { isPrimary: !href })}
      ${
        href
          ? html`<a part="button primary-button return-link" href=${href} .textContent=${words.goBack}></a>`
          : nothing
      }
    </div>
  </section>`;
}
