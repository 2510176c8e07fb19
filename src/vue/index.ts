// A session for Vue's components, and what templates know of the tags.
export { SessionError } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export type { SessionControllerOptions } from '../controller/options.js';
export type { SessionSnapshot, SessionState } from '../controller/snapshot.js';
export { isMarketplaceElement, marketplaceSessionPlugin } from './plugin.js';
export {
  provideMarketplaceSession,
  useMarketplaceSession,
  type MarketplaceSessionInVue,
} from './use-marketplace-session.js';
