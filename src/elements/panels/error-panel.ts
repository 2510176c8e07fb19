import { html, nothing, type TemplateResult } from 'lit/html.js';
import { failureWords } from './error-words.js';
import type { PanelsView } from './view.js';

/** In place of the bar: why there is no session, and what to do. */
export function renderError({
  snapshot: { error },
  strings,
  retry,
}: PanelsView): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const { title, advice, canRetry } = failureWords(error);
  const reference = error.requestId ? `${error.code}, ${error.requestId}` : error.code;
  return html`<section part="error" role="alert">
    <h2 part="error-title">${title}</h2>
    <p part="error-text">${advice}</p>
    ${
      canRetry
        ? html`<button part="button primary-button retry-button" type="button" @click=${retry}>
            ${strings.tryAgain}
          </button>`
        : nothing
    }
    <p part="reference">${strings.reference(reference)}</p>
  </section>`;
}
