import type { Drawing } from '../session/panels-host.js';
import { PanelPiece } from './panel-piece.js';

/**
 * What is told of a lost connection, somewhere else in the page: whether time counts, when the next try is, and a way
 * to try now. For a marketplace-session with `no-connection`.
 *
 * @summary The connection banner of a marketplace-session, in another place.
 * @tag marketplace-session-connection
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @csspart banner, connection, banner-text, next-try, button, try-button
 * @csspart session, buttons, panels, announcement
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate idle - There is no session yet.
 * @cssstate loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline
 */
export class MarketplaceSessionConnectionElement extends PanelPiece {
  override draws(what: Drawing): boolean {
    return what === 'connection';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-connection': MarketplaceSessionConnectionElement;
  }
}
