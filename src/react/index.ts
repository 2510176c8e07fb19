'use client';
// The elements as React components, and a session as a hook.
export { SessionError } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export type { SessionEvent } from '../controller/events.js';
export type { SessionRequestEvent } from '../controller/request-event.js';
export type { SessionControllerOptions } from '../controller/options.js';
export type { SessionSnapshot, SessionState } from '../controller/snapshot.js';
export * from './elements.js';
export {
  MarketplaceSessionProvider,
  useMarketplaceSession,
  type MarketplaceSessionInReact,
  type MarketplaceSessionProviderProps,
} from './use-marketplace-session.js';
