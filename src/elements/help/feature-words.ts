import type { Language, Speaker } from '../shared/language.js';

/** An element that has words of a feature beside those that all share. */
interface FeatureSpeaker extends Pick<Speaker, 'isConnected' | 'requestUpdate'> {
  readonly language: Language;
}

type Load<Words> = (code: string, isNeeded: () => unknown) => Promise<{ words: Words }>;

/** The words of one feature, in the language of an element's place. */
export class FeatureWords<Words> {
  readonly #speaker: FeatureSpeaker;
  readonly #load: Load<Words>;
  /** The language that was asked for last. */
  #code: string | undefined;
  /** Once some are there. */
  current: Words | undefined;

  constructor(speaker: FeatureSpeaker, load: Load<Words>) {
    this.#speaker = speaker;
    this.#load = load;
  }

  /** Looks which language the place has by now; the element is updated once its words are there. */
  look(): void {
    const { code } = this.#speaker.language;
    if (code === this.#code) return;
    this.#code = code;
    const isNeeded = () => this.#speaker.isConnected && this.#code === code;
    this.#load(code, isNeeded).then(
      ({ words }) => {
        if (this.#code !== code) return;
        this.current = words;
        this.#speaker.requestUpdate();
      },
      // Tried again with the next update.
      () => this.#code === code && (this.#code = undefined),
    );
  }
}
