// Providers: who offers the apps, and the settings.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { providerRoutes } from './routes.js';

export { dateSchema, timeZoneSchema } from './day-schemas.js';
export { ensureProvider, findProvider } from './providers.js';

export const providersFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => providerRoutes(app, context, authenticator),
});
