import type { Drawing } from '../session/panels-host.js';
import { timerStyles } from '../session/styles.js';
import { PanelPiece } from './panel-piece.js';

const css = String.raw;

/** A button stands in a line. */
const inline = css`
  :host {
    display: inline-block;
  }
`;

/**
 * The button that adds time to a session, with its dialog, somewhere else in the page. Shown while the marketplace
 * sells time for the session. For a marketplace-session with `no-extend`.
 *
 * @summary The extend button of a marketplace-session, in another place.
 * @tag marketplace-session-extend
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @slot extend-label, extend-title, extend-text, pay-title, pay-text
 *
 * @csspart dialog, dialog-head, dialog-body, dialog-title, dialog-text, dialog-time, time, end-time, dialog-status, next-try, options, options-title, option, chosen-option, unavailable-option, option-time, option-price, option-end, message, actions
 * @csspart button, primary-button, extend-button, confirm-button, keep-button, top-up-link, pay-link, try-button
 * @csspart session, buttons, panels, announcement
 * @csspart banner-text
 * @csspart banner, notice, dismiss-button - Where the session has no element of its own, says that time was added.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate idle - There is no session yet.
 * @cssstate loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline
 */
export class MarketplaceSessionExtendElement extends PanelPiece {
  static override sheets = [timerStyles, inline];

  override draws(what: Drawing): boolean {
    // Where no tag stands by, nobody else says that it has worked.
    return /^extend/.test(what) || (what === 'notice' && !this.element);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-extend': MarketplaceSessionExtendElement;
  }
}
