import type { SessionController } from '../../controller/session-controller.js';
import type { Drawing, Warning } from '../panels-host.js';
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
 * @slot banner-text - In place of the text of the first warning.
 * @slot warning-title - In place of the title of the last warning; also extend-title, end-title.
 * @slot warning-text - In place of what stands below it; also extend-text, end-text.
 *
 * @csspart banner - With `warning`; and every part of the dialog, as in marketplace-session.
 */
export class MarketplaceSessionWarningElement extends PanelPiece {
  override draws(what: Drawing): boolean {
    return what === 'warning' || what === 'extend';
  }

  protected override followed(controller: SessionController, signal: AbortSignal): void {
    super.followed(controller, signal);
    const show = (warning: Warning) => this.panels!.with((panels) => panels.showWarning(warning));
    controller.addEventListener('warning', (event) => event.defaultPrevented || show(event), { signal });
    // What was passed before has been told already: a dialog would come out of nowhere.
    const { remainingSeconds, snapshot } = controller;
    if (snapshot.warning !== null) show({ isLast: false, remainingSeconds: remainingSeconds! });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-warning': MarketplaceSessionWarningElement;
  }
}
