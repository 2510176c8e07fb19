import { sql } from 'kysely';
import type { Database } from '../../src/service/index.js';

const everyMs = 50;

/**
 * Watches how late the machine itself is, by a timer and a look into the database.
 * @returns ends it, and tells the worst, ms.
 */
export function watchMachine({ kysely }: Database): () => Promise<number> {
  let worstMs = 0;
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      const startedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      await sql`select 1`.execute(kysely);
      worstMs = Math.max(worstMs, performance.now() - startedAt - everyMs);
    }
    return worstMs;
  };
  const watching = watch();
  return () => {
    isOver = true;
    return watching;
  };
}
