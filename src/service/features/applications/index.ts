// Applications: what is sold, on which pages it runs, at which price, and its secret keys.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { applicationRoutes } from './routes.js';

export { SecretKeyCredential, secretKeyScheme } from './secret-key-credential.js';
export { expiriesOf } from './secret-keys.js';

export const applicationsFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => applicationRoutes(app, context, authenticator),
});
