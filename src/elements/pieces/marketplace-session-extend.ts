import { css } from '../style-sheets.js';
import type { Drawing } from '../panels-host.js';
import { timerStyles } from '../styles.js';
import { PanelPiece } from './panel-piece.js';

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
 * @slot extend-label - In place of the text of the button.
 * @slot extend-title - In place of the title of the dialog.
 * @slot extend-text - In place of what stands below it.
 *
 * @csspart button - With `extend-button`; and every part of the dialog, as in marketplace-session.
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
