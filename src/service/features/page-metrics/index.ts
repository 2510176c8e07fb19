// Page metrics: what pages count of their sessions, where they were asked to.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { PageReports } from './page-reports.js';
import { pageMetricRoutes } from './routes.js';

export { PageReports } from './page-reports.js';

export const pageMetricsFeature = (context: ServiceContext, reports: PageReports): Feature => ({
  mount: (app, authenticator) => pageMetricRoutes(app, context, authenticator),
  close: () => reports.flush(),
});
