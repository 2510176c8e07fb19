import { forgetOldChanges } from './audit.js';
import type { ServiceContext, Limits, Logger } from './context.js';
import { defaultLimits } from './context.js';
import type { Database } from './database/database.js';
import { migrate } from './database/migrate.js';
import { DueScheduler, systemTimer, type Timer } from './due-scheduler.js';
import { LiveEvents } from './events/live-events.js';
import { Gatherer } from './gatherer.js';
import { createApplication } from './http/application.js';
import { createAuthenticator } from './http/authentication.js';
import { presenceExpiry } from './presence/absence.js';
import { Attendance } from './presence/attendance.js';
import { forgetPresences } from './presence/presences.js';
import { forgetOldResults } from './idempotency.js';
import { limitCredentials } from './http/rate-limit.js';
import type { RequestOrigin } from './http/environment.js';
import { SecretBox } from './keys/secret-box.js';
import { SigningKeys } from './keys/signing-keys.js';
import { Metrics } from './metrics.js';
import { purgePayments } from './payments/purge.js';
import { refundJobs } from './payments/refund-jobs.js';
import { StripeGateway, type StripeOptions } from './payments/stripe-gateway.js';
import { forgetOldCounts, RateLimiter } from './rate-limits/rate-limiter.js';
import { checkRateLimits, defaultRateLimits, type RateLimits } from './rate-limits/rate-limits.js';
import { forgetFormerKeys } from './secret-keys.js';
import { sessionExpiry } from './sessions/expiry.js';
import { HeartbeatRecorder } from './sessions/heartbeat.js';
import { readSessionViews } from './sessions/session-view.js';
import { KnownTokens } from './tokens/known-tokens.js';
import { deliveryJobs } from './webhooks/delivery-jobs.js';
import { encryptSecrets } from './webhooks/secrets.js';
import { webhookNetwork, type WebhookOptions } from './webhooks/network.js';
import { purgeWebhooks } from './webhooks/purge.js';

export interface SessionServiceOptions {
  database: Database;
  /** May do everything; at least 32 characters, kept on servers. */
  operatorKey: string;
  /** The address of the service as others see it: issuer of the session tokens. */
  publicUrl: string;
  /** Sells extensions for money, through Stripe Checkout; needs the package `stripe`. Without it: tokens only. */
  stripe?: StripeOptions;
  /** How webhooks reach their receivers. */
  webhooks?: WebhookOptions;
  /** The clock, ms since the epoch. */
  now?: () => number;
  /** What wakes the service; goes with `now`. */
  timer?: Timer;
  logger?: Logger;
  limits?: Partial<Limits>;
  /**
   * Encrypts the private signing keys and the secrets of webhooks in the database: 32 bytes each, in base64 or hex. The first encrypts; further ones
   * open what they encrypted before, which is encrypted anew at the start.
   */
  keyEncryptionKeys?: readonly string[];
  /** What one caller may send in a minute, by all instances together. */
  rateLimits?: Partial<RateLimits>;
  /** Lets everybody read `/metrics`; without it the operator key is needed. */
  publicMetrics?: boolean;
}

export interface SessionService {
  /**
   * Answers a request; any server that speaks `Request` and `Response` can mount it.
   * @param origin what your server knows of it: without an address there is no rate limit by address.
   */
  fetch(request: Request, origin?: RequestOrigin): Promise<Response>;
  /**
   * Migrates the database, makes the first signing keys and ends what came due. Call it once; until it is done `fetch` is for
   * `/healthz` and `/readyz` alone.
   */
  start(): Promise<void>;
  /** How many streams of live events are open here. */
  readonly openStreams: number;
  /** Lets the next signing key sign. @throws where it was published less than five minutes ago. */
  rotateSigningKeys(): Promise<void>;
  /**
   * Prepares for the end: `/readyz` answers 503 from then on, and the streams of live events are ended, so that their
   * readers come back elsewhere. Everything else is still answered.
   */
  drain(): Promise<void>;
  /**
   * Stops all work, the streams too; requests that run are still answered. Then the server can be closed, and the
   * database, which is the caller's.
   */
  close(): Promise<void>;
}

const silentLogger: Logger = { info() {}, error() {} };
const purgeEveryMs = 3_600_000;

/**
 * The session service.
 * @throws {TypeError} where the operator key or the life of session tokens is too short, the public address is none, or a key of Stripe is none.
 */
export function createSessionService(options: SessionServiceOptions): SessionService {
  if (options.operatorKey.length < 32) throw new TypeError('operatorKey must have at least 32 characters');
  const limits: Limits = { ...defaultLimits, ...options.limits };
  checkTokenLife(limits.sessionTokenSeconds);
  const rateLimits: RateLimits = { ...defaultRateLimits, ...options.rateLimits };
  checkRateLimits(rateLimits);
  const box = options.keyEncryptionKeys?.length ? new SecretBox(options.keyEncryptionKeys) : null;
  const { kysely } = options.database;
  const now = options.now ?? Date.now;
  const timer = options.timer ?? systemTimer;
  const context: ServiceContext = {
    kysely,
    now,
    keys: new SigningKeys(kysely, now, box),
    tokens: new KnownTokens(),
    views: new Gatherer((ids) => readSessionViews(context, ids)),
    box,
    payments: options.stripe ? new StripeGateway(options.stripe) : null,
    webhooks: webhookNetwork(options.webhooks),
    publicUrl: new URL(options.publicUrl).href.replace(/\/$/, ''),
    limits,
    logger: options.logger ?? silentLogger,
    metrics: new Metrics({ kysely, openStreams: () => liveEvents.size }),
  };
  const { payments } = context;
  const attendance = new Attendance(context, timer);
  const schedulers = [
    sessionExpiry(context),
    presenceExpiry(context, attendance.instanceId),
    deliveryJobs(context),
    ...(payments ? [refundJobs(context, payments)] : []),
  ].map((work) => new DueScheduler(work, context, options.database, timer));
  const heartbeats = new HeartbeatRecorder(context, timer);
  const liveEvents = new LiveEvents(context, options.database, timer, attendance);
  const limiter = new RateLimiter(context, rateLimits, timer);
  const authenticator = limitCredentials(createAuthenticator(context, options.operatorKey), limiter);
  let isOpen = false;
  const health = { isOpen: () => isOpen, publicMetrics: options.publicMetrics ?? false };
  const app = createApplication(context, { authenticator, limiter, heartbeats, liveEvents, health });
  let cancelPurge = () => {};

  const purge = async () => {
    await forgetOldResults(kysely, now());
    await purgePayments(context);
    await purgeWebhooks(context);
    await forgetOldCounts(context, now());
    await forgetFormerKeys(context, now());
    await forgetOldChanges(context, now());
    await forgetPresences(context);
    cancelPurge = timer(() => {
      purge().catch((error) => context.logger.error('the purge failed', { error: String(error) }));
    }, purgeEveryMs);
  };

  return {
    fetch: async (request, origin) => app.fetch(request, origin),
    async start() {
      await options.database.unhurried((unhurried) => migrate(unhurried));
      await context.payments?.load();
      await context.keys.start();
      await encryptSecrets(context);
      await purge();
      await attendance.start();
      await liveEvents.start();
      for (const scheduler of schedulers) await scheduler.start();
      isOpen = true;
    },
    get openStreams() {
      return liveEvents.size;
    },
    rotateSigningKeys: () => context.keys.rotate(),
    async drain() {
      isOpen = false;
      await liveEvents.stop();
      await attendance.flush();
    },
    async close() {
      isOpen = false;
      cancelPurge();
      limiter.stop();
      await liveEvents.stop();
      await attendance.stop();
      for (const scheduler of schedulers) await scheduler.stop();
      await heartbeats.flush();
    },
  };
}

/** A shorter life would end between two heartbeats, before one of them could renew it. */
function checkTokenLife(seconds: number): void {
  const isWhole = Number.isInteger(seconds) || seconds === Infinity;
  if (!isWhole || seconds < 300)
    throw new TypeError('sessionTokenSeconds must be a whole number from 300 on');
}
