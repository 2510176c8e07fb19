import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import { withOwnWords } from '../../languages/own-words.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import type { Words } from '../../shared/words.js';
import { panelStyles } from '../../session/panels/styles.js';
import { Announcements } from '../announcements.js';
import { FeatureWords } from '../feature-words.js';
import { formStyles } from '../form-styles.js';
import { teller } from '../teller.js';
import { OutcomeAsker } from './outcome-asker.js';
import type { OutcomeEventFields } from './outcome-events.js';
import type { OutcomeHost } from './outcome-host.js';
import { outcomeStyles } from './outcome-styles.js';
import { outcomeView } from './outcome-view.js';
import type { OutcomeWords } from './outcome-words.js';
import { loadOutcomeWords } from './words/load.js';

/** Draws the form of an outcome in a card of its own. */
export class OutcomePart implements ReactiveController {
  readonly #host: OutcomeHost;
  readonly #tellPage: ReturnType<typeof teller<OutcomeEventFields>>;
  readonly #words: FeatureWords<OutcomeWords>;
  readonly #announcements: Announcements;
  #asker: OutcomeAsker | undefined;
  /** What it asks about. */
  #key = '';

  constructor(host: OutcomeHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadOutcomeWords);
    this.#announcements = new Announcements(() => host.shadowRoot!.querySelector('[part=announcement]'));
    host.wear(panelStyles);
    host.wear(formStyles);
    host.wear(outcomeStyles);
  }

  hostConnected(): void {
    this.#host.language.load().catch(() => {});
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#announcements.stop();
    this.#asker?.stop();
  }

  /** Asks about the talk that the attributes speak of. */
  #follow(): void {
    const { options, isConnected } = this.#host;
    if (!isConnected) return;
    const key = JSON.stringify(options ?? {});
    if (key !== this.#key) {
      this.#key = key;
      this.#asker?.stop();
      this.#asker = new OutcomeAsker(options, {
        changed: () => this.#changed(),
        say: (text) => this.#announcements.say(() => text),
        submitted: (outcome) =>
          this.#tellPage('outcome-submitted', { requestId: options!.requestId, outcome }),
      });
    }
    this.#asker!.start();
  }

  draw(): void {
    this.#follow();
    this.#words.look();
    const { whole, shadowRoot, language, strings } = this.#host;
    if (!this.#words.current || !language.locale || !this.#asker) return;
    const words = withOwnWords(this.#words.current, strings as Partial<OutcomeWords>);
    const before = shadowRoot!.activeElement;
    render(outcomeView(this.#asker.view('outcome', words, language.words as Words)), whole);
    // What had the focus has gone.
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(shadowRoot!.querySelector('[part=outcome-title]'));
  }

  #changed(): void {
    this.#host.showState(this.#asker!.snapshot.phase);
    this.#host.requestUpdate();
  }
}
