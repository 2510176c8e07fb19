// Providers: who offers the apps, and the settings.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { providerRoutes } from './routes.js';

export { dayRange, maxDays, timeZoneSchema, toDayRange, type DayRange } from './day-range.js';
export { ensureProvider, findProvider } from './providers.js';

export const providersFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => providerRoutes(app, context, authenticator),
});
