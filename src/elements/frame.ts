import type { SessionSnapshot } from '../controller/snapshot.js';
import { clockTime } from './clock-time.js';
import type { TimerStrings } from './strings.js';

/** Every place that shows the time left has this class; its text is written on each second, apart from rendering. */
export const timeClass = 'time';

/** What the frame shows. */
export interface FrameView {
  snapshot: SessionSnapshot;
  strings: TimerStrings;
  locale: string | undefined;
  hasTimer: boolean;
}

/** Writes a text where it differs. */
export function write(element: Element, text: string): void {
  const node = element.firstChild as Text | null;
  if (!node) element.textContent = text;
  else if (node.data !== text) node.data = text;
}

function create(parent: Node, tag: string, attributes: Record<string, string> = {}): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.appendChild(element);
  return element;
}

/**
 * What stands in the shadow root from the first second: fallback, timer, and places for the late part to draw in.
 * Made by hand, once: the template engine comes with the first thing that needs it, and a second costs one text.
 */
export class Frame {
  readonly #fallback: HTMLElement;
  readonly #loading: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #timer: HTMLElement;
  readonly #label: HTMLElement;
  readonly #time: HTMLElement;
  readonly #endTime: HTMLElement;
  /** Where the buttons are drawn. */
  readonly buttons: HTMLElement;
  /** Where everything below the bar is drawn. */
  readonly panels: HTMLElement;
  /** Says what is put into it to those who do not see the screen (WCAG 4.1.3); there from the start. */
  readonly announcement: HTMLElement;

  constructor(root: Node) {
    this.#fallback = create(root, 'slot', { name: 'fallback' });
    this.#loading = create(this.#fallback, 'p', { part: 'loading' });
    this.#bar = create(root, 'div', { part: 'bar' });
    // Silent: a timer that is read out each second helps nobody.
    this.#timer = create(this.#bar, 'div', { part: 'timer', role: 'timer' });
    this.#label = create(this.#timer, 'span', { part: 'timer-label', 'aria-hidden': 'true' });
    this.#time = create(this.#timer, 'span', { part: 'time', class: timeClass });
    this.#endTime = create(this.#timer, 'span', { part: 'end-time' });
    create(this.#bar, 'slot');
    this.buttons = create(this.#bar, 'div', { part: 'buttons' });
    this.panels = create(root, 'div', { part: 'panels' });
    this.announcement = create(root, 'p', { part: 'announcement', role: 'status' });
  }

  show({ snapshot, strings, locale, hasTimer }: FrameView): void {
    const { state, deadline, session } = snapshot;
    this.#fallback.hidden = state !== 'idle' && state !== 'loading';
    write(this.#loading, state === 'loading' ? strings.loading : '');
    this.#bar.hidden = !['waiting', 'active', 'paused', 'ending'].includes(state);
    this.#timer.hidden = !hasTimer;
    this.#timer.ariaLabel = strings.timeLeft;
    write(this.#label, strings.timeLeft);
    this.#time.classList.toggle('long', (session?.duration_limit_seconds ?? 0) >= 3600);
    write(
      this.#endTime,
      state === 'paused'
        ? strings.paused
        : deadline === null
          ? ''
          : strings.endsAt(clockTime(deadline, locale)),
    );
  }
}
