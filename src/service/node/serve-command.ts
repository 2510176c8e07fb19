import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionError } from '../../protocol/errors.js';
import type { Logger } from '../foundation/context.js';
import type { Database } from '../foundation/database/database.js';
import { openDatabase } from '../foundation/database/open-database.js';
import { jsonLogger, type LogLevel } from './json-logger.js';
import { canonicalPath, probes } from '../foundation/http/paths.js';
import { readOperatorKey } from './operator-key.js';
import { localFiles, s3Files, type FileStorage, type S3Options } from '../features/files/index.js';
import type { RoomProvider } from '../features/rooms/index.js';
import type { StripeOptions } from '../features/payments/stripe-gateway.js';
import { endInOrder, settledWithin, type EndReason } from './process-end.js';
import type { Retention } from '../foundation/housekeeping/retention.js';
import type { RateLimits } from '../foundation/rate-limits/rate-limits.js';
import { createSessionService, type SessionService } from '../service.js';
import { serve, type RunningServer } from './server.js';
import { within } from '../foundation/within.js';

export interface ServeCommand {
  port: number;
  host: string;
  dataDirectory: string;
  /** Without one: http://localhost and the port. */
  publicUrl: string | undefined;
  /** A PostgreSQL server in place of the embedded database. */
  databaseUrl: string | undefined;
  /** Connections to that server that work at a time. */
  poolSize: number;
  /** Without one: the file `operator.key` in the data directory, made where it is missing. */
  operatorKey: string | undefined;
  /**
   * A bucket, or a folder, for files of sessions. Without it a folder in the data directory; none where a PostgreSQL server has the
   * database, for what one machine keeps no other instance would find.
   */
  files: S3Options | string | undefined;
  /** Null where sessions have no rooms. */
  roomProvider: RoomProvider | null;
  /** Without them extensions are sold for tokens only. */
  stripe: StripeOptions | undefined;
  /** Without it session tokens live as long as their session. */
  sessionTokenSeconds: number | undefined;
  /** Hosts that webhooks may reach without TLS or on a private network. */
  webhookHosts: readonly string[];
  /** Without one the private signing keys lie in the database as they are. */
  keyEncryptionKeys: readonly string[];
  /** What is not named has its default. */
  rateLimits: Partial<RateLimits>;
  retention: Partial<Retention>;
  /** How many proxies stand in front. */
  trustedProxies: number;
  publicMetrics: boolean;
  testClock: boolean;
  logLevel: LogLevel;
  /** How long requests are still taken after SIGTERM, while `/readyz` sends them elsewhere; seconds. */
  drainSeconds: number;
}

/** What still runs so long after the last request was taken is broken off, ms. */
const finishWithinMs = 20_000;
/** How long everything together may take to close after that, ms. */
const closeWithinMs = 10_000;

/**
 * Runs the session service until SIGINT or SIGTERM, which it hears from its first moment on; what runs then is finished
 * first. A second signal ends it at once.
 */
export async function serveCommand(command: ServeCommand): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const logger = jsonLogger(toConsole, command.logLevel);
  const run = new ServeRun(command, logger);
  endInOrder(logger, (reason) => run.stop(reason));
  await run.start();
}

/** The parts of a running service, in the order in which they are opened: a signal may come between any two of them. */
class ServeRun {
  readonly #command: ServeCommand;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #starting: Promise<void> = Promise.resolve();
  #database: Database | undefined;
  #server: RunningServer | undefined;
  #service: SessionService | undefined;
  #isOpen = false;

  constructor(command: ServeCommand, logger: Logger) {
    this.#command = command;
    this.#logger = logger;
  }

  /** @throws what keeps the service from starting; once it is told to stop, nothing. */
  async start(): Promise<void> {
    this.#starting = this.#open();
    try {
      await this.#starting;
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      await this.#close();
      throw error;
    }
  }

  async stop(reason: EndReason): Promise<void> {
    this.#stopping.abort(new SessionError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 }));
    // What is being opened or migrated comes to its end, unless that takes too long: then its connection is broken.
    await settledWithin(finishWithinMs, this.#starting);
    // A server closes when its last answer is over, and a stream of live events is over when the service says so.
    await this.#service?.drain();
    if (reason === 'SIGTERM' && this.#isOpen) await sleep(this.#command.drainSeconds * 1000);
    await this.#server?.close(finishWithinMs);
    await within(closeWithinMs, this.#close());
  }

  async #open(): Promise<void> {
    const { port, host, dataDirectory, databaseUrl, sessionTokenSeconds, trustedProxies } = this.#command;
    const { signal } = this.#stopping;
    this.#database = await openDatabase(
      databaseUrl ? { databaseUrl, poolSize: this.#command.poolSize } : { dataDirectory },
    );
    signal.throwIfAborted();
    const operatorKey = this.#command.operatorKey ?? (await readOperatorKey(dataDirectory, console.log));
    // The issuer may hold a port that is known only now. What comes before the service is ready waits for it, but for those
    // who ask whether it is: a migration may take minutes, and is no reason to start the process anew.
    const { promise: created, resolve: create } = withResolvers<SessionService>();
    const { promise: ready, resolve: open, reject: giveUp } = withResolvers<SessionService>();
    ready.catch(() => {});
    signal.addEventListener('abort', () => giveUp(signal.reason));
    this.#server = await serve(
      {
        async fetch(request, origin) {
          const isProbe = probes.includes(canonicalPath(new URL(request.url).pathname));
          return (await (isProbe ? created : ready)).fetch(request, origin);
        },
      },
      { port, host, trustedProxies, logger: this.#logger },
    );
    const storage = await storageFor(this.#command);
    const publicUrl = this.#command.publicUrl ?? `http://localhost:${new URL(this.#server.url).port}`;
    const service = createSessionService({
      database: this.#database,
      operatorKey,
      publicUrl,
      webhooks: { allowedHosts: this.#command.webhookHosts },
      logger: this.#logger,
      keyEncryptionKeys: this.#command.keyEncryptionKeys,
      rateLimits: this.#command.rateLimits,
      retention: this.#command.retention,
      publicMetrics: this.#command.publicMetrics,
      testClock: this.#command.testClock,
      roomProvider: this.#command.roomProvider,
      ...(storage && { files: { storage } }),
      ...(this.#command.stripe && { stripe: this.#command.stripe }),
      ...(sessionTokenSeconds !== undefined && { limits: { sessionTokenSeconds } }),
    });
    this.#service = service;
    create(service);
    await service.start(signal);
    this.#isOpen = true;
    open(service);
    console.log(`The session service runs at ${this.#server.url} (issuer ${publicUrl})`);
  }

  async #close(): Promise<void> {
    await this.#service?.close();
    await this.#database?.close();
  }
}

/** @throws where a package is missing. */
async function storageFor({
  files,
  databaseUrl,
  dataDirectory,
}: ServeCommand): Promise<FileStorage | undefined> {
  if (typeof files === 'object') {
    // Else the first file would tell.
    await import('aws4fetch');
    return s3Files(files);
  }
  const folder = files ?? (databaseUrl ? undefined : join(dataDirectory, 'files'));
  return folder === undefined ? undefined : localFiles(folder);
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

/** A log that nobody takes any more, because its reader is gone or its disk is full, is no reason to fail. */
function toConsole(line: string, level: LogLevel): void {
  try {
    (level === 'error' ? process.stderr : process.stdout).write(`${line}\n`);
  } catch {
    // There is no other place to tell it.
  }
}
