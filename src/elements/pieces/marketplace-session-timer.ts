import type { PropertyDeclarations } from '@lit/reactive-element';
import type { SessionController } from '../../controller/session-controller.js';
import { Timer, writeTime } from '../timer.js';
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
 * @slot label - In place of "Time left".
 *
 * @csspart session - Around everything.
 * @csspart timer - Label, time and end by the clock.
 * @csspart timer-label - The words before the time.
 * @csspart time - The digits.
 * @csspart end-time - When it ends.
 * @csspart ring - The drawing of the ring.
 * @csspart ring-track - The whole of it.
 * @csspart ring-rest - What is left of it.
 *
 * @cssproperty --marketplace-session-ring - The ring's diameter; 8rem by default. And the colours of marketplace-session: the accent is what is left of the ring.
 *
 * @cssstate idle - No session yet.
 * @cssstate loading - The service is being asked.
 * @cssstate waiting - The session has not started.
 * @cssstate active - Time runs.
 * @cssstate paused - Time stands still.
 * @cssstate ending - The time is up.
 * @cssstate ended - Settled.
 * @cssstate failed - There is no session.
 * @cssstate warning - A threshold has been passed.
 * @cssstate reconnecting - Heartbeats fail.
 * @cssstate offline - The device has no network.
 */
export class MarketplaceSessionTimerElement extends SessionPiece {
  static override sheets = timerPieceStyles;

  static override properties: PropertyDeclarations = {
    ...SessionPiece.properties,
    shape: {},
  };

  /** How it is drawn; `text` by default. */
  declare shape: 'text' | 'pill' | 'ring' | undefined;

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
