import { html } from 'lit/html.js';
import { browserWorld } from '../../../controller/browser-world.js';
import { fill } from '../../shared/wording.js';
import { button } from './button.js';
import { sentences } from '../../shared/sentences.js';
import type { Content, PanelsView } from './view.js';

/** What is lost, and whether time still counts. */
export function connectionText({ words, snapshot, connection }: PanelsView): string {
  const isRunning = snapshot.state === 'active' || snapshot.state === 'ending';
  return sentences(
    connection === 'offline' ? words.offline : words.reconnecting,
    isRunning ? words.timeRuns : words.timeStands,
  );
}

/** The connection as it is told, with the next try counted down and a way to try at once. */
export function connectionLines(view: PanelsView): Content {
  const { snapshot, words, formats, connection } = view;
  const { retryAt } = snapshot;
  const text = connectionText(view);
  // A device without a network has nothing to try.
  if (connection !== 'reconnecting' || snapshot.connection === 'offline')
    return html`<span part="banner-text" .textContent=${text}></span>`;
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - browserWorld().now()) / 1000);
  const next = seconds > 0 ? fill(words.nextTry, { duration: formats.duration(seconds) }) : words.working;
  return html`<span part="banner-text"
      ><span .textContent=${`${text} `}></span><span part="next-try" .textContent=${next}></span></span
    >${button('try', words.tryNow, view.reconnect)}`;
}
