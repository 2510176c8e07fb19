import type { ReactiveController } from '@lit/reactive-element';
import { latePart } from '../../controller/late-part.js';
import { englishTimer } from '../session/english-timer.js';
import type { OwnWords, TimerWords, Words } from './words.js';

/** An element that speaks. */
export interface Speaker extends Element {
  requestUpdate(): void;
  addController(controller: ReactiveController): void;
}

const languages = latePart(() => import('../languages/load.js'));

/** Until the words of another language are there, digits and clock speak alone. */
const wordless = { endsAt: '{time}' } as Partial<TimerWords> as TimerWords;

/** What is said, and how. */
export interface Speech {
  /** The timer's words at first, every word once `load()` is done. */
  words: TimerWords & Partial<Words>;
  /** The language of the words, such as `de`. */
  code: string;
  /** `ltr` or `rtl`, where the page does not say it as near as the language, or says it of another one; else empty. */
  direction: string;
  /** An instant by the customer's clock. */
  clock(instant: number): string;
  /** For `Intl`: the language in the variety of page and customer, such as `de-AT`; once `load()` is done. */
  locale?: string;
}

/** Where it is said: by whom, in which language and with which words of the page. */
export interface Place {
  speaker: Element;
  lang: string;
  own: readonly (OwnWords | undefined)[];
}

/** The language of a place in the page; empty where the page says none. Elements on a server have no `closest`. */
function langOf(place: Element): string {
  for (let node: Element | null = place; node;) {
    const lang = node.getAttribute('lang');
    if (lang !== null) return lang;
    node = node.parentElement ?? (node.getRootNode() as ShadowRoot).host;
  }
  return '';
}

/** Until everything of the language is there. */
const firstSpeech =
  (first: TimerWords) =>
  ({ lang, own }: Place): Speech => ({
    words: Object.assign({}, first, ...own) as TimerWords,
    code: 'en',
    direction: '',
    // In the English of the page, or of the customer: tags that `Intl` cannot refuse.
    clock: (instant) =>
      new Date(instant).toLocaleTimeString(
        [lang, ...navigator.languages, 'en-GB'].filter((tag) => /^en-[A-Z]{2}$/i.test(tag)),
        { numberingSystem: 'latn', timeStyle: 'short' },
      ),
  });

/**
 * The words of an element, in the language of its place in the page: its own `lang` or that of the closest ancestor,
 * through shadow roots. What is not known here is English, unless the page brings words of its own for it. Times,
 * lengths and amounts are always in the language of the words.
 */
export class Language implements Speech {
  declare words: Speech['words'];
  declare code: string;
  declare direction: string;
  declare clock: Speech['clock'];
  declare locale: string;
  readonly #speaker: Speaker;
  readonly #ownWords: () => readonly (OwnWords | undefined)[];
  #lang = '';
  #speak = firstSpeech(englishTimer);
  #loading: Promise<void> | undefined;

  /** @param ownWords words of the page's own, which win; the last ones most. */
  constructor(speaker: Speaker, ownWords: () => readonly (OwnWords | undefined)[]) {
    this.#speaker = speaker;
    this.#ownWords = ownWords;
  }

  /** Looks which language the place has by now, and how things are said in it. */
  look(): void {
    const lang = langOf(this.#speaker);
    if (lang !== this.#lang) {
      this.#lang = lang;
      if (this.#loading || !/^(en)?([-_]|$)/i.test(lang)) {
        if (!this.#loading) this.#speak = firstSpeech(wordless);
        this.#loading = undefined;
        // A failure is tried again with the next thing that needs words.
        this.load().catch(() => {});
      }
    }
    Object.assign(this, this.#speak({ speaker: this.#speaker, lang, own: this.#ownWords() }));
  }

  /** Fetches every word of the language, and follows it from then on. Until then, and where it fails, the ones before stay. */
  load(): Promise<void> {
    const lang = this.#lang;
    const isNeeded = () => this.#speaker.isConnected && lang === this.#lang;
    return (this.#loading ??= languages(isNeeded)
      .then(({ loadSpeech }) => loadSpeech(this.#speaker, lang, isNeeded, englishTimer))
      .then((speak) => {
        if (lang !== this.#lang) return;
        this.#speak = speak;
        this.look();
        this.#speaker.requestUpdate();
      })
      .catch((error: unknown) => {
        this.#loading = undefined;
        throw error;
      }));
  }
}
