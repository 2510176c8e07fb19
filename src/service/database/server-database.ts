import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, NotificationListener } from './database.js';
import { endWithin, giveUpAfter } from './give-up.js';

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
/** How long a connection may take to end, ms. */
const endTimeoutMs = 2_000;

/** How long a silent server is believed to be there. */
export interface Patience {
  /** No answer to a statement, ms: longer than the server itself lets it run. */
  answerMs: number;
  /** How often a listening connection, on which nothing else is ever asked, is tried, ms. */
  tryListenersEveryMs: number;
  /** No answer to that, ms. */
  listenerAnswerMs: number;
}

const usualPatience: Patience = {
  answerMs: statementTimeoutMs + 5_000,
  tryListenersEveryMs: 10_000,
  listenerAnswerMs: 10_000,
};
/** What `pg_stat_activity` shows. */
const applicationName = 'marketplace-session';

/**
 * A PostgreSQL server, through a pool of connections, and one more for each channel that is listened on. int8 arrives as number:
 * every amount here is below 2^53.
 */
export function openServerDatabase(
  databaseUrl: string,
  poolSize = 10,
  patience: Patience = usualPatience,
): Database {
  const types = {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      oid === int8Oid
        ? Number
        : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
  };
  const open = (limits: pg.PoolConfig): [Database['kysely'], pg.Pool] => {
    const pool = new pg.Pool({
      connectionString: databaseUrl,
      types,
      connectionTimeoutMillis: connectionTimeoutMs,
      application_name: applicationName,
      keepAlive: true,
      ...limits,
    });
    // A connection that breaks fails its query or is replaced by the pool; without listeners it would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    return [new Kysely({ dialect: new PostgresDialect({ pool }) }), pool];
  };
  const [kysely, pool] = open({
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
  });
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', (client) => {
    clients.add(client);
    giveUpAfter(patience.answerMs, client);
  });
  pool.on('remove', (client) => clients.delete(client));
  const stops = new Set<() => Promise<void>>();
  return {
    kysely,
    async listen(channel, listener) {
      const stop = await listenOnOwnConnection(databaseUrl, channel, listener, patience);
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        await stop();
      };
    },
    async unhurried(work) {
      const [own] = open({ max: 1 });
      return work(own).finally(() => own.destroy());
    },
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      await endWithin(endTimeoutMs, kysely.destroy(), clients);
    },
  };
}

/** LISTEN needs a connection of its own, which comes back after a break; null tells that news may be lost. */
async function listenOnOwnConnection(
  databaseUrl: string,
  channel: string,
  listener: NotificationListener,
  { tryListenersEveryMs, listenerAnswerMs }: Patience,
) {
  let client: pg.Client;
  let timer: NodeJS.Timeout | undefined;
  let nextTry: NodeJS.Timeout | undefined;
  let stopped = true;

  // To listen again changes nothing, and shows that the connection is one.
  const listen = () => client.query(`listen ${client.escapeIdentifier(channel)}`);

  const connect = async () => {
    client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: connectionTimeoutMs,
      keepAlive: true,
      application_name: `${applicationName} listener`,
    });
    giveUpAfter(listenerAnswerMs, client);
    client.on('notification', (message) => listener(message.payload ?? ''));
    client.on('error', () => {});
    client.on('end', reconnectLater);
    await client.connect();
    await listen();
  };
  const reconnectLater = () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void connect().then(goOn, reconnectLater), reconnectDelayMs);
    timer.unref();
  };
  const goOn = () => {
    listener(null);
    tryLater();
  };
  const tryLater = () => {
    if (stopped) return;
    clearTimeout(nextTry);
    // Where it fails the connection is over, and the next one goes on.
    nextTry = setTimeout(() => void listen().then(tryLater, () => {}), tryListenersEveryMs);
    nextTry.unref();
  };

  await connect();
  stopped = false;
  tryLater();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(nextTry);
    await endWithin(endTimeoutMs, client.end(), [client]);
  };
}
