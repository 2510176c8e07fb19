import { html, nothing, type TemplateResult } from 'lit/html.js';
import { clockTime } from '../clock-time.js';
import type { PanelsView } from './view.js';

/** What is told without getting in the way: the first warning, the connection, what has just been done. */
export function renderBanner(view: PanelsView): TemplateResult | typeof nothing {
  const { snapshot, strings, locale, notice, hasWarning, options } = view;
  if (snapshot.connection !== 'online')
    return html`<div part="banner connection">${strings.reconnecting}</div>`;
  if (notice) {
    return html`<div part="banner notice">
      <span part="banner-text">${notice}</span>
      <button part="button dismiss-button" type="button" @click=${view.dismiss}>${strings.dismiss}</button>
    </div>`;
  }
  if (!hasWarning || snapshot.deadline === null) return nothing;
  return html`<div part="banner warning">
    <span part="banner-text">
      ${strings.warning(clockTime(snapshot.deadline, locale), options.length > 0)}
    </span>
    ${
      options.length
        ? html`<button part="button primary-button" type="button" @click=${() => view.act('extend')}>
            ${strings.addTime}
          </button>`
        : nothing
    }
    <button part="button dismiss-button" type="button" @click=${view.dismiss}>${strings.dismiss}</button>
  </div>`;
}
