import { render } from 'lit/html.js';
import type { SetupOptions } from '../../controller/setup/setup-options.js';
import { Setup, type RehearsalState } from '../../controller/setup/setup.js';
import { setupSteps, type SetupStep } from '../../controller/setup/setup-steps.js';
import { FeaturePart } from '../help/feature-part.js';
import { formStyles } from '../help/form-styles.js';
import { panelStyles } from '../session/panels/styles.js';
import { focusQuietly } from '../shared/focus.js';
import { formatsFor } from '../shared/formats.js';
import type { Words } from '../shared/words.js';
import type { SetupEventFields } from './setup-events.js';
import type { SetupHost } from './setup-host.js';
import { firstPlace, readPlace, writePlace, type SetupPlace } from './setup-place.js';
import { setupStyles } from './setup-styles.js';
import { setupView, type SetupView, type SnippetTheme } from './setup-view.js';
import type { SetupWords } from './setup-words.js';
import { loadSetupWords } from './words/load.js';

/** A secret key, which belongs into no field of a page. */
const secretKey = /sk_(live|test)_[\w-]{16,}/;
const mostTokens = 1_000_000;

/** Draws a set-up, and turns what a person does into calls of it. */
export class SetupPart extends FeaturePart<SetupHost, SetupWords, SetupEventFields> {
  #setup: Setup | undefined;
  #place: SetupPlace = firstPlace;
  #theme: SnippetTheme = 'auto';
  #accent: string | undefined;
  #copied: string | undefined;
  #fault: string | undefined;
  #rehearsal: RehearsalState = 'none';
  #listening: AbortController | undefined;

  constructor(host: SetupHost) {
    super(host, loadSetupWords, panelStyles, formStyles, setupStyles);
  }

  protected override stop(): void {
    this.#setup?.close();
    this.#setup = undefined;
    this.#rehearsal = 'none';
    [this.#fault, this.#copied] = [undefined, undefined];
    this.#listening?.abort();
  }

  protected override start(options: SetupOptions): void {
    this.#place = this.#writtenPlace;
    this.#setup = new Setup(options, this.#place.hasKey);
    this.#setup.subscribe(() => this.#changed());
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener('popstate', () => this.#goTo(this.#writtenPlace), { signal });
    this.#changed();
  }

  get #writtenPlace(): SetupPlace {
    const { addressPrefix } = this.host;
    return addressPrefix ? readPlace(new URLSearchParams(location.search), addressPrefix) : firstPlace;
  }

  /** The one that was chosen; else the first that is due. */
  get #step(): SetupStep {
    const { steps } = this.#setup!.snapshot;
    return this.#place.step ?? setupSteps.find((name) => steps[name] === 'due') ?? 'live';
  }

  draw(): void {
    this.follow(this.host.addressPrefix);
    const words = this.said;
    const { locale, words: common } = this.host.language;
    const { options } = this.host;
    if (!words || locale === undefined || !this.#setup || !options) return;
    render(setupView(this.#view(words, common as Words, locale)), this.host.whole);
  }

  #view(words: SetupWords, common: Words, locale: string): SetupView {
    const setup = this.#setup!;
    const { apiEndpoint, applicationId } = this.host.options!;
    return {
      ...{ words, common, snapshot: setup.snapshot, formats: formatsFor(common, locale) },
      ...{ apiEndpoint, applicationId, step: this.#step, framework: this.#place.framework },
      ...{ theme: this.#theme, accent: this.#accent, copied: this.#copied, fault: this.#fault },
      open: (step) => this.#open(step),
      next: () => this.#open(setupSteps[setupSteps.indexOf(this.#step) + 1]!),
      savePage: (address) => void this.#savePage(address),
      savePrice: (tokens) => void this.#savePrice(tokens),
      register: (origin) => void this.#register(origin),
      remove: (origin) => this.#saved(setup.removeOrigin(origin)),
      newKey: () => void setup.newKey(),
      keepKey: () => {
        setup.keepKey();
        this.#put({ hasKey: true });
        focusQuietly(this.#title);
      },
      choose: ({ framework, theme, accent }) => {
        if (framework) this.#put({ framework });
        [this.#theme, this.#accent] = [theme ?? this.#theme, accent ?? this.#accent];
        this.host.requestUpdate();
      },
      copy: (name, text) => void this.#copy(name, text),
      check: () => void this.#check(),
      rehearse: () => void setup.rehearse(),
      stop: () => {
        focusQuietly(this.#title);
        void setup.stopRehearsal();
      },
      retry: () => setup.retry(),
    };
  }

  get #title(): HTMLElement | null {
    return this.host.shadowRoot!.querySelector('[part=step-title]');
  }

  #open(step: SetupStep): void {
    this.#put({ step });
    this.tellPage('step-opened', { step });
    void this.host.updateComplete.then(() => {
      const title = this.#title;
      title?.scrollIntoView({ block: 'nearest' });
      focusQuietly(title);
    });
  }

  /** Keeps what a person has chosen, in the page's address too. */
  #put(changes: Partial<SetupPlace>): void {
    const place = { ...this.#place, ...changes };
    this.#goTo(place);
    const { addressPrefix } = this.host;
    if (!addressPrefix) return;
    const address = new URL(location.href);
    writePlace(address.searchParams, addressPrefix, place);
    if (address.href === location.href) return;
    try {
      history.pushState(history.state, '', address);
    } catch {
      // A page in a frame of its own, or one that does so too often, may be refused it.
    }
  }

  #goTo(place: SetupPlace): void {
    if (place.step !== this.#place.step) [this.#fault, this.#copied] = [undefined, undefined];
    this.#place = place;
    this.host.requestUpdate();
  }

  async #savePage(address: string): Promise<void> {
    const words = this.said!;
    const isAddress = URL.canParse(address) && /^https?:\/\//.test(address);
    if (secretKey.test(address)) return this.#refuse(words.secretInField);
    if (!isAddress) return this.#refuse(words.addressInvalid);
    this.#refuse(undefined);
    this.#saved(this.#setup!.setPage(address));
  }

  async #savePrice(tokens: string): Promise<void> {
    const price = /^\d{1,7}$/.test(tokens) ? Number(tokens) : Infinity;
    if (price > mostTokens) return this.#refuse(this.said!.priceInvalid);
    this.#refuse(undefined);
    this.#saved(this.#setup!.setPrice(price));
  }

  #refuse(fault: string | undefined): void {
    this.#fault = fault;
    this.host.requestUpdate();
    if (!fault) return;
    this.say(() => fault);
    focusQuietly(this.host.shadowRoot!.querySelector('[part=step-panel] input'));
  }

  #saved(saving: Promise<boolean>): void {
    void saving.then((isSaved) => isSaved && this.say((words) => words.saved));
  }

  async #register(origin: string): Promise<void> {
    if (!(await this.#setup?.registerOrigin(origin))) return;
    this.say((words) => words.saved);
    focusQuietly(this.#title);
    await this.#check();
  }

  async #copy(name: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#copied = name;
      this.say((words) => words.copied);
      this.host.requestUpdate();
    } catch {
      // A frame may be refused it: what is to be copied stands there.
    }
  }

  async #check(): Promise<void> {
    const setup = this.#setup;
    if (!(await setup?.check())) return;
    const { report } = setup!.snapshot;
    const findings = report?.checks.flatMap((check) => check.findings) ?? [];
    const blockers = findings.filter(({ blocks }) => blocks).length;
    const isReady = blockers === 0;
    this.tellPage('page-checked', { isReady, causes: findings.map(({ cause }) => cause) });
    this.say((words) => (isReady ? words.ready : words.notReady.replace('{count}', String(blockers))));
  }

  #changed(): void {
    const { application, rehearsal, failure, steps } = this.#setup!.snapshot;
    const isDone = setupSteps.every((name) => steps[name] !== 'due');
    this.host.showState(
      application.value ? (isDone ? 'complete' : 'incomplete') : application.state,
      ...(application.value?.mode ? [application.value.mode] : []),
    );
    if (rehearsal !== this.#rehearsal) {
      this.#rehearsal = rehearsal;
      if (rehearsal !== 'none') this.say((words) => words.rehearsal[rehearsal]);
      if (rehearsal === 'ended')
        this.tellPage('setup-verified', { applicationId: this.host.options!.applicationId });
    }
    if (failure) this.say((words) => words.failed.replace('{code}', failure.code));
    this.host.requestUpdate();
  }
}
