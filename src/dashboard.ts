// A provider's dashboard.
import { MarketplaceDashboardElement } from './elements/dashboard/marketplace-dashboard.js';
import { define } from './elements/shared/define.js';

export type { SessionEvent } from './controller/events.js';
export type { MarketplaceDashboardEventMap } from './elements/dashboard/dashboard-events.js';
export { MarketplaceDashboardElement };

define('marketplace-dashboard', MarketplaceDashboardElement);
