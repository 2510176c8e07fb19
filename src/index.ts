// What a script tag loads: the definition of <marketplace-session>.
import { define } from './elements/shared/define.js';
import { MarketplaceSessionElement } from './elements/session/marketplace-session.js';

export type { SessionEvent } from './controller/events.js';
export type { SessionRequestEvent } from './controller/request-event.js';
export type { MarketplaceSessionEventMap } from './elements/session/marketplace-session.js';
export { MarketplaceSessionElement };

define('marketplace-session', MarketplaceSessionElement);
