import type { SessionController } from '../../controller/session-controller.js';
import type { Drawing, Warning } from '../session/panels-host.js';
import { PanelPiece } from './panel-piece.js';

/**
 * The warning of a session, somewhere else in the page: a banner at each threshold, the dialog at the last. For a
 * marketplace-session with `no-warning`.
 *
 * @summary The warning of a marketplace-session, in another place.
 * @tag marketplace-session-warning
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @slot banner-text, warning-title, warning-text, extend-title, extend-text, pay-title, pay-text, end-title, end-text
 *
 * @csspart banner, warning, banner-text, dismiss-button
 * @csspart add-button - Opens the options from the first warning.
 * @csspart dialog, dialog-head, dialog-body, dialog-title, dialog-text, dialog-time, time, end-time, dialog-status, next-try, options, options-title, option, chosen-option, unavailable-option, option-time, option-price, option-end, message, actions
 * @csspart button, primary-button, confirm-button, keep-button, top-up-link, pay-link, end-button, try-button
 * @csspart session, buttons, panels, announcement
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate idle - There is no session yet.
 * @cssstate loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline
 */
export class MarketplaceSessionWarningElement extends PanelPiece {
  override draws(what: Drawing): boolean {
    return what === 'warning' || what === 'extend';
  }

  protected override followed(controller: SessionController, signal: AbortSignal): void {
    super.followed(controller, signal);
    const show = (warning: Warning) => this.panels!.with((panels) => panels.showWarning(warning));
    controller.addEventListener('warning', show, { signal });
    // What was passed before has been told already: a dialog would come out of nowhere. A correction may have put the
    // time left a moment before the threshold again.
    const { remainingSeconds, snapshot } = controller;
    const { warning } = snapshot;
    if (warning !== null) show({ isLast: false, remainingSeconds: Math.min(remainingSeconds!, warning) });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-warning': MarketplaceSessionWarningElement;
  }
}
