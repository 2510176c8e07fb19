import { html, nothing, render } from 'lit/html.js';
import type { SessionEventMap } from '../../../controller/event-map.js';
import { isAllowed } from '../../../controller/run/allowed.js';
import { sessionEvent } from '../../../controller/session-event.js';
import { every } from '../../../controller/page/every.js';
import type { Connection, PendingCall, SessionSnapshot } from '../../../controller/snapshot.js';
import { browserWorld } from '../../../controller/browser-world.js';
import { byPrice, isOnSale } from '../../../protocol/extension-option.js';
import { SessionError } from '../../../protocol/errors.js';
import type { ExtensionOption } from '../../../protocol/session.js';
import type { Words } from '../../shared/words.js';
import type { Drawing, Panels, PanelsHost, SessionAction, Warning } from '../panels-host.js';
import { fill } from '../../shared/wording.js';
import { Announcer } from './announcer.js';
import { banner, pauseText } from './banner.js';
import { barButtons } from './buttons.js';
import { connectionText } from './connection.js';
import { ConnectionNotice } from './connection-notice.js';
import { dialog } from './dialog.js';
import { emptyPanel } from './empty-panel.js';
import { endedPanel, endedTitle } from './ended-panel.js';
import { errorPanel, refusalText } from './error-panel.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { formatsFor, type Formats } from '../../shared/formats.js';
import { marketplaceAddress } from './marketplace-address.js';
import { tellIllegalValues } from './illegal-values.js';
import { Modal } from '../../shared/modal.js';
import { sentences } from '../../shared/sentences.js';
import { latePart } from '../../../controller/late-part.js';
import { tellSharedPlace } from './shared-place.js';
import { spokenMoment } from './spoken-time.js';
import { panelStyles } from './styles.js';
import { whenNotTyping } from '../../shared/typing.js';
import { isUsable } from '../../shared/usable.js';
import { tellVersions } from './versions.js';
import { isBlocked, type Content, type DialogMode, type PanelsView } from './view.js';

const sandboxMark = latePart(() => import('./sandbox-mark.js'));

/** A notice stays long enough to be read, ms. */
const noticeMs = 10_000;

/** While there is a bar. */
const liveStates = /waiting|active|paused|ending/;

const isLookedAt = () => document.visibilityState === 'visible';

/** Draws everything but the timer, and turns what a person does into calls of the controller. */
export class SessionPanels implements Panels, PanelsView {
  readonly #host: PanelsHost;
  readonly #modal = new Modal(() => this.#giveWay());
  readonly #announcer: Announcer;
  readonly #connection = new ConnectionNotice((told) => this.#tellConnection(told));
  readonly #abort = new AbortController();
  dialog: DialogMode | null = null;
  hasWarning = false;
  /** The moment of the warning that has been spoken; null while none is. */
  #spoken: number | null = null;
  notice: string | null = null;
  /** The notice came while a lost connection stood in its place: its turn comes after that. */
  #isCovered = false;
  #noticeTimer: number | undefined;
  #stopCounting: (() => void) | undefined;
  #picked: number | null = null;
  /** The option that the service was asked for last, by its seconds. */
  #tried: number | null = null;
  asked: PendingCall | null = null;
  checkout: string | null = null;
  returnAddress: string | null = null;
  /** The last warning waits until it can be asked. */
  #isDue = false;
  #stopWaiting: (() => void) | undefined;
  /** It has been told that the last warning can be asked nowhere. */
  #isTold = false;
  #hasLostFocus = false;
  #mark: Promise<void> | undefined;

  /** @param signal takes away what it has drawn, and lets go of the session. */
  constructor(host: PanelsHost, signal?: AbortSignal) {
    this.#host = host;
    signal?.addEventListener('abort', () => this.#detach());
    // What was said while nobody could draw; Lit's own marks, which are comments, stay.
    if (!(host.frame.panels.firstChild instanceof Comment)) host.frame.panels.replaceChildren();
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
    on('error', ({ error }) => {
      const { state, snapshot } = controller;
      // A refusal stands in the dialog itself; what has happened beside it does not.
      const isInDialog = this.dialog !== null && error === snapshot.error;
      // A renewal is nothing that a person has asked for.
      if (isInDialog || /^TOKEN/.test(error.code) || !/active|paused|ending/.test(state)) return;
      const text = refusalText(this, error);
      // What holds up a change stands there as long as it does.
      if (error === snapshot.error && snapshot.pending) void this.#announcer.say(text);
      else this.#tell(text);
    });
    on('empty', () => this.#sayEmpty());
    // It may be what this part was fetched for.
    if (controller.state === 'empty') this.#sayEmpty();
    on('statechange', ({ state, previousState }) => {
      if (state === 'loading') this.returnAddress = null;
      if (previousState === 'waiting' && state === 'active') this.#tell(this.words.started);
      if (state === 'ending') void this.#announcer.say(this.words.timeUpTitle);
      if (state === 'ended' && previousState !== 'ending') void this.#announcer.say(endedTitle(this));
      // A deadline that passes while the payment runs does not throw the person out.
      const isPaying = state === 'ending' && controller.snapshot.pending === 'extend';
      if (!isPaying && /^(idle|ending|ended|failed)$/.test(state)) this.#rest();
    });
    this.#connection.follow(controller.snapshot.connection);
  }

  #detach(): void {
    this.#abort.abort();
    this.#rest();
    this.#modal.hide(null);
    this.hostDisconnected();
    this.#host.removeController(this);
    render(nothing, this.#host.frame.buttons);
    render(nothing, this.#host.frame.panels);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connection.stop();
    this.#count(false);
    this.#announcer.leave();
  }

  hostUpdated(): void {
    if (this.#host.sandbox)
      this.#mark ??= sandboxMark(() => true).then(({ showMark }) => showMark(this.#host));
    tellIllegalValues(this.#host);
    tellSharedPlace(this.#host);
    tellVersions(this.#host.page);
    const { frame, controller, shadowRoot } = this.#host;
    const { state, warning, answeredWarning, pending, retryAt } = controller.snapshot;
    // The service may have moved the deadline for other reasons than an extension.
    if (warning === null) this.#forgetWarning();
    else if (warning === answeredWarning) this.#closeWarning();
    if (pending) this.asked = pending;
    this.#count(this.#connection.told === 'reconnecting' && retryAt !== null);
    const hadFocus = shadowRoot!.activeElement;
    const isLive = liveStates.test(state);
    render(isLive ? barButtons(this) : nothing, frame.buttons);
    this.#keepPlace();
    Modal.steadily(frame.panels.querySelector('dialog'), () => render(this.#content(), frame.panels));
    const modal = frame.panels.querySelector('dialog');
    let isBack = false;
    if (!modal || this.dialog === null) isBack = this.#modal.hide(modal) && isLive;
    else if (this.#host.isConnected) this.#modal.show(modal);
    this.#keepFocus(isBack ? null : hadFocus, modal);
  }

  /** What stands below the bar, or in its place. */
  #content(): Content {
    const { state } = this.snapshot;
    if (liveStates.test(state)) return html`${banner(this)}${dialog(this)}`;
    if (!this.draws('outcome')) return nothing;
    if (state === 'empty') return emptyPanel(this);
    if (state === 'failed') return errorPanel(this);
    return state === 'ended' ? endedPanel(this) : nothing;
  }

  /** What goes while a dialog is open leaves its place: the page behind it does not move. */
  #keepPlace(): void {
    const { style, offsetHeight } = this.#host.frame.panels;
    if (this.dialog === null) style.minHeight = '';
    else if (!this.#modal.isOpen) style.minHeight = `${offsetHeight}px`;
  }

  /** What had the focus and is gone leaves it to what stands there instead. */
  #keepFocus(before: Element | null, modal: HTMLDialogElement | null): void {
    this.#hasLostFocus ||= before !== null;
    const { buttons, panels } = this.#host.frame;
    const now = focused();
    if (now !== document.body && now !== panels) this.#hasLostFocus = false;
    if (!this.#hasLostFocus) return;
    const next = modal?.open
      ? modal.querySelector('[autofocus]')
      : (panels.querySelector(':is(button, a):not(dialog *), section:not(:has(button, a))') ??
        buttons.querySelector('button'));
    // Where nothing is left to be pressed, the place itself.
    if (!next) panels.tabIndex = -1;
    focusQuietly(next ?? panels);
    if (next) this.#hasLostFocus = false;
  }

  /** Counts the next try down, while there is something to count. */
  #count(isCounting: boolean): void {
    if (isCounting) this.#stopCounting ??= every(1000, () => this.#host.requestUpdate());
    else {
      this.#stopCounting?.();
      this.#stopCounting = undefined;
    }
  }

  obey(command: string): void {
    const [, action] = /^--(extend|pause|resume|end)$/.exec(command) ?? [];
    if (action) this.act(action as SessionAction);
  }

  readonly act = (action: SessionAction): void => {
    if (action === 'extend' || action === 'end') this.#open(action);
    else if (!this.snapshot.pending) this.#quietly(this.#host.controller[action]());
  };

  /** A banner leaves the page usable; only the last threshold opens the dialog, and not into somebody's typing. */
  showWarning({ isLast, remainingSeconds, defaultPrevented }: Warning): void {
    if (defaultPrevented || !this.draws('warning')) return;
    this.hasWarning = true;
    this.notice = null;
    this.#host.requestUpdate();
    this.#spoken ??= Infinity;
    // The dialog of the last one describes itself.
    this.#speakTime(remainingSeconds, !isLast && !!this.choice && this.words.canAddTime);
    this.#isDue = isLast && this.dialog === null;
    this.#isTold = false;
    this.#askIfDue();
  }

  /** The last warning is asked where somebody looks, once no other dialog of the page is open and nobody types. */
  #askIfDue(): void {
    const isFree = () => this.hasWarning && isLookedAt() && !Modal.isTaken && this.#canAsk();
    if (!this.#isDue || !isFree()) return;
    this.#isDue = false;
    this.#stopWaiting = whenNotTyping(() => {
      if (isFree()) this.#open('warning');
      else this.#isDue = true;
    });
  }

  /** Whether a dialog can be seen and used here; where it cannot, the page is told, once for each warning. */
  #canAsk(): boolean {
    if (isUsable(this.#host.frame.panels)) {
      this.#isTold = false;
      return true;
    }
    if (!this.#isTold) {
      const error = new SessionError('DIALOG_BLOCKED');
      this.#host.controller.dispatchEvent(sessionEvent('error', { code: error.code, error }));
    }
    this.#isTold = true;
    return false;
  }

  /** The open dialog can be used no more: it comes again where it can. */
  #giveWay(): void {
    this.#isDue = this.dialog === 'warning';
    this.dialog = null;
    this.#host.requestUpdate();
  }

  #sayEmpty(): void {
    void this.#announcer.say(this.words.emptyTitle);
  }

  /** After a warning at sensible moments, to those who look at this tab (WCAG 2.2.1). @param more what can be done. */
  #speakTime(remainingSeconds: number, more?: string | false): void {
    const moment = spokenMoment(remainingSeconds);
    if (this.#spoken === null || moment >= this.#spoken || moment <= 0) return;
    if (!isLookedAt()) return;
    this.#spoken = moment;
    const { words, formats } = this;
    const left = fill(words.left, { duration: formats.duration(remainingSeconds) });
    void this.#announcer.say(sentences(left, more));
  }

  #open(mode: DialogMode): void {
    const { controller } = this.#host;
    if (!/waiting|active|paused/.test(controller.state)) return;
    // A button of the page may ask for what is not offered.
    if (mode === 'extend' && !this.options.length) return;
    if (mode === 'end' && !isAllowed(this.snapshot.session, mode)) return;
    this.#isTold = false;
    if (!this.#canAsk()) return;
    this.#answer();
    if (/warning|extend/.test(mode) && mode !== this.dialog) this.#picked = this.#tried = null;
    this.dialog = mode;
    this.#host.requestUpdate();
  }

  /** Where several draw the session, the one that was asked leads to the checkout, else the first. */
  #showCheckout(event: SessionEventMap['checkout']): void {
    const isAsked = this.dialog !== null || (!Modal.isTaken && this.draws('extend'));
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
    this.#tell(sentences(added, deadline !== null && fill(words.warning, { time: formats.time(deadline) })));
  }

  #tellConnection(told: PanelsView['connection']): void {
    if (told === 'online') this.#tell((this.#isCovered && this.notice) || this.words.reconnected);
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
    const world = browserWorld();
    world.clearTimeout(this.#noticeTimer);
    this.notice = text;
    this.#isCovered = this.connection !== 'online';
    this.#noticeTimer = world.setTimeout(() => {
      if (!this.#isCovered) this.notice = null;
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
    const { session, extensionOptions } = this.#host.controller;
    return this.draws('extend') && isAllowed(session, 'extend') ? extensionOptions : [];
  }

  /** What the person picked; before that the cheapest that can be had, and never more. */
  get choice(): ExtensionOption | undefined {
    const onSale = this.options.filter(isOnSale).toSorted(byPrice);
    return onSale.find((option) => option.additional_seconds === this.#picked) ?? onSale[0];
  }

  get refusal(): SessionError | null {
    const { error } = this.snapshot;
    const isPurchase = this.asked === 'extend' && this.#tried !== null;
    return !isPurchase || this.#tried === this.choice?.additional_seconds ? error : null;
  }

  get marketplace(): string | null {
    return marketplaceAddress(this.#host);
  }

  /** A piece draws its own, the tag all but what its attributes leave out. */
  readonly draws = (what: Drawing): boolean => {
    const host = this.#host;
    if (host.draws) return host.draws(what);
    if (what === 'connection') return !host.noConnection;
    if (what === 'warning') return !host.noWarning;
    return !(host.noExtend && what.startsWith('extend'));
  };

  readonly choose = ({ additional_seconds }: ExtensionOption): void => {
    this.#picked = additional_seconds;
    this.#host.requestUpdate();
  };

  readonly buy = (): void => {
    const { choice } = this;
    if (!choice || isBlocked(this.snapshot)) return;
    this.#tried = choice.additional_seconds;
    this.#quietly(this.#host.controller.extend(choice.additional_seconds / 60));
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
