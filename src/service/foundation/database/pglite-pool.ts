import type { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

/**
 * PGlite behind the interface of a pg pool, so that Kysely's own PostgreSQL dialect runs on both. There is one
 * connection: who asks while it is taken waits for its turn.
 * @param confirm throws where the database may not be used any more
 */
export function pglitePool(pglite: PGlite, confirm: () => Promise<void> | undefined): PostgresPool {
  let lastTurn = Promise.resolve();
  return {
    async connect() {
      const { promise: turn, resolve: release } = withResolvers();
      const turnBefore = lastTurn;
      lastTurn = turn;
      await turnBefore;
      try {
        await confirm();
      } catch (error) {
        release();
        throw error;
      }
      return {
        query: (sql: string, parameters: unknown[]) => query(pglite, sql, parameters),
        release,
      } as PostgresPoolClient;
    },
    end: () => pglite.close(),
  };
}

async function query(pglite: PGlite, sql: string, parameters: unknown[]) {
  const { rows, affectedRows } = await pglite.query(sql, parameters);
  // Kysely counts the changed rows by the command's name, which PGlite does not tell.
  const command = /^\s*(insert|update|delete|merge)\b/i.exec(sql)?.[1]?.toUpperCase() ?? 'SELECT';
  return { command, rowCount: affectedRows ?? rows.length, rows };
}

function withResolvers() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
