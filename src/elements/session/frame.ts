import type { SessionSnapshot } from '../../controller/snapshot.js';
import type { Language } from '../shared/language.js';
import { create, mark, write } from '../shared/nodes.js';
import { Timer } from './timer.js';

/**
 * What stands in the shadow root from the first second: fallback, timer, and places for the late part to draw in.
 * Made by hand, once: what draws the rest comes with the first thing that needs it, and a second costs one text.
 */
export class Frame {
  readonly #fallback: HTMLElement;
  readonly #loading: HTMLElement;
  readonly #whole: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #timer: Timer;
  /** Where the buttons are drawn. */
  declare readonly buttons: HTMLElement;
  /** Where everything below the bar is drawn. */
  declare readonly panels: HTMLElement;
  /** Says what is put into it to those who do not see the screen (WCAG 4.1.3); there from the start. */
  declare readonly announcement: HTMLElement;

  constructor(root: Node) {
    this.#fallback = create(root, 'slot', { name: 'fallback' });
    this.#loading = create(this.#fallback, 'div', { part: 'loading' });
    this.#whole = create(root, 'div', { part: 'session' });
    this.#bar = create(this.#whole, 'div', { part: 'bar' });
    this.#timer = new Timer(this.#bar);
    create(this.#bar, 'slot');
    this.buttons = create(this.#bar, 'div', { part: 'buttons' });
    this.panels = create(this.#whole, 'div', { part: 'panels' });
    this.announcement = create(this.#whole, 'p', { part: 'announcement', role: 'status' });
  }

  show(snapshot: SessionSnapshot, language: Language, hasTimer: boolean): void {
    const { state } = snapshot;
    const isLoading = state === 'loading';
    this.#fallback.hidden = !/idle|loading/.test(state);
    write(this.#loading, isLoading ? language.words.loading : '');
    mark(this.#loading, language);
    mark(this.#whole, language);
    this.#bar.hidden = !/waiting|active|paused|ending/.test(state);
    this.#timer.element.hidden = !hasTimer;
    this.#timer.show(snapshot, language);
  }
}
