// Extensions: more time for tokens or money, and the list of what was bought.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { StripeGateway } from '../payments/index.js';
import { extensionRoutes } from './routes.js';

export { listExtensions } from './history.js';

/** @param gateway null where extensions are sold for tokens only. */
export const extensionsFeature = (context: ServiceContext, gateway: StripeGateway | null): Feature => ({
  mount: (app, authenticator) => extensionRoutes(app, context, authenticator, gateway),
});
