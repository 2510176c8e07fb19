import { sql, type Kysely } from 'kysely';
import type { Database } from '../../../src/service/index.js';
import type { Tables } from '../../../src/service/foundation/database/schema.js';
import { recountFigures } from '../../../src/service/features/figures/index.js';

const yearMs = 366 * 86_400_000;
const providers = 4;
const applications = 20;
const customersEach = 20;

/** What a marketplace has sold within a year. */
export interface YearOfSales {
  providerId: string;
  /** One of its applications. */
  applicationId: string;
  /** Who bought there. */
  userId: string;
  /** One of the last that ended. */
  sessionId: string;
}

/**
 * Puts as many ended sessions into an empty database, over four providers of five applications each, and makes their figures
 * by the service's own rules: what as many sales would leave behind, in minutes instead of days. Customers come back at random, so that the
 * gaps between their sales are of every length.
 */
export async function insertYearOfSales(database: Database, sessions: number): Promise<YearOfSales> {
  // Deadlines are whole seconds.
  const firstAt = Math.floor((Date.now() - yearMs) / 1000) * 1000;
  const customers = Math.ceil(sessions / customersEach);
  await database.unhurried(async (kysely) => {
    const run = (statement: string) => sql.raw(statement).execute(kysely);
    await run(`insert into providers (id, name, time_zone, created_at)
      select 'p' || n, 'P', 'Europe/Berlin', ${firstAt} from generate_series(0, ${providers - 1}) n`);
    await run(`insert into applications (id, provider_id, name, allowed_origins, return_origins, tokens_per_minute,
        extension_options, max_duration_seconds, pausable, max_pause_seconds, secret_key_hash, created_at)
      select 'a' || n, 'p' || n % ${providers}, 'A', '[]', '[]', 1, '[]', 7200, true, 600, 'h' || n, ${firstAt}
      from generate_series(0, ${applications - 1}) n`);
    await run(`insert into customers (id, created_at)
      select 'c' || n, ${firstAt} from generate_series(0, ${customers - 1}) n`);
    await run(`insert into accounts (id, customer_id, balance) select 'wallet:' || id, id, 5 from customers`);
    await withoutIndexes(kysely, 'sessions', () =>
      run(`insert into sessions (id, application_id, user_id, status, tokens_allocated, duration_limit_seconds,
          initial_seconds, initial_tokens, created_at, started_at, deadline_at, metadata, ended_at, used_seconds,
          final_cost, tokens_refunded)
        select '00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'), 'a' || n % ${applications}, 'c' || (hashint8(n) & 2147483647) % ${customers},
          case n % 3 when 0 then 'completed' else 'expired' end, 60, 3600, 3600, 60, at, at, at + 3600000, '{}',
          at + used * 1000, used, used / 60, 60 - used / 60
        from (select n, ${firstAt} + (n * ${yearMs / 1000}::numeric / ${sessions})::bigint * 1000 as at, 60 + n % 3540 as used
          from generate_series(0::bigint, ${sessions - 1}) n) as sales
        where at + used * 1000 < ${Date.now()}`),
    );
    await recountFigures(kysely);
    await sql`vacuum analyze`.execute(kysely);
  });
  const last = await database.kysely
    .selectFrom('sessions')
    .select(['id', 'user_id'])
    .where('application_id', '=', 'a1')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { providerId: 'p1', applicationId: 'a1', userId: last.user_id, sessionId: last.id };
}

/** Indexes are made anew once everything is there, and nothing is counted row by row. */
async function withoutIndexes(
  kysely: Kysely<Tables>,
  table: string,
  insert: () => Promise<unknown>,
): Promise<void> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = ${table} and not exists (select from pg_constraint where conname = indexname)`.execute(
    kysely,
  );
  for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(kysely);
  await sql`alter table ${sql.table(table)} disable trigger user`.execute(kysely);
  await insert();
  await sql`alter table ${sql.table(table)} enable trigger user`.execute(kysely);
  for (const { definition } of rows) await sql.raw(definition).execute(kysely);
}
