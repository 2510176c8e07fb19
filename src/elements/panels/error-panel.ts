import { fill } from '../wording.js';
import { button } from './button.js';
import { h, type Drawable } from './draw.js';
import { canRetry, errorKind, refusalKind } from './error-kinds.js';
import type { PanelsView } from './view.js';

/** In place of the bar: why there is no session, and what to do. */
export function errorPanel({ snapshot, words, retry }: PanelsView): Drawable {
  const { code, requestId } = snapshot.error!;
  const kind = errorKind(snapshot.error!);
  const [title, advice] = words.errors[kind];
  return h(
    'section.error',
    { role: 'alert' },
    h('h2.error-title', {}, h('slot', { name: 'error-title' }, title)),
    h('p.error-text', {}, h('slot', { name: 'error-text' }, advice)),
    canRetry(kind) && button('retry', words.tryAgain, retry, { isPrimary: true }),
    h('p.reference', {}, fill(words.reference, { code: requestId ? `${code}, ${requestId}` : code })),
  );
}

/** Why a change was refused and, where it would have cost something, that it did not. */
export function refusalText({ snapshot, words, asked }: PanelsView): string {
  const kind = refusalKind(snapshot.error!);
  const text = words.refusals[kind];
  return asked === 'extend' && kind !== 'unsure' ? `${text} ${words.nothingCharged}` : text;
}
