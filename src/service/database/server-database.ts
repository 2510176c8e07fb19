import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, NotificationListener } from './database.js';

const int8Oid = 20;
const statementTimeoutMs = 15_000;
const reconnectDelayMs = 1_000;

/** A PostgreSQL server, through a pool of connections. int8 arrives as number: every amount here is below 2^53. */
export function openServerDatabase(databaseUrl: string): Database {
  const types = {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      oid === int8Oid
        ? Number
        : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    types,
    max: 10,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTimeoutMs,
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
    client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
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
