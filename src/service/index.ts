export type { Limits, Logger } from './context.js';
export { openDatabase, type Database, type DatabaseOptions } from './database/database.js';
export type { Timer } from './expiry.js';
export { createSessionService, type SessionService, type SessionServiceOptions } from './service.js';
export { serve, type RunningServer, type ServeOptions } from './server.js';
