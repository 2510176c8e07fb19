import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../../src/service/index.js';

/**
 * Gives a customer as many more sessions as one that is over, with all that is written of it: straight into the tables, for
 * requests would take minutes. Each is a second older than the one before.
 */
export async function copySession(
  { kysely }: Database,
  { customerId, sessionId, count }: { customerId: string; sessionId: string; count: number },
): Promise<void> {
  const copyOf = (text: string) => sql`replace(${sql.ref(text)}, ${sessionId}, ${sessionId} || '-' || n)`;
  await kysely.transaction().execute(async (trx) => {
    const columnsOf = async (table: string) => {
      const { rows } = await sql<{ name: string }>`
        select column_name as name from information_schema.columns
        where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER'`.execute(
        trx,
      );
      return sql.join(rows.map(({ name }) => sql.ref(name)));
    };
    /** Rows as others are, but for some columns. */
    const copyRows = async (table: string, which: RawBuilder<unknown>, others: RawBuilder<unknown>) => {
      const columns = await columnsOf(table);
      await sql`insert into ${sql.table(table)} (${columns}) overriding system value
        select ${columns} from (
          select (jsonb_populate_record(t, ${others})).* from ${sql.table(table)} t, generate_series(1, ${count}::int) as n
          where ${which}) as copies`.execute(trx);
    };
    await copyRows(
      'sessions',
      sql`id = ${sessionId}`,
      sql`jsonb_build_object('id', ${copyOf('id')}, 'created_at', created_at - n * 1000)`,
    );
    const ofSession = sql`session_id = ${sessionId}`;
    await copyRows(
      'messages',
      ofSession,
      sql`jsonb_build_object('id', gen_random_uuid(), 'session_id', ${copyOf('session_id')})`,
    );
    await copyRows(
      'events',
      sql`subject = ${`session:${sessionId}`}`,
      sql`jsonb_build_object('id', nextval(pg_get_serial_sequence('events', 'id')), 'subject', ${copyOf('subject')})`,
    );
    await copyRows(
      'ledger_transactions',
      ofSession,
      sql`jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('ledger_transactions', 'id')), 'session_id', ${copyOf('session_id')})`,
    );
    await copyRows(
      'accounts',
      sql`id = ${`hold:${sessionId}`}`,
      sql`jsonb_build_object('id', ${copyOf('id')})`,
    );
    await sql`insert into ledger_entries (transaction_id, account_id, amount, balance_after)
      select copy.id, replace(account_id, ${sessionId}, copy.session_id), amount, balance_after
      from ledger_transactions copy
        join ledger_transactions one on one.session_id = ${sessionId} and one.kind = copy.kind
        join ledger_entries on transaction_id = one.id
      where copy.session_id like ${`${sessionId}-%`}`.execute(trx);
    await sql`update accounts
      set balance = (select sum(amount) from ledger_entries where account_id = accounts.id)
      where id = ${`wallet:${customerId}`}`.execute(trx);
  });
}
