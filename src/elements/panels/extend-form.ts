import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ExtensionOption } from '../../protocol/session.js';
import { clockTime } from '../clock-time.js';
import { duration, tokens } from './amounts.js';
import type { PanelsView } from './view.js';

/** The options as a radio group: minutes, price, and the end by the clock. What cannot be had says why. */
export function renderOptions(view: PanelsView): TemplateResult {
  return html`<fieldset part="options">
    <legend part="options-title">${view.strings.chooseExtend}</legend>
    ${view.options.map((option) => renderOption(option, view))}
  </fieldset>`;
}

function renderOption(option: ExtensionOption, view: PanelsView): TemplateResult {
  const { snapshot, strings, locale, choice, choose } = view;
  const { additional_seconds, available, unavailable_reason } = option;
  const newEnd =
    snapshot.deadline && strings.endsAt(clockTime(snapshot.deadline + additional_seconds * 1000, locale));
  const reason = unavailable_reason === 'INSUFFICIENT_TOKENS' ? strings.tooFewTokens : strings.limitReached;
  const isChosen = option.additional_seconds === choice?.additional_seconds;
  return html`<label part="option ${isChosen ? 'chosen-option' : ''}">
    <input
      type="radio"
      name="option"
      .checked=${isChosen}
      ?disabled=${!available || snapshot.pending !== null}
      @change=${() => choose(option)}
    />
    <span part="option-time">${duration(additional_seconds, locale)}</span>
    <span part="option-price">${tokens(option.tokens, strings, locale)}</span>
    <span part="option-end">${available ? newEnd : reason}</span>
  </label>`;
}

/** The button that names the amount. */
export function renderConfirm({
  snapshot,
  strings,
  locale,
  choice,
  isOffline,
}: PanelsView): TemplateResult | typeof nothing {
  if (!choice) return nothing;
  const { additional_seconds, tokens: price } = choice;
  const label = strings.confirmExtend(duration(additional_seconds, locale), tokens(price, strings, locale));
  return html`<button
    part="button primary-button confirm-button"
    type="submit"
    aria-disabled=${snapshot.pending || isOffline ? 'true' : nothing}
  >
    ${snapshot.pending === 'extend' ? strings.working : label}
  </button>`;
}

/** The way to more tokens, where the wallet holds too few for something. */
export function renderTopUp({ snapshot, strings, options }: PanelsView): TemplateResult | typeof nothing {
  const address = snapshot.session?.top_up_url;
  const isTooPoor = options.some(({ unavailable_reason }) => unavailable_reason === 'INSUFFICIENT_TOKENS');
  const wasTooPoor = snapshot.error?.code === 'INSUFFICIENT_TOKENS';
  if (!(isTooPoor || wasTooPoor) || !address || !/^https?:/.test(address)) return nothing;
  return html`<a part="button top-up-link" href=${address} target="_blank" rel="noopener noreferrer">
    ${strings.getTokens}
  </a>`;
}
