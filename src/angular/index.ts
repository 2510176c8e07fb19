// A session for Angular's components, as signals. Plain functions: nothing here needs Angular's compiler.
export { SessionError } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export type { SessionControllerOptions } from '../controller/options.js';
export type { SessionSnapshot, SessionState } from '../controller/snapshot.js';
export {
  injectMarketplaceSession,
  provideMarketplaceSession,
  type MarketplaceSessionInAngular,
} from './marketplace-session.js';
