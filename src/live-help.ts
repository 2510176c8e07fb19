// The elements of live help.
import { define } from './elements/shared/define.js';
import { MarketplaceSessionPreflightElement } from './elements/help/preflight/marketplace-session-preflight.js';

export type {
  MarketplacePreflightEventMap,
  PreflightEvent,
} from './elements/help/preflight/preflight-events.js';
export { MarketplaceSessionPreflightElement };

define('marketplace-session-preflight', MarketplaceSessionPreflightElement);
