import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { Tables } from '../database/schema.js';

/** Rows of a table, and what becomes of them. */
interface SomeRows {
  table: keyof Tables;
  which: RawBuilder<unknown>;
  /** They are deleted where nothing is said. It is to leave none of them among `which`. */
  change?: RawBuilder<unknown>;
}

/** Changes rows or deletes them, so many at most: what is left is for another transaction. @returns how many it were. */
export async function changeSome(
  trx: Transaction<Tables>,
  { table, which, change }: SomeRows,
  limit: number,
): Promise<number> {
  const rows = sql.table(table);
  const some = sql`ctid = any(array(select ctid from ${rows} where ${which} limit ${limit} for update))`;
  const statement = change
    ? sql`update ${rows} set ${change} where ${some}`
    : sql`delete from ${rows} where ${some}`;
  return Number((await statement.execute(trx)).numAffectedRows);
}
