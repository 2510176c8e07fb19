import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import {
  OutcomeForm,
  unknownOutcome,
  type OutcomeFormSnapshot,
} from '../../../controller/outcome/outcome-form.js';
import { SessionError } from '../../../protocol/errors.js';
import { withOwnWords } from '../../languages/own-words.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import type { Words } from '../../shared/words.js';
import { panelStyles } from '../../session/panels/styles.js';
import { Announcements } from '../announcements.js';
import { FeatureWords } from '../feature-words.js';
import { formStyles } from '../form-styles.js';
import { teller } from '../teller.js';
import type { OutcomeEventFields } from './outcome-events.js';
import type { OutcomeHost } from './outcome-host.js';
import { outcomeStyles } from './outcome-styles.js';
import { outcomeView, titleOf, type OutcomeDraft } from './outcome-view.js';
import type { OutcomeWords } from './outcome-words.js';
import { loadOutcomeWords } from './words/load.js';

/** Draws the form of an outcome, and turns what a helper does into calls of it. */
export class OutcomePart implements ReactiveController {
  readonly #host: OutcomeHost;
  readonly #tellPage: ReturnType<typeof teller<OutcomeEventFields>>;
  readonly #words: FeatureWords<OutcomeWords>;
  readonly #announcements: Announcements;
  #form: OutcomeForm | undefined;
  /** What the form was opened with. */
  #key = '';
  /** Of a page that has set the element up in a way that nothing can be asked. */
  #misfit: SessionError | undefined;
  #draft: OutcomeDraft = { outcome: null, notes: '' };
  #isChoiceMissing = false;

  constructor(host: OutcomeHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadOutcomeWords);
    this.#announcements = new Announcements(() => host.shadowRoot!.querySelector('[part=announcement]'));
    host.wear(panelStyles);
    host.wear(formStyles);
    host.wear(outcomeStyles);
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.language.load().catch(() => {});
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#announcements.stop();
    this.#form?.close();
    this.#form = undefined;
    this.#key = '';
  }

  /** Opens the form that the attributes speak of. */
  #follow(): void {
    const { options, isConnected } = this.#host;
    const key = JSON.stringify(options ?? {});
    if (!isConnected || key === this.#key) return;
    this.#form?.close();
    this.#form = undefined;
    // Words about another talk stay with that one.
    if (this.#key) this.#draft = { outcome: null, notes: '' };
    this.#key = key;
    this.#misfit = undefined;
    try {
      if (!options) throw new SessionError('CONFIGURATION_INVALID');
      this.#form = new OutcomeForm(options);
      this.#form.subscribe(() => this.#changed());
      this.#form.start();
    } catch (error) {
      this.#misfit = error as SessionError;
    }
  }

  get #snapshot(): OutcomeFormSnapshot | undefined {
    return this.#form?.snapshot ?? (this.#misfit && { ...unknownOutcome, error: this.#misfit });
  }

  draw(): void {
    this.#follow();
    this.#words.look();
    const { whole, shadowRoot, language, strings } = this.#host;
    const snapshot = this.#snapshot;
    if (!this.#words.current || !language.locale || !snapshot) return;
    const words = withOwnWords(this.#words.current, strings as Partial<OutcomeWords>);
    const before = shadowRoot!.activeElement;
    const view = {
      words,
      common: language.words as Words,
      snapshot,
      draft: this.#draft,
      isChoiceMissing: this.#isChoiceMissing,
      write: (draft: Partial<OutcomeDraft>) => {
        this.#draft = { ...this.#draft, ...draft };
        if (draft.outcome) this.#isChoiceMissing = false;
        this.#host.requestUpdate();
      },
      submit: () => void this.#submit(words),
      retry: this.#form && (() => this.#form?.retry()),
    };
    render(outcomeView(view), whole);
    // What had the focus has gone.
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(shadowRoot!.querySelector('[part=outcome-title]'));
  }

  async #submit(words: OutcomeWords): Promise<void> {
    const { outcome, notes } = this.#draft;
    const requestId = this.#host.options?.requestId;
    const form = this.#form;
    if (!form || !requestId) return;
    this.#isChoiceMissing = !outcome;
    this.#host.requestUpdate();
    if (!outcome) return;
    try {
      await form.submit(outcome, notes);
    } catch {
      // It says so where it is drawn.
      return;
    }
    const { snapshot } = form;
    this.#announcements.say(() => (snapshot.isOther ? words.other : titleOf({ words, snapshot })));
    if (!snapshot.isOther) this.#tellPage('outcome-submitted', { requestId, outcome });
  }

  #changed(): void {
    this.#host.showState(this.#form!.snapshot.phase);
    this.#host.requestUpdate();
  }
}
