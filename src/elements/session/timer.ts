import type { SessionSnapshot } from '../../controller/snapshot.js';
import type { Language } from '../shared/language.js';
import { create, write } from '../shared/nodes.js';

/** The only thing that changes on each second, apart from rendering: the text of the time, wherever in a root it stands. */
export function writeTime(root: ParentNode, text: string): void {
  for (const element of root.querySelectorAll('[part=time]')) write(element, text);
}

/** Label, time and end by the clock. Silent: a timer that is read out each second helps nobody. */
export class Timer {
  declare readonly element: HTMLElement;
  readonly #label: HTMLElement;
  readonly #time: HTMLElement;
  readonly #endTime: HTMLElement;

  constructor(parent: Node) {
    this.element = create(parent, 'div', { part: 'timer', role: 'timer' });
    this.#label = create(create(this.element, 'slot', { name: 'label' }), 'span', {
      part: 'timer-label',
      'aria-hidden': 'true',
    });
    this.#time = create(this.element, 'span', { part: 'time' });
    this.#endTime = create(this.element, 'span', { part: 'end-time' });
  }

  show({ state, deadline, session }: SessionSnapshot, language: Language): void {
    const { words } = language;
    const said = /paused|waiting|ending/.test(state) ? words[state as 'paused'] : '';
    this.element.ariaLabel = words.timeLeft;
    write(this.#label, words.timeLeft);
    this.#time.classList.toggle('long', (session?.remaining_seconds ?? 0) >= 3600);
    // A page's own words are whatever it has set.
    const end = deadline && `${words.endsAt}`.replaceAll('{time}', language.clock(deadline));
    write(this.#endTime, said || end || '');
  }
}
