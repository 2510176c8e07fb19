export type { Limits, Logger } from './context.js';
export type { Database } from './database/database.js';
export { openDatabase, type DatabaseOptions } from './database/open-database.js';
export type { Timer } from './expiry.js';
export { createSessionService, type SessionService, type SessionServiceOptions } from './service.js';
export { serve, type RunningServer, type ServeOptions } from './server.js';
