import type { ServiceContext, Limits, Logger } from './context.js';
import { defaultLimits } from './context.js';
import type { Database } from './database/database.js';
import { migrate } from './database/migrations.js';
import { ExpiryScheduler, systemTimer, type Timer } from './expiry.js';
import { createApplication } from './http/application.js';
import { createAuthenticator } from './http/authentication.js';
import { forgetOldResults } from './idempotency.js';
import { SigningKeys } from './keys/signing-keys.js';
import { HeartbeatRecorder } from './sessions/heartbeat.js';

export interface SessionServiceOptions {
  database: Database;
  /** May do everything; at least 32 characters, kept on servers. */
  operatorKey: string;
  /** The address of the service as others see it: issuer of the session tokens. */
  publicUrl: string;
  /** The clock, ms since the epoch. */
  now?: () => number;
  /** What wakes the service; goes with `now`. */
  timer?: Timer;
  logger?: Logger;
  limits?: Partial<Limits>;
}

export interface SessionService {
  /** Answers a request; any server that speaks `Request` and `Response` can mount it. */
  fetch(request: Request): Promise<Response>;
  /** Migrates the database, makes the first signing keys and ends what came due. Call it once, before `fetch`. */
  start(): Promise<void>;
  /** Lets the next signing key sign. @throws where it was published less than five minutes ago. */
  rotateSigningKeys(): Promise<void>;
  /** Stops all work; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

const silentLogger: Logger = { info() {}, error() {} };
const purgeEveryMs = 3_600_000;

/**
 * The session service.
 * @throws {TypeError} where the operator key is too short or the public address is none.
 */
export function createSessionService(options: SessionServiceOptions): SessionService {
  if (options.operatorKey.length < 32) throw new TypeError('operatorKey must have at least 32 characters');
  const { kysely } = options.database;
  const now = options.now ?? Date.now;
  const timer = options.timer ?? systemTimer;
  const context: ServiceContext = {
    kysely,
    now,
    keys: new SigningKeys(kysely, now),
    publicUrl: new URL(options.publicUrl).href.replace(/\/$/, ''),
    limits: { ...defaultLimits, ...options.limits },
    logger: options.logger ?? silentLogger,
  };
  const expiry = new ExpiryScheduler(context, options.database, timer);
  const heartbeats = new HeartbeatRecorder(context, timer);
  const app = createApplication(context, createAuthenticator(context, options.operatorKey), heartbeats);
  let cancelPurge = () => {};

  const purge = async () => {
    await forgetOldResults(kysely, now());
    cancelPurge = timer(() => {
      purge().catch((error) => context.logger.error('the purge failed', { error: String(error) }));
    }, purgeEveryMs);
  };

  return {
    fetch: async (request) => app.fetch(request),
    async start() {
      await migrate(kysely);
      await context.keys.start();
      await purge();
      await expiry.start();
    },
    rotateSigningKeys: () => context.keys.rotate(),
    async close() {
      cancelPurge();
      await expiry.stop();
      await heartbeats.flush();
    },
  };
}
