import type { SessionEventMap } from '../../controller/event-map.js';
import type { Connection, PendingCall, SessionSnapshot } from '../../controller/snapshot.js';
import { byPrice, isOnSale } from '../../protocol/extension-option.js';
import type { ExtensionOption } from '../../protocol/session.js';
import type { Words } from '../words.js';
import type { Drawing, Panels, PanelsHost, SessionAction, Warning } from '../panels-host.js';
import { fill } from '../wording.js';
import { Announcer } from './announcer.js';
import { banner, pauseText } from './banner.js';
import { barButtons } from './buttons.js';
import { connectionText } from './connection.js';
import { ConnectionNotice } from './connection-notice.js';
import { dialog } from './dialog.js';
import { draw } from './draw.js';
import { endedPanel, endedTitle } from './ended-panel.js';
import { errorPanel, refusalText } from './error-panel.js';
import { formatsFor, type Formats } from './formats.js';
import { Modal } from './modal.js';
import { spokenMoment } from './spoken-time.js';
import { panelStyles } from './styles.js';
import { focused, whenNotTyping } from './typing.js';
import type { DialogMode, PanelsView } from './view.js';

/** A notice stays long enough to be read, ms. */
const noticeMs = 10_000;

const isLookedAt = () => document.visibilityState === 'visible';

/** Draws everything but the timer, and turns what a person does into calls of the controller. */
export class SessionPanels implements Panels, PanelsView {
  readonly #host: PanelsHost;
  readonly #modal = new Modal();
  readonly #announcer: Announcer;
  readonly #connection = new ConnectionNotice((told) => this.#tellConnection(told));
  readonly #abort = new AbortController();
  dialog: DialogMode | null = null;
  hasWarning = false;
  /** The moment of the warning that has been spoken; null while none is. */
  #spoken: number | null = null;
  notice: string | null = null;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #picked: number | null = null;
  asked: PendingCall | null = null;
  checkout: string | null = null;
  returnAddress: string | null = null;
  /** The last warning waits until it can be asked. */
  #isDue = false;
  #stopWaiting: (() => void) | undefined;
  #hasLostFocus = false;

  constructor(host: PanelsHost) {
    this.#host = host;
    host.frame.panels.replaceChildren();
    this.#announcer = new Announcer(host, this.#modal);
    host.wear(panelStyles);
    this.#listen();
    host.addController(this);
  }

  #listen(): void {
    const { controller } = this.#host;
    const on = <T extends keyof SessionEventMap>(type: T, listener: (event: SessionEventMap[T]) => void) =>
      controller.addEventListener(type, listener as EventListener, { signal: this.#abort.signal });
    on('tick', ({ remainingSeconds }) => {
      this.#speakTime(remainingSeconds);
      this.#askIfDue();
    });
    on('extend', (event) => this.#showExtended(event));
    on('pause', () => void this.#announcer.say(pauseText(this)));
    on('resume', () => this.#tell(this.words.resumed));
    on('connection', () => this.#connection.follow(controller.snapshot.connection));
    on('checkout', (event) => this.#showCheckout(event));
    on('redirect', ({ address }) => (this.returnAddress = address));
    on('error', () => {
      const { state } = controller;
      if (this.dialog === null && (state === 'active' || state === 'paused')) this.#tell(refusalText(this));
    });
    on('statechange', ({ state, previousState }) => {
      if (state === 'loading') this.returnAddress = null;
      if (state === 'ending') void this.#announcer.say(this.words.timeUpTitle);
      if (state === 'ended' && previousState !== 'ending') void this.#announcer.say(endedTitle(this));
      // A deadline that passes while the payment runs does not throw the person out.
      const isPaying = state === 'ending' && controller.snapshot.pending === 'extend';
      if (!isPaying && /^(idle|ending|ended|failed)$/.test(state)) this.#rest();
    });
    this.#connection.follow(controller.snapshot.connection);
  }

  detach(): void {
    this.#abort.abort();
    this.#rest();
    this.#modal.hide(null);
    this.hostDisconnected();
    this.#host.removeController(this);
    draw(this.#host.frame.buttons);
    draw(this.#host.frame.panels);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connection.stop();
    clearInterval(this.#countdown);
    this.#countdown = undefined;
    this.#announcer.leave();
  }

  hostUpdated(): void {
    const { frame, controller, shadowRoot } = this.#host;
    const { state, warning, answeredWarning, pending, retryAt } = controller.snapshot;
    // The service may have moved the deadline for other reasons than an extension.
    if (warning === null) this.#forgetWarning();
    else if (warning === answeredWarning) this.#closeWarning();
    if (pending) this.asked = pending;
    this.#count(this.#connection.told === 'reconnecting' && retryAt !== null);
    const hadFocus = shadowRoot!.activeElement;
    const isLive = /waiting|active|paused|ending/.test(state);
    const hasOutcome = this.draws('outcome');
    draw(frame.buttons, isLive && barButtons(this));
    draw(
      frame.panels,
      isLive && [banner(this), dialog(this)],
      state === 'failed' && hasOutcome && errorPanel(this),
      state === 'ended' && hasOutcome && endedPanel(this),
    );
    const modal = frame.panels.querySelector('dialog');
    if (!modal || this.dialog === null) this.#modal.hide(modal);
    else if (this.#host.isConnected) this.#modal.show(modal);
    this.#keepFocus(hadFocus, modal);
  }

  /** What had the focus and is gone leaves it to what stands there instead. */
  #keepFocus(before: Element | null, modal: HTMLDialogElement | null): void {
    this.#hasLostFocus ||= before !== null;
    if (focused() !== document.body) this.#hasLostFocus = false;
    if (!this.#hasLostFocus) return;
    const { buttons, panels } = this.#host.frame;
    const next = modal?.open
      ? modal.querySelector<HTMLElement>('[autofocus]')
      : (panels.querySelector<HTMLElement>(':is(button, a):not(dialog *)') ??
        buttons.querySelector('button'));
    next?.focus();
    if (next) this.#hasLostFocus = false;
  }

  /** Counts the next try down, while there is something to count. */
  #count(isCounting: boolean): void {
    if (isCounting) this.#countdown ??= setInterval(() => this.#host.requestUpdate(), 1000);
    else {
      clearInterval(this.#countdown);
      this.#countdown = undefined;
    }
  }

  readonly act = (action: SessionAction): void => {
    if (action === 'extend' || action === 'end') this.#open(action);
    else if (!this.snapshot.pending) this.#quietly(this.#host.controller[action]());
  };

  /** A banner leaves the page usable; only the last threshold opens the dialog, and not into somebody's typing. */
  showWarning({ isLast, remainingSeconds }: Warning): void {
    this.hasWarning = true;
    this.notice = null;
    this.#host.requestUpdate();
    this.#spoken ??= Infinity;
    this.#speakTime(remainingSeconds);
    this.#isDue = isLast && this.dialog === null;
    this.#askIfDue();
  }

  /** The last warning is asked where somebody looks, once no other dialog of the page is open and nobody types. */
  #askIfDue(): void {
    const isFree = () => this.hasWarning && isLookedAt() && !Modal.isTaken;
    if (!this.#isDue || !isFree()) return;
    this.#isDue = false;
    this.#stopWaiting = whenNotTyping(() => {
      if (isFree()) this.#open('warning');
      else this.#isDue = true;
    });
  }

  /** After a warning: at each minute, in the last one every 20 seconds; to those who look at this tab (WCAG 2.2.1). */
  #speakTime(remainingSeconds: number): void {
    const moment = spokenMoment(remainingSeconds);
    if (this.#spoken === null || moment >= this.#spoken || moment <= 0) return;
    if (!isLookedAt()) return;
    this.#spoken = moment;
    const { words, formats } = this;
    void this.#announcer.say(fill(words.left, { duration: formats.duration(remainingSeconds) }));
  }

  #open(mode: DialogMode): void {
    const { controller } = this.#host;
    if (!/waiting|active|paused/.test(controller.state)) return;
    this.#answer();
    if (/warning|extend/.test(mode) && mode !== this.dialog) this.#picked = null;
    this.dialog = mode;
    this.#host.requestUpdate();
  }

  /** Where several draw the session, the one that was asked leads to the checkout, else the first. */
  #showCheckout(event: SessionEventMap['checkout']): void {
    const isAsked = this.dialog !== null || (!Modal.isTaken && this.#host.draws('extend'));
    if (!isAsked || event.defaultPrevented || !/^https?:/.test(event.address)) return;
    event.preventDefault();
    this.checkout = event.address;
    this.#open('pay');
  }

  #showExtended({ additionalSeconds }: SessionEventMap['extend']): void {
    const { snapshot, words, formats } = this;
    const { deadline } = snapshot;
    this.#rest();
    const added = fill(words.extended, { duration: formats.duration(additionalSeconds) });
    this.#tell(deadline ? `${added} ${fill(words.warning, { time: formats.time(deadline) })}` : added);
  }

  #tellConnection(told: PanelsView['connection']): void {
    if (told === 'online') this.#tell(this.words.reconnected);
    else void this.#announcer.say(connectionText(this));
    this.#host.requestUpdate();
  }

  /** No warning and no dialog any more. */
  #rest(): void {
    this.dialog = null;
    this.#forgetWarning();
    this.#host.requestUpdate();
  }

  #forgetWarning(): void {
    this.hasWarning = false;
    this.#spoken = null;
    this.#closeWarning();
  }

  #closeWarning(): void {
    this.#stopWaiting?.();
    this.#isDue = false;
    if (this.dialog === 'warning') this.dialog = null;
  }

  /** Whoever leaves the last warning has answered it, in all tabs. */
  #answer(): void {
    if (this.dialog === 'warning') this.#quietly(this.#host.controller.answerWarning());
  }

  /** Shows a line for a while, and says it. */
  #tell(text: string): void {
    clearTimeout(this.#noticeTimer);
    this.notice = text;
    this.#noticeTimer = setTimeout(() => {
      this.notice = null;
      this.#host.requestUpdate();
    }, noticeMs);
    void this.#announcer.say(text);
    this.#host.requestUpdate();
  }

  get snapshot(): SessionSnapshot {
    return this.#host.controller.snapshot;
  }

  get words(): Words {
    return this.#host.language.words as Words;
  }

  get formats(): Formats {
    return formatsFor(this.words, this.#host.language.locale);
  }

  get connection(): Connection {
    return this.#connection.told;
  }

  get options(): readonly ExtensionOption[] {
    return this.draws('extend') ? this.#host.controller.extensionOptions : [];
  }

  /** What the person picked; before that the cheapest that can be had, and never more. */
  get choice(): ExtensionOption | undefined {
    const onSale = this.options.filter(isOnSale).toSorted(byPrice);
    return onSale.find((option) => option.additional_seconds === this.#picked) ?? onSale[0];
  }

  readonly draws = (what: Drawing): boolean => this.#host.draws(what);

  readonly choose = ({ additional_seconds }: ExtensionOption): void => {
    this.#picked = additional_seconds;
    this.#host.requestUpdate();
  };

  readonly buy = (): void => {
    const { choice } = this;
    if (choice) this.#quietly(this.#host.controller.extend(choice.additional_seconds / 60));
  };

  readonly confirmEnd = (): void => this.#quietly(this.#host.controller.end());

  readonly keepGoing = (): void => {
    this.#answer();
    this.dialog = null;
    this.#host.requestUpdate();
  };

  readonly dismiss = (): void => {
    if (this.notice) this.notice = null;
    else this.hasWarning = false;
    this.#host.requestUpdate();
  };

  readonly retry = (): void => this.#quietly(this.#host.controller.start());

  readonly reconnect = (): void => this.#quietly(this.#host.controller.refresh());

  /** A failure stands in the snapshot, and is drawn from there. */
  #quietly(call: Promise<void>): void {
    call.catch(() => {});
  }
}
