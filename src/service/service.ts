import { createApplication } from './application.js';
import { allFeatures } from './features.js';
import { accessTokenScheme } from './features/access-tokens/index.js';
import { secretKeyScheme } from './features/applications/index.js';
import { fileSettings, type FileOptions } from './features/files/index.js';
import { StripeGateway, type StripeOptions } from './features/payments/index.js';
import { embedded, type RoomProvider } from './features/rooms/index.js';
import { SessionTokenScheme, signingKeysOf } from './features/sessions/index.js';
import type { WebhookOptions } from './features/webhooks/index.js';
import { Authenticator } from './foundation/auth/authenticator.js';
import { operatorKeyScheme } from './foundation/auth/operator-key.js';
import { defaultLimits, type Limits, type Logger, type ServiceContext } from './foundation/context.js';
import { DatabaseClock } from './foundation/database-clock.js';
import type { Database } from './foundation/database/database.js';
import { makeIndexes } from './foundation/database/indexes.js';
import { migrate } from './foundation/database/migrate.js';
import { nameSubjects } from './foundation/events/name-subjects.js';
import { purgeWork, readOverdue } from './foundation/housekeeping/housekeeping.js';
import { checkRetention, defaultRetention, type Retention } from './foundation/housekeeping/retention.js';
import type { RequestOrigin } from './foundation/http/environment.js';
import { DueScheduler } from './foundation/jobs/due-scheduler.js';
import { countFailedWork } from './foundation/jobs/failed-work.js';
import { systemTimer, type Timer } from './foundation/jobs/timer.js';
import { Metrics } from './foundation/metrics.js';
import { MovableClock } from './foundation/movable-clock.js';
import { RateLimiter } from './foundation/rate-limits/rate-limiter.js';
import { checkRateLimits, defaultRateLimits, type RateLimits } from './foundation/rate-limits/rate-limits.js';
import { SecretBox } from './foundation/secrets/secret-box.js';
import { purges } from './purges.js';

export interface SessionServiceOptions {
  database: Database;
  /** May do everything; at least 32 characters, kept on servers. */
  operatorKey: string;
  /** The address of the service as others see it: issuer of the session tokens. */
  publicUrl: string;
  /** Sells extensions for money, through Stripe Checkout; needs the package `stripe`. Without it: tokens only. */
  stripe?: StripeOptions;
  /** Where files of sessions are kept, and how large they may be. Without it sessions have none. */
  files?: FileOptions;
  /** Where the two sides of a session meet: in the page itself (`embedded()`) where nothing is said; null for nowhere. */
  roomProvider?: RoomProvider | null;
  /** How webhooks reach their receivers. */
  webhooks?: WebhookOptions;
  /** In place of the database's clock, by which everything goes else: for tests. Ms since the epoch. */
  now?: () => number;
  /** The clock of this machine, which is only compared with the database's. Ms since the epoch. */
  wallClock?: () => number;
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
  /** How many days what is kept. */
  retention?: Partial<Retention>;
  /** Lets everybody read `/metrics`; without it the operator key is needed. */
  publicMetrics?: boolean;
  /** Lets a secret key of a test move the clock forward, for everybody: never where somebody pays. */
  testClock?: boolean;
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
   * @param signal ends the start where it may end: between two steps, and while others migrate. It throws its reason then.
   */
  start(signal?: AbortSignal): Promise<void>;
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

/**
 * The session service.
 * @throws {TypeError} where the operator key, the life of session tokens or a retention is too short, a session would wait for too
 * long, the public address is none, a limit of files is none, or a key of Stripe is none.
 */
export function createSessionService(options: SessionServiceOptions): SessionService {
  if (options.operatorKey.length < 32) throw new TypeError('operatorKey must have at least 32 characters');
  const limits: Limits = { ...defaultLimits, ...options.limits };
  checkTokenLife(limits.sessionTokenSeconds);
  checkWaiting(limits);
  const rateLimits: RateLimits = { ...defaultRateLimits, ...options.rateLimits };
  checkRateLimits(rateLimits);
  const retention: Retention = { ...defaultRetention, ...options.retention };
  checkRetention(retention);
  const kept = purges(retention);
  const { database } = options;
  const { kysely } = database;
  const timer = options.timer ?? systemTimer;
  const logger = options.logger ? withoutFailures(options.logger) : silentLogger;
  const { wallClock = Date.now } = options;
  const clock = options.now ? null : new DatabaseClock({ kysely, timer, logger, wallClock });
  const clockDisagreementMs = () => clock?.disagreementMs ?? 0;
  const gateway = options.stripe ? new StripeGateway(options.stripe) : null;
  const files = options.files ? fileSettings(options.files) : null;
  const { roomProvider = embedded() } = options;
  const now = options.now ?? clock!.now;
  const testClock = options.testClock ? new MovableClock({ database, logger, clock: now }) : null;
  const context: ServiceContext = {
    kysely,
    database,
    now: testClock?.now ?? now,
    timer,
    box: options.keyEncryptionKeys?.length ? new SecretBox(options.keyEncryptionKeys) : null,
    takesMoney: gateway !== null,
    keepsFiles: files !== null,
    hasRooms: roomProvider !== null,
    publicUrl: new URL(options.publicUrl).href.replace(/\/$/, ''),
    limits,
    logger,
    metrics: new Metrics(),
    eventConsumers: [],
  };
  addFigures(context, { clockDisagreementMs, readOverdue: () => readOverdue(context, kept) });
  const sessionTokens = new SessionTokenScheme(context);
  const { webhooks } = options;
  const limiter = new RateLimiter(context, rateLimits);
  const parts = { gateway, sessionTokens, webhooks, limiter, files, roomProvider, testClock };
  const { features, streams } = allFeatures(context, parts);
  context.eventConsumers = features.flatMap(({ consumers = [] }) => consumers);
  const inReverse = features.toReversed();
  const schedulers = [
    ...features.flatMap(({ jobs = [] }) => jobs),
    ...kept.map((purge) => purgeWork(context, purge)),
  ].map((work) => new DueScheduler(work, context));
  const schemes = [
    operatorKeyScheme(options.operatorKey),
    secretKeyScheme(context),
    accessTokenScheme(context),
    sessionTokens,
  ];
  let isOpen = false;
  const app = createApplication(context, {
    features,
    authenticator: new Authenticator(schemes, limiter),
    limiter,
    health: {
      isOpen: () => isOpen,
      clockDisagreementMs,
      publicMetrics: options.publicMetrics ?? false,
    },
  });
  return {
    fetch: async (request, origin) => app.fetch(request, origin),
    async start(signal) {
      const steps = [
        () => clock?.start(),
        () => database.unhurried((unhurried) => migrate(unhurried, undefined, signal)),
        () => testClock?.start(() => schedulers.forEach((scheduler) => scheduler.wake())),
        () => database.unhurried((unhurried) => nameSubjects(unhurried, signal)),
        () => database.unhurried((unhurried) => makeIndexes(unhurried, signal)),
        ...features.map((feature) => () => feature.start?.(signal)),
        ...schedulers.map((scheduler) => () => scheduler.start()),
      ];
      for (const step of steps) {
        signal?.throwIfAborted();
        await step();
      }
      signal?.throwIfAborted();
      isOpen = true;
    },
    get openStreams() {
      return streams.size;
    },
    rotateSigningKeys: () => signingKeysOf(context).rotate(),
    async drain() {
      isOpen = false;
      for (const feature of inReverse) await feature.drain?.();
    },
    async close() {
      isOpen = false;
      limiter.stop();
      for (const feature of inReverse) await feature.drain?.();
      for (const scheduler of schedulers) await scheduler.stop();
      for (const feature of inReverse) await feature.close?.();
      await testClock?.stop();
      clock?.stop();
    },
  };
}

/** What the foundation tells of itself. */
function addFigures(
  { kysely, metrics }: ServiceContext,
  sources: { clockDisagreementMs(): number; readOverdue(): Promise<Map<string, number>> },
): void {
  metrics.add({
    name: 'clock_disagreement_seconds',
    help: "How far the clock of this machine is ahead of the database's",
    read: () => sources.clockDisagreementMs() / 1000,
  });
  metrics.add({
    name: 'failing_rows',
    help: 'Rows on which work fails alone and is tried again, of all instances',
    label: 'work',
    read: () => countFailedWork(kysely),
  });
  metrics.add({
    name: 'purge_overdue_seconds',
    help: 'For how long the oldest row of a kind should be gone: up to an hour where all is well',
    label: 'kind',
    read: async () => new Map([...(await sources.readOverdue())].map(([kind, ms]) => [kind, ms / 1000])),
  });
}

/** What cannot be logged, such as on a disk that is full, is no reason to fail at what was to be logged. */
function withoutFailures(logger: Logger): Logger {
  const guarded =
    (level: keyof Logger): Logger['info'] =>
    (message, fields) => {
      try {
        logger[level](message, fields);
      } catch {
        // There is no other place to tell it.
      }
    };
  return { info: guarded('info'), error: guarded('error') };
}

/** A session token lives at most two days: the waiting, a day of session, the pauses and the grace must fit in. */
function checkWaiting({ waitingSeconds, maxWaitingSeconds }: Limits): void {
  const isInOrder = waitingSeconds >= 1 && waitingSeconds <= maxWaitingSeconds && maxWaitingSeconds <= 36_000;
  if (!isInOrder || ![waitingSeconds, maxWaitingSeconds].every(Number.isInteger))
    throw new TypeError(
      'waitingSeconds must be a whole number from 1 to maxWaitingSeconds, and that at most 36000',
    );
}

/** A shorter life would end between two heartbeats, before one of them could renew it. */
function checkTokenLife(seconds: number): void {
  const isWhole = Number.isInteger(seconds) || seconds === Infinity;
  if (!isWhole || seconds < 300)
    throw new TypeError('sessionTokenSeconds must be a whole number from 300 on');
}
