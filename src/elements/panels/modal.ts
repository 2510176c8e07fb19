import { focused } from './typing.js';

/** The one that is open: a page shows one dialog at a time, however many sessions run on it. */
let front: Modal | undefined;
const setFront = (modal: Modal | undefined) => (front = modal);

/** A native dialog that is modal while it is wanted, and gives the focus back to where it was. */
export class Modal {
  #returnTo: Element | null = null;

  /** Whether any dialog of the page's sessions is open. */
  static get isTaken(): boolean {
    return front !== undefined;
  }

  get isOpen(): boolean {
    return front === this;
  }

  show(dialog: HTMLDialogElement): void {
    if (dialog.matches(':modal')) return;
    if (!this.isOpen) this.#returnTo = focused();
    setFront(this);
    // Moving the element has left it open, but not modal.
    dialog.removeAttribute('open');
    dialog.showModal();
  }

  hide(dialog: HTMLDialogElement | null): void {
    if (dialog?.open) dialog.close();
    if (!this.isOpen) return;
    setFront(undefined);
    if (focused() === document.body) (this.#returnTo as HTMLElement | null)?.focus();
  }
}
