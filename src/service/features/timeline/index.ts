// Timelines: what has happened to a session, from its sale to its end.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { timelineRoute } from './routes.js';

export const timelineFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => timelineRoute(app, context, authenticator),
});
