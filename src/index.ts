// What a script tag loads: the definition of <marketplace-session>. A second definition does no harm.
import { MarketplaceSessionElement } from './elements/marketplace-session.js';

export { MarketplaceSessionElement };

if (!customElements.get('marketplace-session'))
  customElements.define('marketplace-session', MarketplaceSessionElement);
