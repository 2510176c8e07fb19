// The set-up of a provider's application.
import { MarketplaceSetupElement } from './elements/setup/marketplace-setup.js';
import { define } from './elements/shared/define.js';

export type { SessionEvent } from './controller/events.js';
export type { MarketplaceSetupEventMap } from './elements/setup/setup-events.js';
export { MarketplaceSetupElement };

define('marketplace-setup', MarketplaceSetupElement);
