// The audit trail, for reading; it is written with each change: foundation/audit.ts.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { auditRoutes } from './routes.js';

export const auditFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => auditRoutes(app, context, authenticator),
});
