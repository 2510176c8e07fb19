import type { SessionEventMap } from '../../controller/event-map.js';
import type { PendingCall } from '../../controller/snapshot.js';
import { byPrice, isOnSale } from '../../protocol/extension-option.js';
import type { ExtensionOption } from '../../protocol/session.js';
import type { Words } from '../words.js';
import type { Panels, PanelsHost, SessionAction, Warning } from '../panels-host.js';
import { sheetOf } from '../reactive-element.js';
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
import { formatsFor } from './formats.js';
import { Modal } from './modal.js';
import { spokenMoment } from './spoken-time.js';
import { panelStyles } from './styles.js';
import { focused, whenNotTyping } from './typing.js';
import type { DialogMode, PanelsView } from './view.js';

/** A notice stays long enough to be read, ms. */
const noticeMs = 10_000;

/** Draws everything but the timer, and turns what a person does into calls of the controller. */
export class SessionPanels implements Panels {
  readonly #host: PanelsHost;
  readonly #modal = new Modal();
  readonly #announcer: Announcer;
  readonly #connection = new ConnectionNotice((told) => this.#tellConnection(told));
  readonly #abort = new AbortController();
  #dialog: DialogMode | null = null;
  #hasWarning = false;
  /** The moment of the warning that has been spoken; null while none is. */
  #spoken: number | null = null;
  #notice: string | null = null;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #choice: number | null = null;
  #asked: PendingCall | null = null;
  #checkout: string | null = null;
  #returnAddress: string | null = null;
  #stopWaiting: (() => void) | undefined;
  #hasLostFocus = false;

  constructor(host: PanelsHost) {
    this.#host = host;
    host.frame.panels.replaceChildren();
    this.#announcer = new Announcer(host, this.#modal);
    const root = host.shadowRoot!;
    root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheetOf(panelStyles)])];
    this.#listen();
    host.addFollower(this);
  }

  #listen(): void {
    const { controller } = this.#host;
    const on = <T extends keyof SessionEventMap>(type: T, listener: (event: SessionEventMap[T]) => void) =>
      controller.addEventListener(type, listener as EventListener, { signal: this.#abort.signal });
    on('tick', ({ remainingSeconds }) => this.#speakTime(remainingSeconds));
    on('extend', (event) => this.#showExtended(event));
    on('pause', () => void this.#announcer.say(pauseText(this.#view())));
    on('resume', () => this.#tell(this.#view().words.resumed));
    on('connection', () => this.#connection.follow(controller.snapshot.connection));
    on('checkout', (event) => this.#showCheckout(event));
    on('redirect', ({ address }) => (this.#returnAddress = address));
    on('error', () => {
      const { state } = controller;
      if (this.#dialog === null && (state === 'active' || state === 'paused'))
        this.#tell(refusalText(this.#view()));
    });
    on('statechange', ({ state, previousState }) => {
      if (state === 'loading') this.#returnAddress = null;
      if (state === 'ending') void this.#announcer.say(this.#view().words.timeUpTitle);
      if (state === 'ended' && previousState !== 'ending') void this.#announcer.say(endedTitle(this.#view()));
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
    this.#host.removeFollower(this);
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
    const { state, warning, pending, retryAt } = controller.snapshot;
    // The service may have moved the deadline for other reasons than an extension.
    if (warning === null) this.#forgetWarning();
    if (pending) this.#asked = pending;
    this.#count(this.#connection.told === 'reconnecting' && retryAt !== null);
    const hadFocus = shadowRoot!.activeElement;
    const view = this.#view();
    const isLive = /waiting|active|paused|ending/.test(state);
    const hasOutcome = view.draws('outcome');
    draw(frame.buttons, isLive && barButtons(view));
    draw(
      frame.panels,
      isLive && [banner(view), dialog(view)],
      state === 'failed' && hasOutcome && errorPanel(view),
      state === 'ended' && hasOutcome && endedPanel(view),
    );
    const modal = frame.panels.querySelector('dialog');
    if (!modal || this.#dialog === null) this.#modal.hide(modal);
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

  act(action: SessionAction): void {
    const { controller } = this.#host;
    if (action === 'extend' || action === 'end') this.#open(action);
    else if (!controller.snapshot.pending) this.#quietly(controller[action]());
  }

  /** A banner leaves the page usable; only the last threshold opens the dialog, and not into somebody's typing. */
  showWarning({ isLast, remainingSeconds }: Warning): void {
    this.#hasWarning = true;
    this.#notice = null;
    this.#host.requestUpdate();
    this.#spoken ??= Infinity;
    this.#speakTime(remainingSeconds);
    if (!isLast || this.#dialog !== null) return;
    this.#stopWaiting?.();
    this.#stopWaiting = whenNotTyping(() => this.#hasWarning && !Modal.isTaken && this.#open('warning'));
  }

  /** After a warning: at each minute, in the last one every 20 seconds; to those who look at this tab (WCAG 2.2.1). */
  #speakTime(remainingSeconds: number): void {
    const moment = spokenMoment(remainingSeconds);
    if (this.#spoken === null || moment >= this.#spoken || moment <= 0) return;
    if (document.visibilityState !== 'visible') return;
    this.#spoken = moment;
    const { words, formats } = this.#view();
    void this.#announcer.say(fill(words.left, { duration: formats.duration(remainingSeconds) }));
  }

  #open(mode: DialogMode): void {
    const { controller } = this.#host;
    if (!/waiting|active|paused/.test(controller.state)) return;
    if (/warning|extend/.test(mode) && mode !== this.#dialog) this.#choice = null;
    this.#dialog = mode;
    this.#host.requestUpdate();
  }

  /** Where several draw the session, the one that was asked leads to the checkout, else the first. */
  #showCheckout(event: SessionEventMap['checkout']): void {
    const isAsked = this.#dialog !== null || (!Modal.isTaken && this.#host.draws('extend'));
    if (!isAsked || event.defaultPrevented || !/^https?:/.test(event.address)) return;
    event.preventDefault();
    this.#checkout = event.address;
    this.#open('pay');
  }

  #showExtended({ additionalSeconds }: SessionEventMap['extend']): void {
    const { snapshot, words, formats } = this.#view();
    const { deadline } = snapshot;
    this.#rest();
    const added = fill(words.extended, { duration: formats.duration(additionalSeconds) });
    this.#tell(deadline ? `${added} ${fill(words.warning, { time: formats.time(deadline) })}` : added);
  }

  #tellConnection(told: PanelsView['connection']): void {
    const view = this.#view();
    if (told === 'online') this.#tell(view.words.reconnected);
    else void this.#announcer.say(connectionText(view));
    this.#host.requestUpdate();
  }

  /** No warning and no dialog any more. */
  #rest(): void {
    this.#dialog = null;
    this.#forgetWarning();
    this.#host.requestUpdate();
  }

  #forgetWarning(): void {
    this.#stopWaiting?.();
    this.#hasWarning = false;
    this.#spoken = null;
    if (this.#dialog === 'warning') this.#dialog = null;
  }

  /** Shows a line for a while, and says it. */
  #tell(text: string): void {
    clearTimeout(this.#noticeTimer);
    this.#notice = text;
    this.#noticeTimer = setTimeout(() => {
      this.#notice = null;
      this.#host.requestUpdate();
    }, noticeMs);
    void this.#announcer.say(text);
    this.#host.requestUpdate();
  }

  #view(): PanelsView {
    const host = this.#host;
    const { controller, language } = host;
    const words = language.words as Words;
    const options = host.draws('extend') ? controller.extensionOptions : [];
    const choice = this.#choiceOf(options);
    return {
      snapshot: controller.snapshot,
      words,
      formats: formatsFor(words, language.locale),
      draws: (what) => host.draws(what),
      options,
      choice,
      dialog: this.#dialog,
      connection: this.#connection.told,
      asked: this.#asked,
      notice: this.#notice,
      hasWarning: this.#hasWarning,
      checkout: this.#checkout,
      returnAddress: this.#returnAddress,
      act: (action) => this.act(action),
      choose: ({ additional_seconds }) => {
        this.#choice = additional_seconds;
        host.requestUpdate();
      },
      confirmExtend: () => choice && this.#quietly(controller.extend(choice.additional_seconds / 60)),
      confirmEnd: () => this.#quietly(controller.end()),
      keepGoing: () => {
        this.#dialog = null;
        host.requestUpdate();
      },
      dismiss: () => {
        if (this.#notice) this.#notice = null;
        else this.#hasWarning = false;
        host.requestUpdate();
      },
      retry: () => this.#quietly(controller.start()),
      tryNow: () => this.#quietly(controller.refresh()),
    };
  }

  /** What the person picked; before that the cheapest that can be had, and never more. */
  #choiceOf(options: readonly ExtensionOption[]): ExtensionOption | undefined {
    const onSale = options.filter(isOnSale).toSorted(byPrice);
    return onSale.find((option) => option.additional_seconds === this.#choice) ?? onSale[0];
  }

  /** A failure stands in the snapshot, and is drawn from there. */
  #quietly(call: Promise<void>): void {
    call.catch(() => {});
  }
}
