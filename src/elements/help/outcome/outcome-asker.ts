import {
  OutcomeForm,
  unknownOutcome,
  type OutcomeFormOptions,
  type OutcomeFormSnapshot,
} from '../../../controller/outcome/outcome-form.js';
import { SessionError } from '../../../protocol/errors.js';
import type { Outcome } from '../../../protocol/help-request.js';
import type { Words } from '../../shared/words.js';
import { titleOf, type OutcomeDraft, type OutcomeView } from './outcome-view.js';
import type { OutcomeWords } from './outcome-words.js';

/** Whoever shows the form. */
export interface AskerHost {
  changed(): void;
  say(text: string): void;
  /** The service has it. */
  submitted(outcome: Outcome): void;
}

/** Asks a helper of one talk how it ended, wherever that is shown: what was chosen and written outlives a failure, and a move. */
export class OutcomeAsker {
  readonly #options: OutcomeFormOptions | undefined;
  readonly #host: AskerHost;
  #form: OutcomeForm | undefined;
  /** Of a page that has set it up in a way that nothing can be asked. */
  #misfit: SessionError | undefined;
  #draft: OutcomeDraft = { outcome: null, notes: '' };
  #isChoiceMissing = false;

  /** @param options undefined is told as a fault of the configuration. */
  constructor(options: OutcomeFormOptions | undefined, host: AskerHost) {
    this.#options = options;
    this.#host = host;
  }

  get snapshot(): OutcomeFormSnapshot {
    return this.#form?.snapshot ?? { ...unknownOutcome, error: this.#misfit ?? null };
  }

  start(): void {
    if (this.#form) return;
    try {
      if (!this.#options) throw new SessionError('CONFIGURATION_INVALID');
      this.#form = new OutcomeForm(this.#options);
      this.#form.subscribe(() => this.#host.changed());
      this.#form.start();
    } catch (error) {
      this.#misfit = error as SessionError;
    }
  }

  stop(): void {
    this.#form?.close();
    this.#form = undefined;
  }

  /** @param name of all ids in it, which are to be unique in their shadow root. */
  view(name: string, words: OutcomeWords, common: Words): OutcomeView {
    return {
      ...{ name, words, common, snapshot: this.snapshot },
      ...{ draft: this.#draft, isChoiceMissing: this.#isChoiceMissing },
      write: (draft) => {
        this.#draft = { ...this.#draft, ...draft };
        if (draft.outcome) this.#isChoiceMissing = false;
        this.#host.changed();
      },
      submit: () => void this.#submit(words),
      retry: this.#form && (() => this.#form?.retry()),
    };
  }

  async #submit(words: OutcomeWords): Promise<void> {
    const form = this.#form;
    const { outcome, notes } = this.#draft;
    if (!form) return;
    this.#isChoiceMissing = !outcome;
    this.#host.changed();
    if (!outcome) return;
    try {
      await form.submit(outcome, notes);
    } catch {
      // It says so where it is drawn.
      return;
    }
    const { snapshot } = form;
    this.#host.say(snapshot.isOther ? words.other : titleOf({ words, snapshot }));
    if (!snapshot.isOther) this.#host.submitted(outcome);
  }
}
