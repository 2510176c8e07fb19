// Session tokens: issued for a signed-in user by the page's own server, confined to operations, and revocable.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { sessionTokenRoutes } from './routes.js';

export const sessionTokensFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => sessionTokenRoutes(app, context, authenticator),
});
