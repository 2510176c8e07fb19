import { isOnSale } from '../../protocol/extension-option.js';
import type { ExtensionOption } from '../../protocol/session.js';
import { fill } from '../wording.js';
import { button } from './button.js';
import { h, type Drawable } from './draw.js';
import { isBlocked, type PanelsView } from './view.js';

/** The options as a radio group: minutes, price, and the end by the clock. What cannot be had says why. */
export function optionList(view: PanelsView): Drawable {
  return h(
    'fieldset.options',
    {},
    h('legend.options-title', {}, view.words.chooseExtend),
    view.options.map((option) => optionLabel(option, view)),
  );
}

function optionLabel(option: ExtensionOption, view: PanelsView): Drawable {
  const { snapshot, words, formats, choice, choose } = view;
  const { additional_seconds, unavailable_reason } = option;
  const available = isOnSale(option);
  const end = snapshot.deadline && formats.time(snapshot.deadline + additional_seconds * 1000);
  const reason = words.refusals[unavailable_reason === 'INSUFFICIENT_TOKENS' ? 'tokens' : 'limit'];
  const isChosen = additional_seconds === choice?.additional_seconds;
  return h(
    `label.${isChosen ? 'chosen-option ' : ''}option`,
    {},
    h('input', {
      type: 'radio',
      name: 'option',
      checked: isChosen,
      disabled: !available || isBlocked(snapshot),
      onchange: () => choose(option),
    }),
    h('span.option-time', {}, formats.duration(additional_seconds), ' '),
    h('span.option-price', {}, formats.price(option), ' '),
    h('span.option-end', {}, available ? end && fill(words.endsAt, { time: end }) : reason),
  );
}

/** The button that names the amount. */
export function confirmButton({ snapshot, words, formats, choice }: PanelsView): Drawable {
  if (!choice) return null;
  const duration = formats.duration(choice.additional_seconds);
  const label = fill(words.confirmExtend, { duration, price: formats.price(choice) });
  return button('confirm', snapshot.pending === 'extend' ? words.working : label, undefined, {
    isPrimary: true,
    isBusy: isBlocked(snapshot),
  });
}

/** The way to more tokens, where the wallet holds too few for something. */
export function topUpLink({ snapshot, words, options }: PanelsView): Drawable {
  const href = snapshot.session?.top_up_url;
  const isTooPoor =
    snapshot.error?.code === 'INSUFFICIENT_TOKENS' ||
    options.some(({ unavailable_reason }) => unavailable_reason === 'INSUFFICIENT_TOKENS');
  if (!isTooPoor || !href || !/^https?:/.test(href)) return null;
  return h('a.button top-up-link', { href, target: '_blank', rel: 'noopener noreferrer' }, words.getTokens);
}
