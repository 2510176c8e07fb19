// The tag, and its pieces for other places of a page.
import { define } from './elements/shared/define.js';
import { MarketplaceSessionConnectionElement } from './elements/pieces/marketplace-session-connection.js';
import { MarketplaceSessionExtendElement } from './elements/pieces/marketplace-session-extend.js';
import { MarketplaceSessionTimerElement } from './elements/pieces/marketplace-session-timer.js';
import { MarketplaceSessionWarningElement } from './elements/pieces/marketplace-session-warning.js';
export * from './index.js';

export {
  MarketplaceSessionConnectionElement,
  MarketplaceSessionExtendElement,
  MarketplaceSessionTimerElement,
  MarketplaceSessionWarningElement,
};

define('marketplace-session-timer', MarketplaceSessionTimerElement);
define('marketplace-session-warning', MarketplaceSessionWarningElement);
define('marketplace-session-extend', MarketplaceSessionExtendElement);
define('marketplace-session-connection', MarketplaceSessionConnectionElement);
