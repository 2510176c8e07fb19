import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import type { Tables } from './schema.js';

/** How often an instance asks whether it is its turn, ms. */
const turnPauseMs = 250;

/**
 * Does what one instance does at a time, on a connection of its own; the others wait for it. The lock is tried, not waited
 * for: an index is made once every statement that was there before has ended, and a waiting one would be one of those.
 * @param signal ends the waiting.
 */
export async function inTurn<T>(
  db: Kysely<Tables>,
  name: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const key = sql`hashtextextended(${`marketplace-session ${name}`}, 0)`;
  while (!(await tryLock(db, key))) await sleep(turnPauseMs, undefined, { signal });
  try {
    return await work();
  } finally {
    await sql`select pg_advisory_unlock(${key})`.execute(db);
  }
}

async function tryLock(db: Kysely<Tables>, key: ReturnType<typeof sql>): Promise<boolean> {
  const { rows } = await sql<{ isMine: boolean }>`select pg_try_advisory_lock(${key}) as "isMine"`.execute(
    db,
  );
  return rows[0]!.isMine;
}
