import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from './database/open-database.js';
import { jsonLogger, type LogLevel } from './json-logger.js';
import { canonicalPath, probes } from './http/paths.js';
import { readOperatorKey } from './operator-key.js';
import type { StripeOptions } from './payments/stripe-gateway.js';
import type { RateLimits } from './rate-limits/rate-limits.js';
import { createSessionService, type SessionService } from './service.js';
import { serve } from './server.js';

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
  /** How many proxies stand in front. */
  trustedProxies: number;
  publicMetrics: boolean;
  logLevel: LogLevel;
  /** How long requests are still taken after SIGTERM, while `/readyz` sends them elsewhere; seconds. */
  drainSeconds: number;
}

/** What still runs so long after the last request was taken is broken off, ms. */
const finishWithinMs = 20_000;

/**
 * Runs the session service until SIGINT or SIGTERM; what runs then is finished first. A second signal ends it at once.
 */
export async function serveCommand(command: ServeCommand): Promise<void> {
  const { port, host, dataDirectory, databaseUrl, sessionTokenSeconds, trustedProxies, logLevel } = command;
  const database = await openDatabase(
    databaseUrl ? { databaseUrl, poolSize: command.poolSize } : { dataDirectory },
  );
  const operatorKey = command.operatorKey ?? (await readOperatorKey(dataDirectory, console.log));
  // The issuer may hold a port that is known only now. What comes before the service is ready waits for it, but for those
  // who ask whether it is: a migration may take minutes, and is no reason to start the process anew.
  const { promise: created, resolve: create } = withResolvers<SessionService>();
  const { promise: ready, resolve: open } = withResolvers<SessionService>();
  const server = await serve(
    {
      async fetch(request, origin) {
        const isProbe = probes.includes(canonicalPath(new URL(request.url).pathname));
        return (await (isProbe ? created : ready)).fetch(request, origin);
      },
    },
    { port, host, trustedProxies },
  );
  const publicUrl = command.publicUrl ?? `http://localhost:${new URL(server.url).port}`;
  const started = createSessionService({
    database,
    operatorKey,
    publicUrl,
    webhooks: { allowedHosts: command.webhookHosts },
    logger: jsonLogger(toConsole, logLevel),
    keyEncryptionKeys: command.keyEncryptionKeys,
    rateLimits: command.rateLimits,
    publicMetrics: command.publicMetrics,
    ...(command.stripe && { stripe: command.stripe }),
    ...(sessionTokenSeconds !== undefined && { limits: { sessionTokenSeconds } }),
  });
  create(started);
  await started.start();
  open(started);
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      // A server closes when its last answer is over, and a stream of live events is over when the service says so.
      await started.drain();
      if (signal === 'SIGTERM') await sleep(command.drainSeconds * 1000);
      await server.close(finishWithinMs);
      await started.close();
      await database.close();
      process.exit(0);
    });
  }
  console.log(`The session service runs at ${server.url} (issuer ${publicUrl})`);
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

function toConsole(line: string, level: LogLevel): void {
  (level === 'error' ? process.stderr : process.stdout).write(`${line}\n`);
}
