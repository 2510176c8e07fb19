import { html, nothing } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { isOnSale } from '../../../protocol/extension-option.js';
import type { ExtensionOption } from '../../../protocol/session.js';
import { fill } from '../../shared/wording.js';
import { button } from './button.js';
import { sentences } from '../../shared/sentences.js';
import { isBlocked, isShort, type Content, type PanelsView } from './view.js';

export const isTooDear = ({ unavailable_reason: reason }: ExtensionOption): boolean =>
  reason === 'INSUFFICIENT_TOKENS';

/** Why an option cannot be had. */
const reasonOf = (option: ExtensionOption, { words }: PanelsView): string =>
  words.refusals[isTooDear(option) ? 'tokens' : 'limit'];

/** Why nothing can be had. */
export const reasonText = (view: PanelsView): string =>
  sentences(...new Set(view.options.map((option) => reasonOf(option, view))));

/**
 * The options as a radio group: minutes, price, and the end by the clock. What cannot be had says why. Where nothing can
 * be had nothing is asked: what is too dear is listed with its price, what is not sold any more is not.
 */
export function optionList(view: PanelsView): Content {
  const { options, choice, words, dialog } = view;
  const listed = choice ? options : dialog === 'extend' ? options.filter(isTooDear) : [];
  if (!listed.length) return nothing;
  return html`<fieldset part="options" aria-labelledby=${choice ? nothing : 'text'}>
    ${choice ? html`<legend part="options-title" .textContent=${words.chooseExtend}></legend>` : nothing}
    ${listed.map((option) => optionLabel(option, view))}
    ${choice && options.some(isTooDear) ? topUpLink(view, false) : nothing}
  </fieldset>`;
}

function optionLabel(option: ExtensionOption, view: PanelsView): Content {
  const { snapshot, words, formats, choice, choose } = view;
  const { additional_seconds } = option;
  const available = isOnSale(option);
  const end = snapshot.deadline && formats.time(snapshot.deadline + additional_seconds * 1000);
  const endText = available ? end && fill(words.endsAt, { time: end }) : reasonOf(option, view);
  const isChosen = additional_seconds === choice?.additional_seconds;
  const state = isChosen ? 'chosen-option ' : available ? '' : 'unavailable-option ';
  return html`<label part="${state}option">
    <input
      type="radio"
      name="option"
      .checked=${live(isChosen)}
      ?disabled=${!available || isBlocked(snapshot)}
      @change=${() => choose(option)}
    />
    <span part="option-time" .textContent=${`${formats.duration(additional_seconds)} `}></span>
    <span part="option-price" .textContent=${`${formats.price(option)} `}></span>
    ${
      // What is true of all of them stands above.
      choice ? html`<span part="option-end" .textContent=${endText || ''}></span>` : nothing
    }
  </label>`;
}

/** The button that names the amount; undefined where nothing can be had. */
export function confirmButton(view: PanelsView): Content | undefined {
  const { snapshot, words, formats, choice, buy } = view;
  if (!choice) return undefined;
  const duration = formats.duration(choice.additional_seconds);
  const label = fill(words.confirmExtend, { duration, price: formats.price(choice) });
  const isRefused = isShort(view);
  const text = snapshot.pending === 'extend' ? words.working : isRefused ? words.tryAgain : label;
  return button('confirm', text, buy, { isPrimary: !isRefused, isBusy: isBlocked(snapshot) });
}

/** The way to more tokens, where the wallet holds too few for something. */
export function topUpLink({ snapshot, words, options }: PanelsView, isPrimary: boolean): Content {
  const href = snapshot.session?.top_up_url;
  const isNeeded = snapshot.error?.code === 'INSUFFICIENT_TOKENS' || options.some(isTooDear);
  if (!isNeeded || !href || !/^https?:/.test(href)) return nothing;
  return html`<a
    part="button ${isPrimary ? 'primary-button ' : ''}top-up-link"
    href=${href}
    target="_blank"
    rel="noopener noreferrer"
    .textContent=${words.getTokens}
  ></a>`;
}
