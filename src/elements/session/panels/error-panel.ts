import { html, nothing } from 'lit/html.js';
import type { SessionError } from '../../../protocol/errors.js';
import { fill } from '../../shared/wording.js';
import { button } from './button.js';
import { canRetry, errorKind, refusalKind } from './error-kinds.js';
import { sentences } from '../../shared/sentences.js';
import type { Content, PanelsView } from './view.js';

/** In place of the bar: why there is no session, and what to do: try again, go back, or whom to tell what. */
export function errorPanel(view: PanelsView): Content {
  const { snapshot, words } = view;
  const error = snapshot.error!;
  const [title, advice] = words.errors[errorKind(error)];
  // The code is in `session-error`: it says nothing to a person.
  const reference = error.requestId && fill(words.reference, { code: error.requestId });
  return html`<section part="error" role="alert" tabindex="-1">
    <h2 part="error-title"><slot name="error-title" .textContent=${title}></slot></h2>
    <p part="error-text"><slot name="error-text" .textContent=${advice}></slot></p>
    ${errorActions(view, error)}
    ${reference ? html`<p part="reference" .textContent=${reference}></p>` : nothing}
  </section>`;
}

function errorActions({ words, retry, marketplace: href }: PanelsView, error: SessionError): Content {
  const isRetried = canRetry(errorKind(error));
  if (!isRetried && !href) return nothing;
  return html`<div part="error-actions">
    ${isRetried ? button('retry', words.tryAgain, retry, { isPrimary: true }) : nothing}
    ${
      href
        ? html`<a
            part="button ${isRetried ? '' : 'primary-button '}return-link"
            href=${href}
            .textContent=${words.goBack}
          ></a>`
        : nothing
    }
  </div>`;
}

/** Why a change was refused and, where it would have cost something, that it did not. */
export function refusalText({ words, asked }: PanelsView, error: SessionError): string {
  const kind = refusalKind(error);
  // What is blocked may be the answer alone.
  return sentences(
    words.refusals[kind],
    asked === 'extend' && !/unsure|blocked/.test(kind) && words.nothingCharged,
  );
}
