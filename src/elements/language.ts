import { englishTimer } from './english-timer.js';
import type { OwnWords, TimerWords, Words } from './words.js';

/** An element that speaks. */
export interface Speaker extends Element {
  requestUpdate(): void;
}

/** Until the words of another language are there, digits and clock speak alone. */
const wordless = { endsAt: '{time}' } as Partial<TimerWords> as TimerWords;

/** Words with a page's own in their place, one by one also where several stand under one name. */
export function withOwnWords<Known extends OwnWords>(words: Known, own: OwnWords | undefined): Known {
  const { errors, refusals, pausedBy } = words;
  return {
    ...words,
    ...own,
    errors: { ...errors, ...own?.errors },
    refusals: { ...refusals, ...own?.refusals },
    pausedBy: { ...pausedBy, ...own?.pausedBy },
  };
}

/** Pages say `de_DE`, and browsers on servers `en-US@posix`: `Intl` throws at what is no language tag (RFC 5646). */
function isLocale(tag: string): boolean {
  try {
    return !!Intl.getCanonicalLocales(tag);
  } catch {
    return false;
  }
}

/**
 * The words of an element, in the language of its place in the page: its own `lang` or that of the closest ancestor,
 * through shadow roots. What is not known here is English.
 */
export class Language {
  readonly #speaker: Speaker;
  readonly #ownWords: () => OwnWords;
  #lang = '';
  #isDirected = false;
  #words: TimerWords & Partial<Words> = englishTimer;
  #loading: Promise<void> | undefined;
  /** The language of the words, such as `de`. */
  code = 'en';

  /** @param ownWords words of the page's own, which win. */
  constructor(speaker: Speaker, ownWords: () => OwnWords) {
    this.#speaker = speaker;
    this.#ownWords = ownWords;
  }

  /** For `Intl`: the language in the customer's own variety of it, such as `en-GB`. */
  get locale(): string {
    const lang = this.#lang.startsWith(this.code) ? this.#lang : this.code;
    const own = navigator.languages.filter((tag) => tag.startsWith(`${lang}-`));
    return [...own, lang].find(isLocale) ?? this.code;
  }

  /** `ltr` or `rtl`, where the page does not say it as near as the language; else empty. */
  get direction(): string {
    return this.#isDirected || !this.#lang ? '' : this.code === 'ar' ? 'rtl' : 'ltr';
  }

  /** The timer's words at first, every word once `load()` is done. */
  get words(): TimerWords & Partial<Words> {
    return withOwnWords(this.#words, this.#ownWords());
  }

  /** Looks which language the place has by now. */
  look(): void {
    let lang: string | null = null;
    this.#isDirected = false;
    for (let node: Element | null = this.#speaker; node && lang === null;) {
      lang = node.getAttribute('lang');
      this.#isDirected ||= node.hasAttribute('dir');
      node = node.parentElement ?? (node.getRootNode() as ShadowRoot).host;
    }
    lang ??= '';
    if (lang === this.#lang) return;
    this.#lang = lang;
    if (!this.#loading) {
      if (/^(en)?([-_]|$)/.test(lang)) return;
      this.#words = wordless;
    }
    this.#loading = undefined;
    // A failure is tried again with the next thing that needs words.
    this.load().catch(() => {});
  }

  /** Fetches every word of the language. Until then, and where it fails, the ones before stay. */
  load(): Promise<void> {
    const lang = this.#lang;
    return (this.#loading ??= import('./languages/load.js')
      .then(({ loadWords }) => loadWords(lang.split(/[-_]/)[0]!.toLowerCase()))
      .then(({ code, words }) => {
        if (lang !== this.#lang) return;
        this.code = code;
        this.#words = words;
        this.#speaker.requestUpdate();
      })
      .catch((error: unknown) => {
        this.#loading = undefined;
        throw error;
      }));
  }
}
