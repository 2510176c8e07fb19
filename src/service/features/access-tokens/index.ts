// Access tokens: short-lived credentials of one person, with a closed list of operations, which may be in a browser.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { accessTokenRoutes } from './routes.js';

export { AccessTokenCredential, accessTokenScheme } from './access-token-credential.js';
export { revokeTokensOf } from './issued-tokens.js';

export const accessTokensFeature = (context: ServiceContext): Feature => ({
  mount: (app, authenticator) => accessTokenRoutes(app, context, authenticator),
});
