import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import { browserWorld } from '../../../controller/browser-world.js';
import { fails, type CheckName, type CheckState } from '../../../controller/preflight/check-state.js';
import { Preflight, type PreflightSnapshot } from '../../../controller/preflight/preflight.js';
import { withOwnWords } from '../../languages/own-words.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { sentences } from '../../shared/sentences.js';
import { panelStyles } from '../../session/panels/styles.js';
import { Announcements } from '../announcements.js';
import { FeatureWords } from '../feature-words.js';
import { teller } from '../teller.js';
import type { PreflightEventFields } from './preflight-events.js';
import type { PreflightHost } from './preflight-host.js';
import { preflightStyles } from './preflight-styles.js';
import { adviceOf, preflightView, verdictOf } from './preflight-view.js';
import type { PreflightWords } from './preflight-words.js';
import { loadPreflightWords } from './words/load.js';

/** Nobody looks: camera and microphone go off after this, ms. */
const longestUnseenMs = 60_000;

/** Draws a preflight, and turns what a person does into calls of it. */
export class PreflightPart implements ReactiveController {
  readonly preflight = new Preflight((level) => this.#showLevel(level));
  readonly #host: PreflightHost;
  readonly #tellPage: ReturnType<typeof teller<PreflightEventFields>>;
  readonly #words: FeatureWords<PreflightWords>;
  /** What has been told of each check. */
  #told: Partial<Record<CheckName, CheckState>> = {};
  readonly #announcements: Announcements;
  #abort: AbortController | undefined;

  constructor(host: PreflightHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadPreflightWords);
    this.#announcements = new Announcements(() => host.shadowRoot!.querySelector('[part=announcement]'));
    host.wear(panelStyles);
    host.wear(preflightStyles);
    this.preflight.subscribe(() => this.#changed());
  }

  hostConnected(): void {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    let unseen: number | undefined;
    const { setTimeout, clearTimeout } = browserWorld();
    document.addEventListener(
      'visibilitychange',
      () => {
        clearTimeout(unseen);
        if (document.hidden) unseen = setTimeout(() => this.preflight.stop(), longestUnseenMs);
      },
      { signal },
    );
    window.addEventListener('pagehide', () => this.preflight.stop(), { signal });
    signal.addEventListener('abort', () => clearTimeout(unseen));
    this.#host.language.load().catch(() => {});
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#abort?.abort();
    this.#announcements.stop();
    this.preflight.stop();
  }

  /** The words, with the page's own in their place. */
  get #said(): PreflightWords | undefined {
    return this.#words.current && withOwnWords(this.#words.current, this.#host.strings);
  }

  draw(): void {
    const { whole, options } = this.#host;
    this.#words.look();
    const words = this.#said;
    if (!words) return;
    const view = preflightView({
      words,
      snapshot: this.preflight.snapshot,
      options,
      trackOf: (kind) => this.preflight.trackOf(kind),
      start: () => void this.preflight.start(options),
      stop: () => this.preflight.stop(),
      retry: (name) => void this.preflight.retry(name),
      choose: (kind, id) => void this.preflight.choose(kind, id),
      confirmTone: (wasHeard) => this.preflight.confirmTone(wasHeard),
      goOn: () => this.#goOn(),
    });
    const { shadowRoot } = this.#host;
    const before = shadowRoot!.activeElement;
    render(view, whole);
    // The button that was pressed has gone.
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(shadowRoot!.querySelector('[part=preflight-title]'));
  }

  #changed(): void {
    const { snapshot } = this.preflight;
    const { required, checks } = this.#host.options;
    const isFailed = required.some((name) => fails(snapshot.states[name]));
    const state = snapshot.passed ? 'passed' : isFailed ? 'failed' : 'checking';
    this.#host.showState(snapshot.isStarted ? state : 'idle');
    this.#tell(snapshot, checks, required);
    this.#host.requestUpdate();
  }

  /** Says what has come out (WCAG 4.1.3), and tells the page of what has failed. */
  #tell({ states }: PreflightSnapshot, checks: readonly CheckName[], required: readonly CheckName[]): void {
    const news = checks.filter((name) => states[name] !== this.#told[name]);
    this.#told = { ...states };
    for (const check of news) {
      const checkState = states[check];
      if (required.includes(check) && fails(checkState))
        this.#tellPage('preflight-failed', { check, checkState });
    }
    const words = this.#said;
    if (!words) return;
    const said = news
      .filter((name) => states[name] !== 'idle' && states[name] !== 'asking')
      .map((name) =>
        sentences(
          `${words.names[name]}: ${verdictOf(states[name], words)}.`,
          adviceOf(name, states[name], words),
        ),
      );
    if (said.length) this.#announcements.say(() => sentences(...said));
  }

  #showLevel(level: number): void {
    const meter = this.#host.shadowRoot!.querySelector<HTMLMeterElement>('[part=level]');
    if (meter) meter.value = level;
  }

  #goOn(): void {
    const { passed, chosen } = this.preflight.snapshot;
    if (!passed) return this.#announcements.say(() => this.#said!.notPassed);
    // The devices are free for whoever takes them now.
    this.preflight.stop();
    this.#tellPage('preflight-passed', {
      cameraId: chosen.camera ?? null,
      microphoneId: chosen.microphone ?? null,
      speakerId: chosen.speaker ?? null,
    });
  }
}
