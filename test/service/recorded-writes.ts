import { sql } from 'kysely';
import type { Database } from '../../src/service/index.js';

/** The table of each row that one committed transaction has written; of an entry of the audit trail that was changed with a word on it. */
export type RecordedTransaction = string[];

/** What keeps the answer of a request, or counts it, or makes room for it, and tells nobody what was changed. */
const besides = ['idempotency_keys', 'rate_counts', 'seen_proofs', 'file_objects', 'rooms'];

/** Lets a database write down, row by row, which transaction has changed what: nothing that is committed escapes it. */
export class RecordedWrites {
  readonly #kysely: Database['kysely'];

  private constructor({ kysely }: Database) {
    this.#kysely = kysely;
  }

  static async of(database: Database): Promise<RecordedWrites> {
    const { kysely } = database;
    const tables = await kysely.introspection.getTables();
    await sql`create table recorded_writes (tx text not null, name text not null)`.execute(kysely);
    await sql`create function record_write() returns trigger language plpgsql as $$ begin
      insert into recorded_writes (tx, name) values (pg_current_xact_id()::text,
        tg_table_name || case when tg_table_name = 'audit_entries' and tg_op <> 'INSERT' then ' changed' else '' end);
      return null;
    end $$`.execute(kysely);
    for (const { name } of tables.filter((table) => !table.isView && !besides.includes(table.name))) {
      await sql`create trigger record_write after insert or update or delete on ${sql.table(name)}
        for each row execute function record_write()`.execute(kysely);
    }
    return new RecordedWrites(database);
  }

  /** The transactions since it was asked last, without those that only delivered webhooks. */
  async take(): Promise<RecordedTransaction[]> {
    const { rows } = await sql<{ tx: string; name: string }>`
      delete from recorded_writes returning tx, name`.execute(this.#kysely);
    const transactions = new Map<string, RecordedTransaction>();
    for (const { tx, name } of rows) transactions.set(tx, [...(transactions.get(tx) ?? []), name]);
    return [...transactions.values()].filter(
      (names) => !names.includes('webhook_attempts') || names.includes('audit_entries'),
    );
  }
}
