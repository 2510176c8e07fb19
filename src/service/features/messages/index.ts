// Messages: what the two sides of a session write to each other.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { messageRoutes } from './routes.js';

export { toMessage } from './message-schemas.js';
export { eraseMessages, listMessages } from './messages.js';

export const messagesFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => messageRoutes(app, context, authenticator),
});
