import { ReactiveElement, type PropertyValues } from '@lit/reactive-element';
import type { SessionEventMap } from '../controller/event-map.js';
import type { SessionEventType } from '../controller/events.js';
import type { Logger } from '../controller/logger.js';
import type { HttpHooks, SessionControllerOptions } from '../controller/options.js';
import { SessionController } from '../controller/session-controller.js';
import type { SessionSnapshot } from '../controller/snapshot.js';
import { browserWorld } from '../controller/world.js';
import { numberList, wordList } from './attribute-lists.js';
import { Frame, timeClass, write } from './frame.js';
import type { Panels, PanelsHost, SessionAction } from './panels-host.js';
import { englishTimer } from './strings.js';
import { timerStyles } from './styles.js';

/** Events of the controller that the element tells the page, as `session-<type>`. */
const toldEvents = [
  'ready',
  'statechange',
  'start',
  'warning',
  'extend-request',
  'extend',
  'pause',
  'resume',
  'connection',
  'end-request',
  'complete',
  'end',
  'redirect',
  'error',
] as const satisfies readonly SessionEventType[];

type ToldEvent = (typeof toldEvents)[number];

/**
 * A paid, timed session: reads the session token that the customer arrived with, shows the time left, warns, extends,
 * and at the end settles and returns the customer.
 *
 * @summary One tag that turns a page into a paid, timed session.
 * @tag marketplace-session
 *
 * @attr {string} api-endpoint - Address of the session service, such as https://market.example/api/v1. The only attribute needed.
 * @attr {string} application-id - The application that session tokens must be for.
 * @attr {string} jwks-uri - Where the marketplace publishes its keys; set, the session token is verified in the page too.
 * @attr {string} session-token - A session token, where the server has written it into the page.
 * @attr {string} session-token-url - An address of the page's own server that answers {session_token}.
 * @attr {string} token-param - Query parameter that holds the session token; "session" by default.
 * @attr {string} warning-seconds - Seconds left at which to warn, "300 60" by default: a banner at each, the dialog at the last.
 * @attr {string} extend-minutes - Minutes to offer of those that the service sells; "15 30 60" by default.
 * @attr {number} heartbeat-seconds - Seconds between heartbeats, 30 by default.
 * @attr {string} return-origins - Origins that may be returned to, beside the service's and the page's own.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 * @attr {boolean} no-autostart - Waits for start().
 * @attr {boolean} no-redirect - Stays on the page at the end.
 * @attr {boolean} no-timer - Draws no timer.
 * @attr {boolean} no-warning - Draws neither banner nor dialog; the events stay.
 * @attr {boolean} no-extend - Offers no extension.
 * @attr {boolean} debug - Logs to the console. No line holds a session token.
 *
 * @slot - Anything that belongs into the bar.
 * @slot fallback - Shown until the session runs.
 *
 * @csspart bar - Timer and buttons.
 * @csspart timer - Label, time and end by the clock.
 * @csspart timer-label
 * @csspart time - The digits.
 * @csspart end-time - When it ends.
 * @csspart loading - Said while the service is asked.
 * @csspart buttons - Around the bar's buttons.
 * @csspart panels - Around everything below the bar.
 * @csspart announcement - Heard, not seen.
 * @csspart button - Every button and link drawn as one; each has a part of its own too: extend-button, pause-button, resume-button, end-button, confirm-button, keep-button, dismiss-button, retry-button, top-up-link, return-link.
 * @csspart primary-button - The button that is most likely wanted.
 * @csspart panels - Around everything below the bar.
 * @csspart banner - What is told without getting in the way; also warning, notice or connection.
 * @csspart banner-text
 * @csspart dialog - The dialog of the last warning, of extending and of ending.
 * @csspart dialog-title
 * @csspart dialog-text
 * @csspart dialog-time - The time left, in the dialog.
 * @csspart dialog-status - Says that the connection is lost.
 * @csspart options - What can be bought.
 * @csspart options-title
 * @csspart option - One of them; the picked one is also chosen-option.
 * @csspart option-time
 * @csspart option-price
 * @csspart option-end - The new end, or why it cannot be had.
 * @csspart message - Why something was refused.
 * @csspart actions - Around the dialog's buttons.
 * @csspart error - In place of the bar, when there is no session.
 * @csspart error-title
 * @csspart error-text
 * @csspart reference - The error's code, for a support case.
 * @csspart ended - In place of the bar, after the end.
 * @csspart ended-title
 * @csspart ended-text
 * @csspart receipt - Time used, cost and refund.
 * @csspart receipt-row
 * @csspart announcement - Heard, not seen.
 *
 * @cssproperty --marketplace-session-accent - Main buttons and focus rings.
 * @cssproperty --marketplace-session-on-accent - Text on them.
 * @cssproperty --marketplace-session-surface - Behind buttons and the dialog.
 * @cssproperty --marketplace-session-text
 * @cssproperty --marketplace-session-muted - Labels.
 * @cssproperty --marketplace-session-border
 * @cssproperty --marketplace-session-urgent - The time, once it is short.
 * @cssproperty --marketplace-session-radius
 *
 * @cssstate loading - The service is being asked.
 * @cssstate waiting
 * @cssstate active - Time runs.
 * @cssstate paused
 * @cssstate ending - The time is up, the bill on its way.
 * @cssstate ended
 * @cssstate failed - There is no session; the error says why.
 * @cssstate warning - A threshold has been passed.
 * @cssstate reconnecting - Heartbeats fail.
 *
 * @fires session-ready - The service has accepted the session token. `sessionId`, `applicationId`, `remainingSeconds`.
 * @fires session-statechange - `state`, `previousState`.
 * @fires session-start - Time runs in this page. `sessionId`, `remainingSeconds`.
 * @fires session-warning - Cancelable: no banner or dialog then. `thresholdSeconds`, `remainingSeconds`, `isLast`.
 * @fires session-extend-request - Cancelable, `respondWith(promise)`. `minutes`, `tokens`.
 * @fires session-extend - `additionalSeconds`, `tokens`, `remainingSeconds`.
 * @fires session-pause - `pauseSecondsLeft`.
 * @fires session-resume - `remainingSeconds`.
 * @fires session-connection - `connection`.
 * @fires session-end-request - Cancelable, `respondWith(promise)`. `remainingSeconds`.
 * @fires session-complete - The bill. `sessionId`, `usedSeconds`, `finalCost`, `tokensRefunded`.
 * @fires session-end - `sessionId`, `status`.
 * @fires session-redirect - Cancelable: the page stays. `address`.
 * @fires session-error - `code`, `error`.
 */
export class MarketplaceSessionElement
  extends ReactiveElement
  implements SessionControllerOptions, PanelsHost
{
  static override styles = timerStyles;

  static override properties = {
    apiEndpoint: { attribute: 'api-endpoint' },
    applicationId: { attribute: 'application-id' },
    jwksUri: { attribute: 'jwks-uri' },
    sessionToken: { attribute: 'session-token' },
    sessionTokenUrl: { attribute: 'session-token-url' },
    tokenParam: { attribute: 'token-param' },
    warningSeconds: { attribute: 'warning-seconds', converter: numberList },
    extendMinutes: { attribute: 'extend-minutes', converter: numberList },
    heartbeatSeconds: { attribute: 'heartbeat-seconds', type: Number },
    returnOrigins: { attribute: 'return-origins', converter: wordList },
    noAutostart: { attribute: 'no-autostart', type: Boolean },
    noRedirect: { attribute: 'no-redirect', type: Boolean },
    noTimer: { attribute: 'no-timer', type: Boolean },
    noWarning: { attribute: 'no-warning', type: Boolean },
    noExtend: { attribute: 'no-extend', type: Boolean },
    debug: { attribute: 'debug', type: Boolean },
    strings: { attribute: false },
  };

  declare apiEndpoint: string;
  declare applicationId: string | undefined;
  declare jwksUri: string | undefined;
  declare sessionToken: string | undefined;
  declare sessionTokenUrl: string | undefined;
  declare tokenParam: string | undefined;
  declare warningSeconds: readonly number[] | undefined;
  declare extendMinutes: readonly number[] | undefined;
  declare heartbeatSeconds: number | undefined;
  declare returnOrigins: readonly string[] | undefined;
  declare noAutostart: boolean;
  declare noRedirect: boolean;
  declare noTimer: boolean;
  declare noWarning: boolean;
  declare noExtend: boolean;
  declare debug: boolean;
  /** Words in place of the element's own. */
  declare strings: object;

  /** Asks the page for a session token when the address holds none. */
  getSessionToken: (() => Promise<string>) | undefined;
  /** Called around each request to the service. */
  hooks: HttpHooks | undefined;

  /** The session without a view. The same object for the element's whole life. */
  readonly controller = new SessionController(this);

  readonly #internals = this.attachInternals();
  /** What is drawn from the first second. @internal */
  declare frame: Frame;
  #panels: Panels | undefined;
  #panelsLoading: Promise<Panels> | undefined;

  constructor() {
    super();
    this.apiEndpoint = '';
    this.strings = {};
    this.noAutostart = this.noRedirect = this.noTimer = this.noWarning = this.noExtend = this.debug = false;
    for (const type of toldEvents) this.controller.addEventListener(type, (event) => this.#tell(type, event));
    this.controller.addEventListener('tick', () => this.#writeTime());
    this.controller.subscribe(() => this.requestUpdate());
    this.addEventListener('command', (event) => {
      const [, action] =
        /^--(extend|pause|resume|end)$/.exec((event as Event & { command: string }).command) ?? [];
      if (action) this.#withPanels((panels) => panels.act(action as SessionAction));
    });
  }

  /** Everything a view needs to know; replaced at each change. */
  get snapshot(): SessionSnapshot {
    return this.controller.snapshot;
  }

  /** Whole seconds left; null before the service has spoken. */
  get remainingSeconds(): number | null {
    return this.controller.remainingSeconds;
  }

  /** Whether the session leaves the page at its end. */
  get redirect(): boolean {
    return !this.noRedirect;
  }

  /** Where the session logs: the console, with `debug`. */
  get logger(): Logger | undefined {
    if (!this.debug) return undefined;
    return (level, line) =>
      void import('../controller/logger.js').then((logger) => logger.consoleLogger('debug')(level, line));
  }

  /** The language of the element or its closest ancestor, in the customer's own variety of it. */
  get locale(): string | undefined {
    const lang = this.closest<HTMLElement>('[lang]')?.lang;
    return (lang && navigator.languages.find((own) => own.startsWith(`${lang}-`))) || lang || undefined;
  }

  /** Starts the session; only needed with `no-autostart`, or to try again. */
  start(): Promise<void> {
    return this.controller.start();
  }
  pause(): Promise<void> {
    return this.controller.pause();
  }
  resume(): Promise<void> {
    return this.controller.resume();
  }
  /** Buys more time. @param minutes one of the options that the service offers. */
  extend(minutes: number): Promise<void> {
    return this.controller.extend(minutes);
  }
  end(): Promise<void> {
    return this.controller.end();
  }
  /** Reports the work as done, and settles. */
  complete(usage?: { actualUsageMinutes?: number; metadata?: Record<string, string> }): Promise<void> {
    return this.controller.complete(usage);
  }
  /** Calls back after each change of the snapshot. @returns a function that ends it. */
  subscribe(listener: () => void): () => void {
    return this.controller.subscribe(listener);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.controller.takeToken();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Moving an element removes it first; that must not restart the session.
    setTimeout(() => this.isConnected || this.controller.destroy());
  }

  protected override update(changed: PropertyValues<this>): void {
    super.update(changed);
    this.frame ??= new Frame(this.renderRoot);
    const { state, warning, connection, error } = this.snapshot;
    this.frame.show({
      snapshot: this.snapshot,
      strings: { ...englishTimer, ...this.strings },
      locale: this.locale,
      hasTimer: !this.noTimer,
    });
    if (this.#panels) this.#panels.update();
    else this.frame.panels.textContent = state === 'failed' ? error!.message : '';
    this.#writeTime();
    const { states } = this.#internals;
    states.clear();
    states.add(state);
    if (warning) states.add('warning');
    if (connection !== 'online') states.add(connection);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    const isOther = (
      ['apiEndpoint', 'applicationId', 'jwksUri', 'sessionToken', 'sessionTokenUrl'] as const
    ).some((name) => changed.has(name));
    if (isOther && this.snapshot.state !== 'idle') this.controller.destroy();
    // A failure stands in the snapshot, and is drawn from there.
    if (!this.noAutostart && this.snapshot.state === 'idle') this.start().catch(() => {});
  }

  /** Tells the page, then does what the page has not prevented. */
  #tell<T extends ToldEvent>(type: T, event: SessionEventMap[T]): void {
    const told = event.retell(`session-${type}`);
    if (!this.dispatchEvent(told)) event.preventDefault();
    (event as { response?: unknown }).response = (told as { response?: unknown }).response;
    // The time is shown first; what else there is to see comes after it.
    if (type === 'ready') browserWorld().whenIdle(() => this.#withPanels(() => {}));
    if (type === 'error') this.#withPanels(() => {});
    if (type === 'warning' && !event.defaultPrevented && !this.noWarning) {
      this.#withPanels((panels) => panels.showWarning(event as unknown as SessionEventMap['warning']));
    }
  }

  /** The late part, fetched once; asked for again where the fetch failed. */
  #withPanels(use: (panels: Panels) => void): void {
    this.#panelsLoading ??= import('./panels/panels.js').then(({ SessionPanels }) => {
      this.requestUpdate();
      return (this.#panels = new SessionPanels(this));
    });
    this.#panelsLoading.then(use, () => (this.#panelsLoading = undefined));
  }

  /** The only thing that changes on each second: the text of the time. */
  #writeTime(): void {
    const text = this.controller.remainingText;
    for (const element of this.renderRoot.querySelectorAll(`.${timeClass}`)) write(element, text);
  }
}

type TagEvents = { [T in ToldEvent as `session-${T}`]: SessionEventMap[T] };

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session': MarketplaceSessionElement;
  }
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface HTMLElementEventMap extends TagEvents {}
}
