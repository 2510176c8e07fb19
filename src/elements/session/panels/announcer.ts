import type { SessionController } from '../../../controller/session-controller.js';
import { browserWorld } from '../../../controller/browser-world.js';
import type { PanelsHost } from '../panels-host.js';
import { Modal } from '../../shared/modal.js';

/** Who speaks for a session, however many elements draw it: what is said is said once. */
const speakers = new WeakMap<SessionController, Announcer>();

/** How long what has been said can still be found, ms. */
const staleMs = 10_000;

/** Says things to those who do not see the screen (WCAG 4.1.3). */
export class Announcer {
  readonly #host: PanelsHost;
  readonly #modal: Modal;

  constructor(host: PanelsHost, modal: Modal) {
    this.#host = host;
    this.#modal = modal;
  }

  /** Says a line, where it can be heard: everything outside a modal dialog is silent. */
  async say(text: string): Promise<void> {
    const { controller, frame } = this.#host;
    if (!speakers.has(controller)) speakers.set(controller, this);
    // What it is about may open or close a dialog.
    await Promise.resolve();
    await this.#host.updateComplete;
    const speaker = speakers.get(controller);
    const place = this.#modal.isOpen
      ? frame.panels.querySelector('dialog [part=announcement]')
      : !Modal.isTaken && speaker && speaker.#host.frame.announcement;
    if (!place || place.textContent === text) return;
    place.textContent = text;
    // What was true then may not be by the time somebody comes across it.
    browserWorld().setTimeout(() => place.textContent === text && (place.textContent = ''), staleMs);
  }

  /** Lets another one speak. */
  leave(): void {
    const { controller } = this.#host;
    if (speakers.get(controller) === this) speakers.delete(controller);
  }
}
