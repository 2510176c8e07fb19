// What a script tag loads: the definition of <marketplace-session>.
import { define } from './elements/define.js';
import { MarketplaceSessionElement } from './elements/marketplace-session.js';

export { MarketplaceSessionElement };

define('marketplace-session', MarketplaceSessionElement);
