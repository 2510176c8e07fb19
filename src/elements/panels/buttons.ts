import type { SessionAction } from '../panels-host.js';
import { button } from './button.js';
import { h, type Drawable } from './draw.js';
import type { PanelsView } from './view.js';

/** The buttons of the bar: only what the session allows. */
export function barButtons({ snapshot, words, options, act, draws }: PanelsView): Drawable {
  const { state, session, pending } = snapshot;
  const make = (action: SessionAction, label: string, key?: string) =>
    button(action, h('slot', { name: `${action}-label` }, label), () => act(action), {
      isBusy: !!pending && /pause|resume/.test(action),
      key,
    });
  const hasOthers = draws('other-buttons');
  const canPause = state === 'active' && session!.pausable && session!.pause_seconds_left > 0;
  // What is over can neither be extended nor stopped.
  if (state === 'ending') return null;
  return [
    options.length > 0 && draws('extend-button') && make('extend', words.addTime),
    hasOthers && canPause && make('pause', words.pause, 'pause'),
    hasOthers && state === 'paused' && make('resume', words.resume, 'pause'),
    hasOthers && make('end', words.end),
  ];
}
