import { html, nothing, render } from 'lit/html.js';
import type { SessionEventMap } from '../../controller/event-map.js';
import type { ExtensionOption } from '../../protocol/session.js';
import { clockTime } from '../clock-time.js';
import type { Panels, PanelsHost, SessionAction } from '../panels-host.js';
import { duration } from './amounts.js';
import { renderBanner } from './banner.js';
import { renderButtons } from './buttons.js';
import { renderDialog } from './dialog.js';
import { renderEnded } from './ended-panel.js';
import { renderError } from './error-panel.js';
import { refusal } from './error-words.js';
import { english } from './strings.js';
import { panelStyles } from './styles.js';
import { whenNotTyping } from './typing.js';
import type { DialogMode, PanelsView } from './view.js';

/** The one whose dialog is open: a page shows one at a time, however many sessions run on it. */
let front: AbortController | undefined;

/** A notice stays long enough to be read, ms. */
const noticeMs = 10_000;

/** Draws everything but the timer, and turns what a person does into calls of the controller. */
export class SessionPanels implements Panels {
  readonly #host: PanelsHost;
  #dialog: DialogMode | null = null;
  #hasWarning = false;
  #notice: string | null = null;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #choice: number | null = null;
  #returnAddress: string | null = null;
  #stopWaiting: (() => void) | undefined;
  /** As long as the dialog is open. */
  #shown: AbortController | undefined;

  constructor(host: PanelsHost) {
    this.#host = host;
    host.frame.panels.replaceChildren();
    const root = host.shadowRoot!;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, panelStyles.styleSheet!];
    const { controller } = host;
    controller.addEventListener('extend', (event) => this.#showExtended(event));
    controller.addEventListener('pause', ({ pauseSecondsLeft }) =>
      this.#tell(this.#strings.pausedFor(duration(pauseSecondsLeft, host.locale))),
    );
    controller.addEventListener('resume', () => this.#tell(this.#strings.resumed));
    controller.addEventListener('connection', ({ connection }) => {
      if (connection === 'online') this.#tell(this.#strings.reconnected);
      else this.#announce(this.#strings.reconnecting);
    });
    controller.addEventListener('redirect', ({ address }) => (this.#returnAddress = address));
    controller.addEventListener('error', ({ error }) => {
      const { state } = controller;
      if (this.#dialog === null && (state === 'active' || state === 'paused')) this.#tell(refusal(error));
    });
    controller.addEventListener('statechange', ({ state }) => {
      if (state === 'loading') this.#returnAddress = null;
      if (state === 'ending' || state === 'ended' || state === 'failed') this.#rest();
    });
  }

  update(): void {
    const { frame, controller } = this.#host;
    // The service may have moved the deadline for other reasons than an extension.
    if (controller.snapshot.warning === null) this.#forgetWarning();
    const view = this.#view();
    const { state } = view.snapshot;
    const isLive = ['waiting', 'active', 'paused', 'ending'].includes(state);
    render(isLive ? renderButtons(view) : nothing, frame.buttons);
    render(
      isLive
        ? html`${renderBanner(view)}${renderDialog(view)}`
        : state === 'failed'
          ? renderError(view)
          : state === 'ended'
            ? renderEnded(view)
            : nothing,
      frame.panels,
    );
    const dialog = frame.panels.querySelector('dialog');
    if (!dialog || this.#dialog === null) this.#hide(dialog);
    else if (!dialog.matches(':modal')) this.#show(dialog);
  }

  #show(dialog: HTMLDialogElement): void {
    this.#shown?.abort();
    const shown = new AbortController();
    this.#shown = front = shown;
    for (const type of ['online', 'offline']) {
      window.addEventListener(type, () => this.#host.requestUpdate(), { signal: shown.signal });
    }
    // Moving the element has left it open, but not modal.
    dialog.removeAttribute('open');
    dialog.showModal();
  }

  #hide(dialog: HTMLDialogElement | null): void {
    this.#shown?.abort();
    if (front === this.#shown) front = undefined;
    this.#shown = undefined;
    if (dialog?.open) dialog.close();
  }

  act(action: SessionAction): void {
    const { controller } = this.#host;
    if (controller.snapshot.pending) return;
    if (action === 'extend') this.#open('extend');
    else if (action === 'end') this.#open('end');
    else this.#quietly(controller[action]());
  }

  /** A banner leaves the page usable; only the last threshold opens the dialog, and not into somebody's typing. */
  showWarning({ isLast, remainingSeconds }: SessionEventMap['warning']): void {
    const { locale } = this.#host;
    this.#hasWarning = true;
    this.#notice = null;
    this.#host.requestUpdate();
    this.#announce(this.#strings.left(duration(remainingSeconds, locale)));
    if (!isLast || this.#dialog !== null) return;
    this.#stopWaiting?.();
    this.#stopWaiting = whenNotTyping(() => this.#hasWarning && !front && this.#open('warning'));
  }

  #open(mode: DialogMode): void {
    const { controller } = this.#host;
    if (!['waiting', 'active', 'paused'].includes(controller.state)) return;
    if (mode !== 'end' && mode !== this.#dialog) this.#choice = null;
    this.#dialog = mode;
    this.#host.requestUpdate();
  }

  #showExtended({ additionalSeconds }: SessionEventMap['extend']): void {
    const { controller, locale } = this.#host;
    const { deadline } = controller.snapshot;
    const end = deadline === null ? null : clockTime(deadline, locale);
    this.#rest();
    this.#tell(this.#strings.extended(duration(additionalSeconds, locale), end));
  }

  /** No warning and no dialog any more. */
  #rest(): void {
    this.#stopWaiting?.();
    this.#dialog = null;
    this.#hasWarning = false;
    this.#host.requestUpdate();
  }

  #forgetWarning(): void {
    this.#hasWarning = false;
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
    this.#announce(text);
    this.#host.requestUpdate();
  }

  #announce(text: string): void {
    this.#host.frame.announcement.textContent = text;
  }

  get #strings() {
    return { ...english, ...this.#host.strings };
  }

  #view(): PanelsView {
    const { controller, locale, noExtend } = this.#host;
    const options = noExtend ? [] : controller.extensionOptions;
    const choice = this.#choiceOf(options);
    return {
      snapshot: controller.snapshot,
      strings: this.#strings,
      locale,
      options,
      choice,
      dialog: this.#dialog,
      isOffline: !navigator.onLine,
      notice: this.#notice,
      hasWarning: this.#hasWarning,
      returnAddress: this.#returnAddress,
      act: (action) => this.act(action),
      choose: ({ additional_seconds }) => {
        this.#choice = additional_seconds;
        this.#host.requestUpdate();
      },
      confirmExtend: () => choice && this.#quietly(controller.extend(choice.additional_seconds / 60)),
      confirmEnd: () => this.#quietly(controller.end()),
      keepGoing: () => {
        this.#dialog = null;
        this.#host.requestUpdate();
      },
      dismiss: () => {
        if (this.#notice) this.#notice = null;
        else this.#hasWarning = false;
        this.#host.requestUpdate();
      },
      retry: () => this.#quietly(controller.start()),
    };
  }

  /** What the person picked; before that the cheapest that can be had, and never more. */
  #choiceOf(options: readonly ExtensionOption[]): ExtensionOption | undefined {
    const available = options.filter((option) => option.available);
    const picked = available.find((option) => option.additional_seconds === this.#choice);
    return picked ?? available.toSorted((one, other) => one.tokens - other.tokens)[0];
  }

  /** A failure stands in the snapshot, and is drawn from there. */
  #quietly(call: Promise<void>): void {
    call.catch(() => {});
  }
}
