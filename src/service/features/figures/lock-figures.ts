import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../foundation/database/schema.js';

/**
 * Lets one transaction at a time fold or count anew: two would only wait for each other's rows.
 * @returns false where another one is at it.
 */
export async function lockFigures(trx: Transaction<Tables>): Promise<boolean> {
  const { rows } = await sql<{ isFree: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('marketplace-session figures', 0)) as "isFree"`.execute(
    trx,
  );
  return rows[0]!.isFree;
}
