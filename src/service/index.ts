export type { Limits, Logger } from './foundation/context.js';
export type { Database } from './foundation/database/database.js';
export { jsonLogger, type LogLevel } from './node/json-logger.js';
export { openDatabase, type DatabaseOptions } from './foundation/database/open-database.js';
export {
  localFiles,
  s3Files,
  type FileLimits,
  type FileOptions,
  type FileStorage,
  type S3Options,
  type ScanFile,
  type StorageLink,
  type StoredContent,
} from './features/files/index.js';
export {
  daily,
  embedded,
  jitsi,
  joinLinks,
  livekit,
  RoomProviderError,
  type DailyOptions,
  type EmbeddedOptions,
  type JitsiOptions,
  type JoinLinkOptions,
  type LiveKitOptions,
  type OpenRoom,
  type RoomEntry,
  type RoomGuest,
  type RoomProvider,
  type RoomSession,
  type TurnOptions,
} from './features/rooms/index.js';
export type { Timer } from './foundation/jobs/timer.js';
export type { RateLimits } from './foundation/rate-limits/rate-limits.js';
export type { StripeOptions } from './features/payments/index.js';
export { createSessionService, type SessionService, type SessionServiceOptions } from './service.js';
export { serve, type RunningServer, type ServeOptions } from './node/server.js';
export type { WebhookOptions } from './features/webhooks/index.js';
