import { every } from '../../controller/page/every.js';
import { renderedIn } from './ancestors.js';
import { focused, focusQuietly } from './focus.js';
import { lockScroll } from './scroll-lock.js';
import { isUsable } from './usable.js';

/** The one that is open: a page shows one dialog at a time, however many sessions run on it. */
let front: Modal | undefined;
const setFront = (modal: Modal | undefined) => (front = modal);

/** How often an open dialog is looked after, ms: a page that hides what is around it tells nobody. */
const lookMs = 500;

const bodyOf = (dialog: Element | null) => dialog?.querySelector<HTMLElement>('[part=dialog-body]');

/** A native dialog that is modal while it is wanted and can be used, and gives the focus back to where it was. */
export class Modal {
  readonly #onUnusable: () => void;
  #returnTo: Element | null = null;
  #abort: AbortController | undefined;

  /** @param onUnusable called when the open dialog can be seen or used no more. */
  constructor(onUnusable: () => void) {
    this.#onUnusable = onUnusable;
  }

  /** Whether any dialog of the page's sessions is open. */
  static get isTaken(): boolean {
    return front !== undefined;
  }

  get isOpen(): boolean {
    return front === this;
  }

  show(dialog: HTMLDialogElement): void {
    if (dialog.matches(':modal')) return;
    if (!this.isOpen) {
      this.#returnTo = focused();
      setFront(this);
      this.#abort = new AbortController();
      this.#attend(dialog, this.#abort.signal);
    }
    // Moving the element has left it open, but not modal.
    dialog.removeAttribute('open');
    // The browser's own way to give the focus scrolls; what is inert gets none.
    dialog.inert = true;
    dialog.showModal();
    dialog.inert = false;
    place(dialog);
    focusQuietly(dialog.querySelector('[autofocus]'));
  }

  /** @returns whether the focus is where it was before the dialog came. */
  hide(dialog: HTMLDialogElement | null): boolean {
    if (dialog?.open) dialog.close();
    if (!this.isOpen) return false;
    setFront(undefined);
    this.#abort?.abort();
    const before = this.#returnTo;
    if (focused() === document.body) focusQuietly(this.#standingFor(before, dialog));
    return focused() !== document.body || before === document.body;
  }

  /** What had the focus may have gone and come again meanwhile. */
  #standingFor(before: Element | null, dialog: HTMLDialogElement | null): Element | null | undefined {
    if (!before || before.isConnected) return before;
    return (dialog?.getRootNode() as ShadowRoot | undefined)?.querySelector(
      `[part="${before.getAttribute('part')}"]`,
    );
  }

  /** Changes what is in the dialog: what comes or goes in its head moves nothing below it. */
  static steadily(dialog: HTMLDialogElement | null, change: () => void): void {
    const body = dialog?.open ? bodyOf(dialog) : null;
    const before = body?.clientHeight ?? 0;
    change();
    if (body) body.scrollTop += before - body.clientHeight;
  }

  #attend(dialog: HTMLDialogElement, signal: AbortSignal): void {
    const release = lockScroll(dialog.ownerDocument);
    const stopLooking = every(lookMs, () => dialog.isConnected && !isUsable(dialog) && this.#onUnusable());
    window.addEventListener('resize', () => place(dialog), { signal });
    signal.addEventListener('abort', () => {
      release();
      stopLooking();
    });
  }
}

/** By how much the page magnifies what is around the dialog; WebKit knows no `currentCSSZoom`. */
const zoomAround = (dialog: HTMLDialogElement): number =>
  [...renderedIn(dialog)]
    .slice(1)
    .reduce((zoom, element) => zoom * (Number(getComputedStyle(element).zoom) || 1), 1);

/** Puts the dialog into the middle, by its lower edge: from there it grows upwards, and its buttons stay. */
function place(dialog: HTMLDialogElement): void {
  const { style } = dialog;
  style.removeProperty('--dialog-end');
  // A page that is magnified by its own style sheet would push it out of the window.
  style.zoom = String(1 / zoomAround(dialog));
  style.setProperty('--dialog-end', getComputedStyle(dialog).marginBottom);
  const body = bodyOf(dialog);
  if (!body) return;
  // The place that is kept for a scroll bar is a part of the space at the side.
  body.style.setProperty('--scroll-bar', `${body.offsetWidth - body.clientWidth}px`);
  // What scrolls and holds nothing to press must be reached by keys itself.
  const isStop = body.scrollHeight > body.clientHeight && !body.querySelector('input');
  body.toggleAttribute('tabindex', isStop);
  if (isStop) body.tabIndex = 0;
}
