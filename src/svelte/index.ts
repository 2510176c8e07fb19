// An attachment for each element, a session for Svelte's components, and what templates know of the tags.
export { SessionError } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export type { SessionControllerOptions } from '../controller/options.js';
export type { SessionSnapshot, SessionState } from '../controller/snapshot.js';
export type * from '../../editor/svelte.js';
export * from './elements.js';
export { createMarketplaceSession, type MarketplaceSessionInSvelte } from './create-marketplace-session.js';
