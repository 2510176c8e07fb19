// A session for Solid's components, and what JSX knows of the tags.
export { SessionError } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export type { SessionControllerOptions } from '../controller/options.js';
export type { SessionSnapshot, SessionState } from '../controller/snapshot.js';
export type * from '../../editor/solid.js';
export { createMarketplaceSession, type MarketplaceSessionInSolid } from './create-marketplace-session.js';
