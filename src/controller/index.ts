export { SessionError, type SessionErrorDetails } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export type { ExtensionOption, Session, SessionStatus } from '../protocol/session.js';
export { formatRemaining } from '../protocol/time.js';
export type { TrackedValues } from './analytics/analytics.js';
export { AccessClient, type AccessClientOptions } from './access/access-client.js';
export type { SessionEventMap } from './event-map.js';
export * from './events.js';
export * from './session-event.js';
export { SessionRequestEvent } from './request-event.js';
export { consoleLogger, type Logger, type LogLevel } from './logger.js';
export type { HttpHooks, SessionControllerOptions } from './options.js';
export { SessionController } from './session-controller.js';
export {
  initialSnapshot,
  type Connection,
  type PendingCall,
  type SessionSnapshot,
  type SessionState,
} from './snapshot.js';
export type { Page } from './page/page.js';
export { browserWorld } from './browser-world.js';
export type { World } from './world.js';
