import { sql, type Kysely } from 'kysely';
import { isSomebody } from '../housekeeping/erased-customer.js';
import { hasDetails } from '../housekeeping/session-details.js';
import { inTurn } from './in-turn.js';
import type { Tables } from './schema.js';

/**
 * Indexes of tables that grow without end, each beginning with what a list is filtered by and ending with its order. They
 * are no migrations: those hold a table while they run, and an index of ten million rows takes its time.
 */
const indexes: Record<string, string> = {
  // Lists of all applications name the condition, the others do not: the planner would go through everybody's sessions in
  // search of the few of one application, for it does not know that these are all old.
  sessions_newest: `sessions (created_at desc, id desc) where id > ''`,
  sessions_newest_by_status: `sessions (status, created_at desc, id desc) where id > ''`,
  sessions_newest_by_application: 'sessions (application_id, created_at desc, id desc)',
  sessions_newest_by_application_and_status: 'sessions (application_id, status, created_at desc, id desc)',
  sessions_newest_by_user: 'sessions (user_id, created_at desc, id desc)',
  sessions_waiting: 'sessions (waiting_until) where waiting_until is not null',
  sessions_with_details_by_end: `sessions (ended_at) where ${hasDetails}`,
  customers_newest: `customers (created_at desc, id desc) where ${isSomebody}`,
  customers_newest_by_organization: 'customers (organization_id, created_at desc, id desc)',
  customers_newest_by_email: 'customers (lower(email), created_at desc, id desc)',
  // Who is erased leaves them in slices, and is gone once none of them names him.
  ledger_transactions_by_customer: 'ledger_transactions (customer_id)',
  provider_customers_by_customer: 'provider_customers (customer_id)',
  events_by_subject: 'events (subject, id)',
  // An older instance that starts looks for one of that name, and cannot make it on a view.
  outbox_by_age: `events (created_at) where type <> 'session.ended'`,
  exceptions_open_newest: 'exceptions (created_at desc, id desc) where resolved_at is null',
  exceptions_open_by_provider: 'exceptions (provider_id, created_at desc, id desc) where resolved_at is null',
  exceptions_newest_by_kind: 'exceptions (kind, created_at desc, id desc)',
  payment_authorizations_by_lapse: `payment_authorizations (capture_before) where status in ('authorized', 'capturing')`,
  disputes_by_state: 'disputes (state, told_at)',
  audit_entries_by_actor: 'audit_entries (actor, created_at desc, id desc)',
  webhook_deliveries_by_customer: `webhook_deliveries ((data ->> 'user_id'))`,
  webhook_deliveries_by_subscriber: `webhook_deliveries ((data ->> 'customer_id')) where data ? 'customer_id'`,
  webhook_deliveries_of_erasures: `webhook_deliveries (finished_at) where type = 'customer.deleted'`,
  webhook_deliveries_by_endpoint_and_status:
    'webhook_deliveries (endpoint_id, status, created_at desc, id desc)',
};

/** Their place is taken by those above. */
const superseded = ['sessions_by_application', 'sessions_by_user'];

/**
 * Makes the indexes that are missing, while other instances go on reading and writing; what a process left half made when
 * it died is made anew. One instance works at a time, the others wait for it.
 * @param kysely where a statement may take its time.
 * @param signal ends it between two indexes.
 */
export async function makeIndexes(kysely: Kysely<Tables>, signal?: AbortSignal): Promise<void> {
  await kysely.connection().execute(async (db) => {
    if (await isComplete(db)) return;
    await inTurn(db, 'indexes', signal, async () => {
      const valid = await validIndexes(db);
      for (const [name, definition] of Object.entries(indexes)) {
        if (valid.has(name)) continue;
        signal?.throwIfAborted();
        await sql`drop index concurrently if exists ${sql.id(name)}`.execute(db);
        await sql`create index concurrently ${sql.id(name)} on ${sql.raw(definition)}`.execute(db);
      }
      for (const name of superseded) await sql`drop index concurrently if exists ${sql.id(name)}`.execute(db);
    });
  });
}

async function isComplete(db: Kysely<Tables>): Promise<boolean> {
  const valid = await validIndexes(db);
  return Object.keys(indexes).every((name) => valid.has(name)) && !superseded.some((name) => valid.has(name));
}

/** The names of all indexes that can be used. */
async function validIndexes(db: Kysely<Tables>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_index
    join pg_class on pg_class.oid = indexrelid
    where indisvalid and relnamespace = current_schema()::regnamespace`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
