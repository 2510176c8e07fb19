// Helpers: who they are, what help there is, and what they were told.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { categoryRoutes } from './category-routes.js';
import { helperRoutes } from './helper-routes.js';
import { notificationRoutes } from './notification-routes.js';

export { offeredCategory } from './categories.js';
export { announceDesk, announceRequest, deskChannel, readAnnouncement } from './desk-channel.js';
export { countMissed, forgetMissed, freeSeat, requireHelper, takeSeat } from './helpers.js';
export { notify, unreadCount } from './notifications.js';

export const helpersFeature = (context: ServiceContext): Feature => ({
  mount(app, authenticator) {
    helperRoutes(app, context, authenticator);
    categoryRoutes(app, context, authenticator);
    notificationRoutes(app, context, authenticator);
  },
});
