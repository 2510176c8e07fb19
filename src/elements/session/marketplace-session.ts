import type { PropertyValues } from '@lit/reactive-element';
import type { TrackedValues } from '../../controller/analytics/analytics.js';
import type { SessionEventMap } from '../../controller/event-map.js';
import type { SessionEvent, SessionEventType } from '../../controller/events.js';
import {
  callback,
  flag,
  hooks,
  numbers,
  oneNumber,
  oneOf,
  text,
  words,
} from '../../controller/option-values.js';
import type { HttpHooks, SessionControllerOptions } from '../../controller/options.js';
import { SessionController } from '../../controller/session-controller.js';
import type { SessionSnapshot } from '../../controller/snapshot.js';
import { browserWorld } from '../../controller/browser-world.js';
import { BaseElement, themes, type Property, type Theme } from '../shared/base-element.js';
import { Frame } from './frame.js';
import { Language } from '../shared/language.js';
import { LatePanels } from './late-panels.js';
import type { PanelsHost } from './panels-host.js';
import { setPresent, sharedPage, type SessionElement } from './session-elements.js';
import { showStates } from './states.js';
import { barStyles, timerStyles } from './styles.js';
import { writeTime } from './timer.js';
import type { OwnWords } from '../shared/words.js';

/** Events of the controller that the element tells the page, as `session-<type>`: all but the seconds. */
type ToldEvent = Exclude<SessionEventType, 'tick'>;

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
 * @attr {string} warning-seconds - Seconds left at which to warn, "300 60" by default: a banner at each, the dialog at the last. The last one comes at half of the session's whole length at the earliest ("70 55" of 80 seconds warns at 70 and 40), and leaves 20 seconds at least; others are left out where they are not above it and below the whole length.
 * @attr {string} extend-minutes - Minutes to offer of those that the service sells; "15 30 60" by default.
 * @attr {number} heartbeat-seconds - Seconds between heartbeats, 30 by default; the service may want them more often.
 * @attr {string} return-origins - Origins that may be returned to, beside the service's, the page's own and those that the application has registered.
 * @attr {'auto'|'light'|'dark'} theme - Colours for the page that it stands on; "auto" follows the page. Behind the timer of the inline layout no surface is painted.
 * @attr {'inline'|'bar'|'compact'|'floating'} layout - "inline" by default; "bar" is a strip with a surface, "compact" the bare time, "floating" a card in the corner.
 * @attr {boolean} no-autostart - Waits for start().
 * @attr {boolean} no-redirect - Stays on the page at the end.
 * @attr {boolean} no-timer - Draws no timer.
 * @attr {boolean} no-warning - Draws neither banner nor dialog; the events stay.
 * @attr {boolean} no-extend - Offers no extension.
 * @attr {boolean} no-connection - Draws no banner while the connection is lost.
 * @attr {boolean} pause-on-hidden - Stops the time while nobody looks at the page, where the service lets it.
 * @attr {boolean} analytics - Counts what happens to the session in this page for the provider's figures: numbers alone, never a person, an address or a text. Browsers with Global Privacy Control or Do Not Track are never counted.
 * @attr {string} sandbox - In place of a service one in memory, which sells this page a session, to try the tag: "", or any of "duration=120 tokens=500 price=10" (seconds, tokens in the wallet, tokens a minute). It says so, and is refused beside an api-endpoint that is not of this machine, or a session token.
 * @attr {boolean} debug - Logs to the console. No line holds a session token.
 *
 * @slot - Anything that belongs into the bar.
 * @slot fallback - Shown until the session runs.
 * @slot label - In place of "Time left".
 * @slot extend-label, pause-label, resume-label, end-label - In place of the text of that button in the bar.
 * @slot banner-text - In place of the text of the first warning.
 * @slot warning-title, extend-title, pay-title, end-title - In place of the title of that dialog.
 * @slot warning-text, extend-text, pay-text, end-text - In place of what stands below the title of that dialog.
 * @slot error-title - In place of why there is no session.
 * @slot error-text - In place of what to do when there is no session.
 * @slot empty-title - In place of that the customer has no session.
 * @slot empty-text - In place of how to get one.
 * @slot ended-title - In place of why the session has ended.
 * @slot ended-text - Below the receipt, in place of the way back.
 *
 * @csspart session - Around everything.
 * @csspart bar - Timer and buttons.
 * @csspart timer - Label, time and end by the clock.
 * @csspart timer-label - The words before the time.
 * @csspart time - The digits.
 * @csspart end-time - When it ends.
 * @csspart loading - Said while the service is asked.
 * @csspart buttons - Around the bar's buttons.
 * @csspart panels - Around everything below the bar.
 * @csspart button - Every button, and every link that is drawn as one. Each has a part of its own too.
 * @csspart primary-button - The button that is most likely wanted.
 * @csspart extend-button, pause-button, resume-button - That button of the bar.
 * @csspart end-button - Asks to end the session, in the bar and the last warning; ends it, in the dialog that asks. At the end of its row in every dialog.
 * @csspart dismiss-button - Puts a banner away.
 * @csspart try-button - Asks the service now, while the connection is lost.
 * @csspart confirm-button - Buys the time; it names the amount.
 * @csspart keep-button - Closes the dialog, and changes nothing. At the start of its row in every dialog.
 * @csspart top-up-link - Where more tokens are to be had.
 * @csspart pay-link - The way to the checkout.
 * @csspart retry-button - Tries again where there is no session.
 * @csspart return-link - The way back, after the end or where there is no session.
 * @csspart banner - What is told without getting in the way. Each has a part of its own too.
 * @csspart warning, notice, pause, waiting, connection - The banner of that kind.
 * @csspart banner-text - What it says.
 * @csspart next-try - When the service is asked again.
 * @csspart dialog - The dialog of the last warning, of extending and of ending.
 * @csspart dialog-head - What stays in view above: heading, time, and whatever comes while it is open.
 * @csspart dialog-body - What is between head and actions, and scrolls.
 * @csspart dialog-title - Its heading.
 * @csspart dialog-text - What it is about.
 * @csspart dialog-time - The time left, in the dialog.
 * @csspart dialog-status - Says that the connection is lost.
 * @csspart options - What can be bought.
 * @csspart options-title - The question above them.
 * @csspart option - One of them.
 * @csspart chosen-option - The one that is picked.
 * @csspart unavailable-option - One that cannot be had.
 * @csspart option-time - How much time it adds.
 * @csspart option-price - What it costs, in tokens or money.
 * @csspart option-end - The new end, or why it cannot be had.
 * @csspart message - Why something was refused.
 * @csspart actions - Around the dialog's buttons.
 * @csspart error - In place of the bar, when there is no session.
 * @csspart error-title - What has happened.
 * @csspart error-text - What to do.
 * @csspart error-actions - Around what can be done about it.
 * @csspart reference - The service's id of the request that failed, for a support case.
 * @csspart empty - In place of the bar, where the customer has no live session.
 * @csspart empty-title - That there is none.
 * @csspart empty-text - How to get one.
 * @csspart empty-actions - Around what can be done.
 * @csspart ended - In place of the bar, after the end.
 * @csspart ended-title - Why it has ended.
 * @csspart ended-text - Below the receipt: that all was given back, the way back, or that there is none.
 * @csspart receipt - Time used, cost and refund.
 * @csspart receipt-row - A line of it: name and amount.
 * @csspart sandbox - Says that this is a sandbox.
 * @csspart announcement - Heard, not seen.
 *
 * @cssproperty [--marketplace-session-accent=light-dark(#1d4ed8, #a3bfff)] - Main buttons and focus rings.
 * @cssproperty --marketplace-session-on-accent - Text on them. White or black by default, whichever has more contrast with the accent.
 * @cssproperty [--marketplace-session-surface=light-dark(#fff, #1b1d22)] - Behind buttons and the dialog.
 * @cssproperty [--marketplace-session-text=inherit] - Text. On a surface the default is light-dark(#1a1c20, #eceef2).
 * @cssproperty [--marketplace-session-muted=color-mix(in srgb, currentColor 75%, transparent)] - Labels.
 * @cssproperty [--marketplace-session-border=color-mix(in srgb, currentColor 30%, transparent)] - Lines around buttons, options, cards.
 * @cssproperty [--marketplace-session-urgent=light-dark(#b3261e, #ffb4ab)] - The line under the time once it is short; warnings and refusals.
 * @cssproperty [--marketplace-session-radius=0.625rem] - How round corners are.
 * @cssproperty [--marketplace-session-layer=99] - The z-index of the floating layout.
 *
 * @cssstate idle - Not started yet.
 * @cssstate loading - The service is being asked.
 * @cssstate empty - The customer has no live session.
 * @cssstate waiting - The session has not started.
 * @cssstate active - Time runs.
 * @cssstate paused - Time stands still.
 * @cssstate ending - The time is up, the bill on its way.
 * @cssstate ended - Settled.
 * @cssstate failed - There is no session; the error says why.
 * @cssstate warning - A threshold has been passed.
 * @cssstate reconnecting - Heartbeats fail.
 * @cssstate offline - The device has no network.
 *
 * @command --extend - Opens the dialog that adds time.
 * @command --pause - Stops the time.
 * @command --resume - Lets it run again.
 * @command --end - Opens the dialog that asks whether to end the session.
 *
 * @fires session-ready - The service has accepted the session token. `sessionId`, `applicationId`, `remainingSeconds`.
 * @fires session-statechange - After each change of the state. `state`, `previousState`.
 * @fires session-empty - The customer is known, and has no live session; not an error.
 * @fires session-start - Time runs in this page. `sessionId`, `remainingSeconds`.
 * @fires session-warning - A threshold has been passed. Cancelable: no banner or dialog then. `thresholdSeconds`, `remainingSeconds`, `isLast`.
 * @fires session-extend-request - Before an extension. Cancelable, `respondWith(promise)`. `minutes`, `tokens`; null where money pays.
 * @fires session-checkout - An extension is to be paid by money. Cancelable: no dialog leads there. `address`.
 * @fires session-extend - The service has moved the deadline. `additionalSeconds`, `tokens`, `remainingSeconds`.
 * @fires session-pause - Time stands still. `pauseSecondsLeft`, `pausedBy`: customer, provider, marketplace, or null where the backend does not tell.
 * @fires session-resume - Time runs again. `remainingSeconds`.
 * @fires session-connection - Lost, or back. `connection`.
 * @fires session-end-request - Before the customer ends it. Cancelable, `respondWith(promise)`. `remainingSeconds`.
 * @fires session-complete - The bill. `sessionId`, `usedSeconds`, `finalCost`, `tokensRefunded`.
 * @fires session-end - It is over. `sessionId`, `status`.
 * @fires session-redirect - Before leaving for the return address. Cancelable: the page stays. `address`.
 * @fires session-error - There is no session, or a change was refused. `code`, `error`.
 */
export class MarketplaceSessionElement
  extends BaseElement
  implements SessionControllerOptions, PanelsHost, SessionElement
{
  static override sheets = [timerStyles, barStyles];

  static override properties: Record<string, Property> = {
    apiEndpoint: { read: (value) => text(value) ?? '' },
    applicationId: { read: text },
    jwksUri: { read: text },
    sessionToken: { read: text },
    sessionTokenUrl: { read: text },
    tokenParam: { read: text },
    warningSeconds: { read: numbers },
    extendMinutes: { read: numbers },
    heartbeatSeconds: { read: oneNumber },
    returnOrigins: { read: words },
    sandbox: { read: words },
    theme: { read: themes, isLook: true },
    layout: { read: oneOf('inline', 'bar', 'compact', 'floating'), isLook: true },
    noAutostart: { read: flag },
    noRedirect: { read: flag },
    noTimer: { read: flag },
    noWarning: { read: flag },
    noExtend: { read: flag },
    noConnection: { read: flag },
    pauseOnHidden: { read: flag },
    analytics: { read: flag },
    debug: { read: flag },
    strings: { read: (own) => own ?? {}, attribute: false },
    // Accessors, because frameworks look for them.
    getSessionToken: { read: callback, attribute: false },
    hooks: { read: hooks, attribute: false },
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
  declare theme: Theme;
  declare layout: 'inline' | 'bar' | 'compact' | 'floating';
  declare noAutostart: boolean;
  declare noRedirect: boolean;
  declare noTimer: boolean;
  declare noWarning: boolean;
  declare noExtend: boolean;
  declare noConnection: boolean;
  declare pauseOnHidden: boolean;
  declare analytics: boolean;
  declare sandbox: readonly string[] | undefined;
  declare debug: boolean;
  /** Words in place of the element's own; any of them, with the same `{parts}`. All of them are listed under "Words". */
  declare strings: OwnWords;

  /** Asks the page for a session token when the address holds none. */
  declare getSessionToken: (() => Promise<string>) | undefined;
  /** Called around each request to the service. */
  declare hooks: HttpHooks | undefined;

  /** The session without a view. The same object for the element's whole life. */
  readonly controller: SessionController = new SessionController(this);

  /** The words, in the language of the element's place. @internal */
  readonly language = new Language(this, () => [this.strings]);

  /** What it shares with all others. @internal */
  readonly page = sharedPage;

  readonly #internals = this.attachInternals();
  /** What is drawn from the first second. @internal */
  declare frame: Frame;
  readonly #panels = new LatePanels(this);
  #startedWith = '';

  constructor() {
    super();
    this.controller.subscribe(({ state }) => {
      if (state === 'loading') this.#startedWith = this.#origin;
      this.requestUpdate();
    });
    this.addEventListener('command', (event) =>
      this.#panels.with((panels) => panels.obey((event as Event & { command: string }).command)),
    );
  }

  /** Everything a view needs to know; replaced at each change. */
  get snapshot(): SessionSnapshot {
    return this.controller.snapshot;
  }

  /** Whole seconds left; null before the service has spoken. */
  get remainingSeconds(): number | null {
    return this.controller.remainingSeconds;
  }

  /** Whether the session leaves the page at its end. @internal */
  get redirect(): boolean {
    return !this.noRedirect;
  }

  /** Starts the session; only needed with `no-autostart`, or to try again. */
  start(): Promise<void> {
    return this.controller.start();
  }
  /** Stops the time, where the session allows it. */
  pause(): Promise<void> {
    return this.controller.pause();
  }
  /** Lets it run again. */
  resume(): Promise<void> {
    return this.controller.resume();
  }
  /** Buys more time, without the dialog. @param minutes one of the options that the service offers. */
  extend(minutes: number): Promise<void> {
    return this.controller.extend(minutes);
  }
  /** Ends the session after `session-end-request`, without the dialog that asks; the service settles it. */
  end(): Promise<void> {
    return this.controller.end();
  }
  /** Reports the work as done, and settles. */
  complete(usage?: { actualUsageMinutes?: number; metadata?: Record<string, string> }): Promise<void> {
    return this.controller.complete(usage);
  }
  /** Says that a person has answered the warning that stands, in a dialog of the page's own: no tab of the session asks again before the next one. */
  answerWarning(): Promise<void> {
    return this.controller.answerWarning();
  }
  /**
   * Counts something of the page's own, where `analytics` is set: how often, the sums of its numbers, how often each of its words.
   * @param values finite numbers, booleans, single words of at most 40 characters.
   */
  track(name: string, values?: TrackedValues): Promise<void> {
    return this.controller.track(name, values);
  }
  /** Calls back after each change of the snapshot. @returns {() => void} a function that ends it. */
  subscribe(listener: () => void): () => void {
    return this.controller.subscribe(listener);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.controller.takeToken();
    // Put back after its session was destroyed, it starts again.
    this.requestUpdate();
    setPresent(this, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    setPresent(this, false);
    // Moving an element removes it first; that must not restart the session.
    browserWorld().setTimeout(() => this.isConnected || this.controller.destroy(), 0);
  }

  protected override update(changed: PropertyValues): void {
    this.frame ??= new Frame(this.shadowRoot!);
    this.#keepStarted();
    const { frame, language, snapshot } = this;
    language.look();
    frame.show(snapshot, language, !this.noTimer);
    if (!this.#panels.current) frame.panels.textContent = snapshot.error?.message ?? '';
    showStates(this.#internals, snapshot);
    // What has asked for an update meanwhile has been drawn.
    super.update(changed);
  }

  protected override updated(): void {
    this.#writeTime();
  }

  /** Set and started in one breath, it runs with what was set. */
  #keepStarted(): void {
    if (!this.isConnected) return;
    if (this.#startedWith !== this.#origin && this.snapshot.state !== 'idle') this.controller.destroy();
    // A failure stands in the snapshot, and is drawn from there.
    if (!this.noAutostart && this.snapshot.state === 'idle') this.start().catch(() => {});
  }

  /** What makes a session another one. */
  get #origin(): string {
    return String([
      this.apiEndpoint,
      this.applicationId,
      this.jwksUri,
      this.sessionToken,
      this.sessionTokenUrl,
    ]);
  }

  /** Hears of each event first: tells the page, then does what the page has not prevented. @internal */
  heard(event: SessionEvent & { response?: unknown }): void {
    const { type } = event;
    if (type === 'tick') return this.#writeTime();
    const told = event.retell(`session-${type}`);
    if (!this.dispatchEvent(told)) event.preventDefault();
    event.response = told.response;
    // The time is shown first; what else there is to see comes after it.
    if (type === 'ready') browserWorld().whenIdle(() => this.#panels.with());
    if (/error|empty/.test(type)) this.#panels.with();
    if (type === 'warning')
      this.#panels.with((panels) => panels.showWarning(event as unknown as SessionEventMap['warning']));
  }

  #writeTime(): void {
    // A session may be started before its tag stands anywhere.
    if (this.shadowRoot) writeTime(this.shadowRoot, this.controller.remainingText);
  }
}

/** The events of the tag as a page hears them, on the tag and, since they bubble, on its ancestors, document and window. */
export type MarketplaceSessionEventMap = { [T in ToldEvent as `session-${T}`]: SessionEventMap[T] };

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session': MarketplaceSessionElement;
  }
  // What the event maps of elements, document and window have in common.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceSessionEventMap {}
}
