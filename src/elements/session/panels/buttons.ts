import { html, nothing } from 'lit/html.js';
import { isAllowed } from '../../../controller/run/allowed.js';
import type { SessionAction } from '../panels-host.js';
import { button } from './button.js';
import type { Content, PanelsView } from './view.js';

/** The buttons of the bar: only what the session and its token allow. */
export function barButtons({ snapshot, words, options, hasWarning, act, draws }: PanelsView): Content {
  const { state, session, pending } = snapshot;
  /** @param other what it says at other times: it is as wide as the wider of the two, so that nothing beside it moves. */
  const make = (action: SessionAction, label: string, other?: string) =>
    button(action, label, () => act(action), {
      slot: `${action}-label`,
      // What the warning speaks of.
      isPrimary: action === 'extend' && hasWarning,
      isBusy: !!pending && /pause|resume/.test(action),
      other,
    });
  const isPausable = isAllowed(session, 'pause');
  const canPause = isPausable && state === 'active' && session!.pausable && session!.pause_seconds_left > 0;
  // What is over can neither be extended nor stopped.
  if (state === 'ending') return nothing;
  const extend = options.length > 0 && draws('extend-button') ? make('extend', words.addTime) : nothing;
  if (!draws('other-buttons')) return extend;
  // One button, and one focus, for both of them.
  const pauseOrResume = canPause
    ? make('pause', words.pause, words.resume)
    : isPausable && state === 'paused'
      ? make('resume', words.resume, words.pause)
      : nothing;
  return html`${extend}${pauseOrResume}${isAllowed(session, 'end') ? make('end', words.end) : nothing}`;
}
