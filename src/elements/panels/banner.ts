import { pauserOf } from '../../protocol/pauser.js';
import { fill } from '../wording.js';
import { button } from './button.js';
import { connectionLines } from './connection.js';
import { h, type Drawable } from './draw.js';
import type { PanelsView } from './view.js';

/** What is told without getting in the way: the connection, what has just been done, a pause, the first warning. */
export function banner(view: PanelsView): Drawable {
  const { snapshot, words, formats, connection, notice, hasWarning, options, draws } = view;
  const { state } = snapshot;
  if (connection !== 'online' && draws('connection')) return lines('connection', connectionLines(view));
  if (draws('notice')) {
    if (notice) return lines('notice', notice, button('dismiss', words.dismiss, view.dismiss));
    if (state === 'paused') return lines('pause', pauseText(view));
  }
  if (!hasWarning || state !== 'active') return null;
  const text = fill(words.warning, { time: formats.time(snapshot.deadline!) });
  return lines(
    'warning',
    h('slot', { name: 'banner-text' }, options.length ? `${text} ${words.canAddTime}` : text),
    options.length > 0 && button('add', words.addTime, () => view.act('extend'), { isPrimary: true }),
    button('dismiss', words.dismiss, view.dismiss),
  );
}

/** Who has paused, and how long the pause can last. */
export function pauseText({ snapshot, words, formats }: PanelsView): string {
  const session = snapshot.session!;
  const { pause_ends_at: endsAt } = session;
  const text = words.pausedBy[pauserOf(session) ?? 'unknown'];
  return endsAt ? `${text} ${fill(words.pausedUntil, { time: formats.time(endsAt * 1000) })}` : text;
}

/** A banner of one kind: its text, and what can be done. */
function lines(kind: string, text: Drawable, ...buttons: Drawable[]): Drawable {
  const content = kind === 'connection' ? text : h('span.banner-text', {}, text);
  return h(`div.banner ${kind}`, {}, content, buttons);
}
