import { html, nothing, type TemplateResult } from 'lit/html.js';
import { formatRemaining } from '../../protocol/time.js';
import { tokens } from './amounts.js';
import type { PanelsView } from './view.js';

/** In place of the bar after the end: why, the bill, and where to go next. */
export function renderEnded({ snapshot, strings, locale, returnAddress }: PanelsView): TemplateResult {
  const { session } = snapshot;
  const row = (name: string, value: string | null) =>
    value === null
      ? nothing
      : html`<div part="receipt-row">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`;
  const amount = (value: number | null) => (value === null ? null : tokens(value, strings, locale));
  const { status, used_seconds: used, final_cost: cost, tokens_refunded: refund } = session!;
  return html`<section part="ended" role="status">
    <h2 part="ended-title">${status === 'expired' ? strings.timeUpTitle : strings.endedTitle}</h2>
    <dl part="receipt">
      ${row(strings.used, used === null ? null : formatRemaining(used))} ${row(strings.cost, amount(cost))}
      ${row(strings.refund, amount(refund))}
    </dl>
    ${
      returnAddress
        ? html`<a part="button primary-button return-link" href=${returnAddress}>${strings.goBack}</a>`
        : html`<p part="ended-text">${strings.goBackYourself}</p>`
    }
  </section>`;
}
