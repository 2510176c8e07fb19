import { html, nothing } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import { pauserOf } from '../../../protocol/pauser.js';
import { fill } from '../../shared/wording.js';
import { button, dismissButton } from './button.js';
import { connectionLines } from './connection.js';
import { refusalText } from './error-panel.js';
import { sentences } from '../../shared/sentences.js';
import type { Content, PanelsView } from './view.js';

/** What is told without getting in the way: the connection, what has just been done, a pause, the wait for the start, the first warning. */
export function banner(view: PanelsView): Content {
  const { snapshot, words, connection, notice, hasWarning, draws } = view;
  const { state, pending, error } = snapshot;
  if (connection !== 'online' && draws('connection')) return bannerOf('connection', connectionLines(view));
  if (draws('notice')) {
    // What holds up a change; in a dialog it stands in the dialog.
    if (pending && error && !view.dialog) return bannerOf('notice', line(refusalText(view, error)));
    if (notice) return bannerOf('notice', html`${line(notice)}${dismissButton(words.dismiss, view.dismiss)}`);
    if (state === 'paused') return bannerOf('pause', line(pauseText(view)));
    if (state === 'waiting') return bannerOf(state, line(waitingText(view)));
  }
  // Its dialog says the same.
  return hasWarning && state === 'active' && !view.dialog ? bannerOf('warning', warning(view)) : nothing;
}

function warning({ snapshot, words, formats, choice, draws, act, dismiss }: PanelsView): Content {
  const text = fill(words.warning, { time: formats.time(snapshot.deadline!) });
  // Where the bar has the button there is no second one.
  const add =
    choice && !draws('extend-button')
      ? button('add', words.addTime, () => act('extend'), { isPrimary: true })
      : nothing;
  return html`<span part="banner-text"
      ><slot name="banner-text" .textContent=${sentences(text, choice && words.canAddTime)}></slot></span
    >${add}${dismissButton(words.dismiss, dismiss)}`;
}

/** Who has paused, and how long the pause can last. */
export function pauseText({ snapshot, words, formats }: PanelsView): string {
  const session = snapshot.session!;
  const { pause_ends_at: endsAt } = session;
  const text = words.pausedBy[pauserOf(session) ?? 'unknown'];
  return sentences(text, endsAt && fill(words.pausedUntil, { time: formats.time(endsAt * 1000) }));
}

/** That nothing runs yet, and how long that can last. */
function waitingText({ snapshot, words, formats }: PanelsView): string {
  const { waiting_until: endsAt } = snapshot.session!;
  return sentences(
    words.waitingText,
    endsAt && fill(words.waitingUntil, { time: formats.time(endsAt * 1000) }),
  );
}

/** One of another kind is another one: what was pressed in the one before is not pressed in it. */
const bannerOf = (kind: string, content: Content): Content =>
  keyed(kind, html`<div part="banner ${kind}">${content}</div>`);

const line = (text: string): Content => html`<span part="banner-text" .textContent=${text}></span>`;
