import { oneOf } from '../../controller/option-values.js';
import type { SessionController } from '../../controller/session-controller.js';
import type { Property } from '../shared/base-element.js';
import { Timer, writeTime } from '../session/timer.js';
import { Ring } from './ring.js';
import { SessionPiece } from './session-piece.js';
import { timerPieceStyles } from './shape-styles.js';

/**
 * The time left of a session, somewhere else in the page.
 *
 * @summary The timer of a marketplace-session, in another place.
 * @tag marketplace-session-timer
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none.
 * @attr {'text'|'pill'|'ring'} shape - "text" by default; "pill" has a surface and a border, "ring" shows how much is left of the whole.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @slot label
 *
 * @csspart session, timer, timer-label, time, end-time
 * @csspart ring - The drawing of the ring.
 * @csspart ring-track - The whole of it.
 * @csspart ring-rest - What is left of it.
 *
 * @cssproperty [--marketplace-session-ring=8rem] - The ring's diameter. The accent is what is left of it.
 * @cssproperty --marketplace-session-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent
 *
 * @cssstate idle - There is no session yet.
 * @cssstate loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline
 */
export class MarketplaceSessionTimerElement extends SessionPiece {
  static override sheets = timerPieceStyles;

  static override properties: Record<string, Property> = {
    ...SessionPiece.properties,
    shape: { read: oneOf('text', 'pill', 'ring'), isLook: true },
  };

  declare shape: 'text' | 'pill' | 'ring';

  #timer: Timer | undefined;
  #ring: Ring | undefined;

  protected override followed(controller: SessionController, signal: AbortSignal): void {
    controller.addEventListener('tick', () => this.updated(), { signal });
  }

  protected override show(): void {
    this.#timer ??= new Timer(this.whole);
    this.#timer.show(this.snapshot, this.language);
    if (this.shape === 'ring') this.#ring ??= new Ring(this.#timer.element);
  }

  protected override updated(): void {
    writeTime(this.whole, this.controller?.remainingText ?? '');
    const whole = this.snapshot.session?.duration_limit_seconds;
    this.#ring?.show(whole ? (this.controller?.remainingSeconds ?? 0) / whole : 0);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-timer': MarketplaceSessionTimerElement;
  }
}
