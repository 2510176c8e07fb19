import { browserWorld } from '../../controller/browser-world.js';
import { sentences } from '../shared/sentences.js';
import { whenNotTyping } from '../shared/typing.js';

/** What comes within this time is said together: a line that is overwritten is not heard. ms */
const gatherMs = 500;

/** Says what has happened, in the live region of an element (WCAG 4.1.3); not to somebody who is typing. */
export class Announcements {
  readonly #place: () => Element | null;
  #unsaid: (() => string)[] = [];
  #timer: number | undefined;
  #stopWaiting = () => {};

  /** @param place finds the live region, which is there before anything is said. */
  constructor(place: () => Element | null) {
    this.#place = place;
  }

  /** @param text as it is once it is said: meanwhile more may have come. Empty says nothing. */
  say(text: () => string): void {
    this.#unsaid.push(text);
    this.#timer ??= browserWorld().setTimeout(() => {
      this.#stopWaiting = whenNotTyping(() => this.#speak());
    }, gatherMs);
  }

  /** Says nothing any more. */
  stop(): void {
    browserWorld().clearTimeout(this.#timer);
    this.#stopWaiting();
    this.#timer = undefined;
    this.#unsaid = [];
  }

  #speak(): void {
    const place = this.#place();
    const said = sentences(...new Set(this.#unsaid.map((text) => text())));
    this.stop();
    // The same once more is something new.
    if (place && said) place.textContent = place.textContent === said ? `${said}\u{A0}` : said;
  }
}
