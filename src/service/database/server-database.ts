import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, NotificationListener } from './database.js';

const int8Oid = 20;
/** How long a request waits for a connection, ms; then it is told to come again. */
const connectionTimeoutMs = 5_000;
/** No statement of the service takes a second; one that takes this long never ends well, ms. */
const statementTimeoutMs = 15_000;
/** How long a change waits for another change of the same session or wallet, ms. */
const lockTimeoutMs = 10_000;
/** A transaction that does nothing was forgotten, and holds its locks, ms. */
const idleTransactionTimeoutMs = 30_000;
const reconnectDelayMs = 1_000;
/** What `pg_stat_activity` shows. */
const applicationName = 'marketplace-session';

/**
 * A PostgreSQL server, through a pool of connections, and one more for each channel that is listened on. int8 arrives as number:
 * every amount here is below 2^53.
 */
export function openServerDatabase(databaseUrl: string, poolSize = 10): Database {
  const types = {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      oid === int8Oid
        ? Number
        : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    types,
    max: poolSize,
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
    application_name: applicationName,
    keepAlive: true,
  });
  // A connection that breaks fails its query or is replaced by the pool; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const kysely: Database['kysely'] = new Kysely({ dialect: new PostgresDialect({ pool }) });
  const stops = new Set<() => Promise<void>>();
  return {
    kysely,
    async listen(channel, listener) {
      const stop = await listenOnOwnConnection(databaseUrl, channel, listener);
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        await stop();
      };
    },
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      await kysely.destroy();
    },
  };
}

/** LISTEN needs a connection of its own, which comes back after a break; null tells that news may be lost. */
async function listenOnOwnConnection(databaseUrl: string, channel: string, listener: NotificationListener) {
  let client: pg.Client;
  let timer: NodeJS.Timeout | undefined;
  let stopped = true;

  const connect = async () => {
    client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      application_name: `${applicationName} listener`,
    });
    client.on('notification', (message) => listener(message.payload ?? ''));
    client.on('error', () => {});
    client.on('end', reconnectLater);
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  };
  const reconnectLater = () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void connect().then(() => listener(null), reconnectLater), reconnectDelayMs);
    timer.unref();
  };

  await connect();
  stopped = false;
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client.end();
  };
}
