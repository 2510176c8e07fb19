import { sql } from 'kysely';
import type { Database } from '../../../src/service/index.js';

export interface SoldSessions {
  applicationId: string;
  count: number;
  /** When the first of them ends, a whole second in ms since the epoch. */
  firstDeadlineAt: number;
  /** Their deadlines are spread evenly over so many whole seconds. */
  overSeconds: number;
}

const lengthSeconds = 3_600;
const tokens = 60;

/**
 * Puts sessions that were sold and warned already into the database, each with a customer, a wallet, a hold and its ledger
 * entries: what as many requests would leave behind, in seconds instead of minutes.
 */
export async function insertSoldSessions(
  { kysely }: Database,
  { applicationId, count, firstDeadlineAt, overSeconds }: SoldSessions,
): Promise<void> {
  const firstSaleAt = firstDeadlineAt - lengthSeconds * 1000;
  const run = await sql<{ id: string }>`select gen_random_uuid()::text as id`.execute(kysely);
  const customers = `'customer-${run.rows[0]!.id}-' || n`;
  const sessionOf = `md5('${run.rows[0]!.id}' || n)::uuid::text`;
  const statements = [
    `insert into customers (id, created_at) select ${customers}, ${firstSaleAt} from numbers`,
    `insert into sessions (id, application_id, user_id, status, tokens_allocated, duration_limit_seconds,
      initial_seconds, initial_tokens, created_at, started_at, deadline_at, due_at, metadata, warning_seconds)
      select ${sessionOf}, '${applicationId}', ${customers}, 'active', ${tokens}, ${lengthSeconds},
        ${lengthSeconds}, ${tokens}, sold_at, sold_at, sold_at + ${lengthSeconds * 1000},
        sold_at + ${lengthSeconds * 1000}, '{}', 300
      from (select n, ${firstSaleAt} + (n % ${overSeconds}) * 1000::bigint as sold_at from numbers) as sales`,
    `insert into accounts (id, customer_id, balance) select 'wallet:' || ${customers}, ${customers}, 1000 - ${tokens} from numbers`,
    `insert into accounts (id, customer_id, balance) select 'hold:' || ${sessionOf}, ${customers}, ${tokens} from numbers`,
    `insert into accounts (id) values ('issuance:marketplace') on conflict do nothing`,
    `with credits as (
        insert into ledger_transactions (kind, customer_id, reference, created_at)
        select 'credit', ${customers}, 'first', ${firstSaleAt} from numbers returning id, customer_id
      ) insert into ledger_entries (transaction_id, account_id, amount, balance_after)
        select id, 'issuance:marketplace', -1000, null from credits
        union all select id, 'wallet:' || customer_id, 1000, 1000 from credits`,
    `with holds as (
        insert into ledger_transactions (kind, customer_id, session_id, created_at)
        select 'hold', ${customers}, ${sessionOf}, ${firstSaleAt} from numbers returning id, customer_id, session_id
      ) insert into ledger_entries (transaction_id, account_id, amount, balance_after)
        select id, 'wallet:' || customer_id, -${tokens}, 1000 - ${tokens} from holds
        union all select id, 'hold:' || session_id, ${tokens}, ${tokens} from holds`,
  ];
  await kysely.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    for (const statement of statements)
      await sql
        .raw(statement.replaceAll('from numbers', `from generate_series(1, ${count}) as numbers(n)`))
        .execute(trx);
  });
  // A database that has grown to this size has been looked at on the way.
  for (const table of ['customers', 'sessions', 'accounts', 'ledger_transactions', 'ledger_entries'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(kysely);
}
