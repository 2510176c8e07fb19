import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';
import { endWithin, giveUpAfter } from './give-up.js';
import { Notifications } from './notifications.js';

const int8Oid = 20;
/** How long a request waits for a connection, ms; then it is told to come again. */
const connectionTimeoutMs = 5_000;
/** No statement of the service takes a second; one that takes this long never ends well, ms. */
const statementTimeoutMs = 15_000;
/** How long a change waits for another change of the same session or wallet, ms. */
const lockTimeoutMs = 10_000;
/** A transaction that does nothing was forgotten, and holds its locks, ms. */
const idleTransactionTimeoutMs = 30_000;
/** How long a connection may take to end, ms. */
const endTimeoutMs = 2_000;

/** How long a silent server is believed to be there. */
export interface Patience {
  /** No answer to a statement, ms: longer than the server itself lets it run. */
  answerMs: number;
  /** How often the listening connection, on which nothing else is ever asked, is tried, ms. */
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
 * A PostgreSQL server, through a pool of connections, and one more that listens. int8 arrives as number:
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
  const connection = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
  };
  const clients = new Set<pg.PoolClient>();
  const pools = new Set<Database['kysely']>();
  const open = (limits: pg.PoolConfig, answerMs = Infinity): Database['kysely'] => {
    const pool = new pg.Pool({ ...connection, types, application_name: applicationName, ...limits });
    // A connection that breaks fails its query or is replaced by the pool; without listeners it would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => {
      client.on('error', () => {});
      clients.add(client);
      if (answerMs < Infinity) giveUpAfter(answerMs, client);
    });
    pool.on('remove', (client) => clients.delete(client));
    const opened: Database['kysely'] = new Kysely({ dialect: new PostgresDialect({ pool }) });
    pools.add(opened);
    return opened;
  };
  const limits = {
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
    // To compile a query takes the server longer than to answer any that is asked here.
    options: '-c jit=off',
  };
  const kysely = open(limits, patience.answerMs);
  const notifications = new Notifications({
    connection: { ...connection, application_name: `${applicationName} listener` },
    tryEveryMs: patience.tryListenersEveryMs,
    answerMs: patience.listenerAnswerMs,
    endMs: endTimeoutMs,
  });
  return {
    kysely,
    listen: (channel, listener) => notifications.listen(channel, listener),
    async unhurried(work) {
      const own = open({ max: 1 });
      try {
        return await work(own);
      } finally {
        // Where the database is closed meanwhile its connection is broken by that.
        if (pools.delete(own)) await own.destroy();
      }
    },
    async close() {
      const all = [...pools];
      pools.clear();
      await notifications.close();
      const ended = Promise.all(all.map((each) => each.destroy()));
      await endWithin(endTimeoutMs, ended, clients);
    },
  };
}
