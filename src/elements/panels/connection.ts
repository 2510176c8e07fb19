import { fill } from '../wording.js';
import { button } from './button.js';
import { h, type Drawable } from './draw.js';
import type { PanelsView } from './view.js';

/** What is lost, and whether time still counts. */
export function connectionText({ words, snapshot, connection }: PanelsView): string {
  const isRunning = snapshot.state === 'active' || snapshot.state === 'ending';
  return `${connection === 'offline' ? words.offline : words.reconnecting} ${isRunning ? words.timeRuns : words.timeStands}`;
}

/** The connection as it is told, with the next try counted down and a way to try at once. */
export function connectionLines(view: PanelsView): Drawable {
  const { snapshot, words, formats, connection } = view;
  const { retryAt } = snapshot;
  // A device without a network has nothing to try.
  const canTry = connection === 'reconnecting' && snapshot.connection !== 'offline';
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - Date.now()) / 1000);
  const next = seconds > 0 ? fill(words.nextTry, { duration: formats.duration(seconds) }) : words.working;
  return [
    h('span.banner-text', {}, connectionText(view), canTry && [' ', h('span.next-try', {}, next)]),
    canTry && button('try', words.tryNow, view.reconnect),
  ];
}
