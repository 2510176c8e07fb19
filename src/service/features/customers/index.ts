// Customers and their wallets.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { erasures } from './erasure-work.js';
import { customerRoutes } from './routes.js';

export { meetCustomer } from './customers.js';

export const customersFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => customerRoutes(app, context, authenticator),
  jobs: [erasures(context)],
});
