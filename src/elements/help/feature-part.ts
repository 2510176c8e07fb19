import type { ReactiveController } from '@lit/reactive-element';
import { browserWorld } from '../../controller/browser-world.js';
import { withOwnWords } from '../languages/own-words.js';
import type { Language } from '../shared/language.js';
import type { OwnWords } from '../shared/words.js';
import { Announcements } from './announcements.js';
import { FeatureWords } from './feature-words.js';
import { teller } from './teller.js';

/** An element that needs no session, as the part that draws it knows it. */
export interface FeatureHost extends HTMLElement {
  readonly language: Language;
  readonly strings: OwnWords;
  /** Undefined until everything that it takes is set. */
  readonly options: object | undefined;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(...states: string[]): void;
}

/** Draws such an element: with the words of its feature and a live region, and anew once the element is set to something else. */
export abstract class FeaturePart<
  Host extends FeatureHost,
  Words extends OwnWords,
  Fields,
> implements ReactiveController {
  protected readonly host: Host;
  protected readonly tellPage: ReturnType<typeof teller<Fields>>;
  protected readonly announcements: Announcements;
  readonly #words: FeatureWords<Words>;
  /** What it has begun with. */
  #key = '';

  constructor(
    host: Host,
    loadWords: ConstructorParameters<typeof FeatureWords<Words>>[1],
    ...styles: string[]
  ) {
    this.host = host;
    this.tellPage = teller(host);
    this.#words = new FeatureWords(host, loadWords);
    this.announcements = new Announcements(() => host.shadowRoot!.querySelector('[part=announcement]'));
    for (const sheet of styles) host.wear(sheet);
  }

  hostConnected(): void {
    this.host.language.load().catch(() => {});
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    // Moving an element removes it first.
    browserWorld().setTimeout(() => this.host.isConnected || this.#end(), 0);
  }

  /** Begins with what the element is set to. */
  protected abstract start(options: NonNullable<Host['options']>): void;

  /** Lets go of it. */
  protected abstract stop(): void;

  /** Goes with what the element is set to, and with the language of its place. @param others what it depends on beside `options` */
  protected follow(...others: (string | undefined)[]): void {
    this.#words.look();
    const { options, isConnected } = this.host;
    if (!isConnected) return;
    const key = options ? JSON.stringify([options, ...others]) : '';
    if (key === this.#key) return;
    this.#end();
    this.#key = key;
    if (options) this.start(options);
  }

  /** The words, with the page's own in their place, once they are there. */
  protected get said(): Words | undefined {
    return this.#words.current && withOwnWords(this.#words.current, this.host.strings);
  }

  protected say(text: (words: Words) => string): void {
    this.announcements.say(() => (this.said ? text(this.said) : ''));
  }

  #end(): void {
    this.stop();
    this.#key = '';
    this.announcements.stop();
  }
}
