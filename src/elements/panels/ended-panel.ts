import { formatRemaining } from '../../protocol/time.js';
import { h, type Drawable } from './draw.js';
import type { PanelsView } from './view.js';

/** In place of the bar after the end: why, the bill, and where to go next. */
export function endedPanel(view: PanelsView): Drawable {
  const { snapshot, words, formats, returnAddress: href } = view;
  const { used_seconds: used, final_cost: cost, tokens_refunded: refund } = snapshot.session!;
  const row = (name: string, value: number | null, format = formats.tokens) =>
    value !== null && h('div.receipt-row', {}, h('dt', {}, name), h('dd', {}, format(value)));
  return h(
    'section.ended',
    {},
    h('h2.ended-title', {}, h('slot', { name: 'ended-title' }, endedTitle(view))),
    h(
      'dl.receipt',
      {},
      row(words.used, used, formatRemaining),
      row(words.cost, cost),
      row(words.refund, refund),
    ),
    h(
      'p.ended-text',
      {},
      h(
        'slot',
        { name: 'ended-text' },
        href ? h('a.button primary-button return-link', { href }, words.goBack) : words.goBackYourself,
      ),
    ),
  );
}

/** Why it ended. */
export const endedTitle = ({ snapshot, words }: PanelsView): string =>
  snapshot.session!.status === 'expired' ? words.timeUpTitle : words.endedTitle;
