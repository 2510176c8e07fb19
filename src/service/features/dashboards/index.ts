// Dashboards: what waits for a provider, and news that its figures have changed.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { OpenStreams } from '../streams/index.js';
import { OpenDashboards } from './open-dashboards.js';
import { dashboardRoutes } from './routes.js';

export function dashboardsFeature(context: ServiceContext, streams: OpenStreams): Feature {
  const dashboards = new OpenDashboards(context, streams);
  return {
    mount: (app, authenticator) => dashboardRoutes(app, context, authenticator, { streams, dashboards }),
    start: () => dashboards.start(),
    close: () => dashboards.stop(),
  };
}
