import type { Drawing } from '../panels-host.js';
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
 * @csspart banner - With `connection`.
 * @csspart banner-text - What it says.
 * @csspart next-try - When the service is asked again.
 * @csspart button - With `try-button`.
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
