// Figures: what a provider sold and earned, by quarter of an hour.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { countEarlier } from './count-earlier.js';
import { sessionCsvRoute } from './csv-routes.js';
import { figureFolding } from './fold.js';
import { providerFigureRoutes } from './routes.js';

export const figuresFeature = (context: ServiceContext): Feature => ({
  jobs: [figureFolding(context)],
  mount(app, authenticator) {
    providerFigureRoutes(app, context, authenticator);
    sessionCsvRoute(app, context, authenticator);
  },
  start: (signal) => context.database.unhurried((unhurried) => countEarlier(unhurried, signal)),
});

export { askedOwner, checkOwner, ownApplications, ownerQuery, type FigureOwner } from './figure-owner.js';
export { recountFigures } from './count-earlier.js';
