import { html, nothing } from 'lit/html.js';
import type { Content, PanelsView } from './view.js';

/** In place of the bar after the end: why, the bill, and where to go next. */
export function endedPanel(view: PanelsView): Content {
  const { snapshot, words, formats } = view;
  const { status, used_seconds: used, final_cost: cost, tokens_refunded: refund } = snapshot.session!;
  const row = (name: string, value: number | null, format = formats.tokens) =>
    value === null
      ? nothing
      : html`<div part="receipt-row">
          <dt .textContent=${name}></dt>
          <dd .textContent=${format(value)}></dd>
        </div>`;
  return html`<section part="ended" tabindex="-1" aria-labelledby="ended">
    <h2 part="ended-title" id="ended"><slot name="ended-title" .textContent=${endedTitle(view)}></slot></h2>
    ${status === 'cancelled' ? html`<p part="ended-text" .textContent=${words.cancelledText}></p>` : nothing}
    <dl part="receipt">
      ${row(words.used, used, formats.exactDuration)}${row(words.cost, cost)}${row(words.refund, refund)}
    </dl>
    <p part="ended-text">${wayBack(view)}</p>
  </section>`;
}

const wayBack = ({ words, returnAddress: href }: PanelsView): Content =>
  href
    ? html`<slot name="ended-text"
        ><a part="button primary-button return-link" href=${href} .textContent=${words.goBack}></a
      ></slot>`
    : html`<slot name="ended-text" .textContent=${words.goBackYourself}></slot>`;

/** Why it ended. */
export const endedTitle = ({ snapshot, words }: PanelsView): string => {
  const { status } = snapshot.session!;
  if (status === 'cancelled') return words.cancelledTitle;
  return status === 'expired' ? words.timeUpTitle : words.endedTitle;
};
