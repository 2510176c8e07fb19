import { sql, type Kysely, type Transaction } from 'kysely';
import { migrate, migrations } from '../../src/service/foundation/database/migrate.js';
import type { Tables } from '../../src/service/foundation/database/schema.js';

/** Brings a database to where release 0.1 had it. */
export async function migrateTo01(kysely: Kysely<Tables>): Promise<void> {
  const of01 = Object.entries(migrations).filter(([name]) => name < '0014');
  await migrate(kysely, Object.fromEntries(of01));
}

/** Sells a session by the statements of 0.1, as far as others can tell. */
export async function sellAs01(
  kysely: Kysely<Tables>,
  { id, endpoint }: { id: string; endpoint: { url: string; secret: string } },
): Promise<void> {
  const now = Date.now();
  const deadlineAt = Math.ceil(now / 1000) * 1000 + 3_600_000;
  const statements = [
    sql`insert into applications (id, provider_id, name, allowed_origins, return_origins, tokens_per_minute,
        extension_options, max_duration_seconds, pausable, max_pause_seconds, secret_key_hash, created_at)
      values ('sketch', 'lantern', 'Sketch', '[]', '[]', 1, '[]', 7200, true, 600, 'none', ${now})`,
    sql`insert into customers (id, created_at) values ('customer-17', ${now})`,
    sql`insert into accounts (id, customer_id, balance) values ('wallet:customer-17', 'customer-17', 0),
      (${`hold:${id}`}, 'customer-17', 0)`,
    sql`insert into sessions (id, application_id, user_id, status, tokens_allocated, duration_limit_seconds,
        initial_seconds, initial_tokens, created_at, started_at, deadline_at, due_at, metadata)
      values (${id}, 'sketch', 'customer-17', 'active', 0, 3600, 3600, 0, ${now}, ${now}, ${deadlineAt}, ${deadlineAt}, '{}')`,
    sql`insert into webhook_endpoints (id, provider_id, url, description, event_types, secret, created_at)
      values ('endpoint-1', 'lantern', ${endpoint.url}, '',
        '["session.started", "session.extended", "session.paused"]', ${endpoint.secret}, ${now})`,
  ];
  for (const statement of statements) await statement.execute(kysely);
  const payload = { session_id: id, expires_at: deadlineAt / 1000 };
  await kysely.transaction().execute((trx) => appendAs01(trx, 'session.started', payload));
}

/** Appends an event, announces it and queues its webhooks by the statements of 0.1. */
export async function appendAs01(
  trx: Transaction<Tables>,
  type: string,
  payload: { session_id: string } & Record<string, unknown>,
): Promise<void> {
  await sql`select * from sessions where id = ${payload.session_id} for update`.execute(trx);
  const rows = JSON.stringify([{ n: 0, type, payload, created_at: Date.now() }]);
  await sql`
    with appended as (
      insert into outbox (type, session_id, payload, created_at)
      select type, payload ->> 'session_id', payload, created_at
      from jsonb_to_recordset(${rows}::jsonb) as news(n int, type text, payload jsonb, created_at bigint)
      order by n
      returning id, session_id
    )
    select count(pg_notify('session_outbox', id || ' ' || session_id)::text) from appended`.execute(trx);
  await sql`
    with queued as (
      insert into webhook_deliveries (id, endpoint_id, type, data, due_at, created_at)
      select 'msg_' || replace(gen_random_uuid()::text, '-', ''), webhook_endpoints.id, news.type,
        jsonb_build_object('session_id', sessions.id, 'application_id', applications.id) || news.payload,
        news.created_at, news.created_at
      from jsonb_to_recordset(${rows}::jsonb) as news(type text, payload jsonb, created_at bigint)
        join sessions on sessions.id = news.payload ->> 'session_id'
        join applications on applications.id = sessions.application_id
        join webhook_endpoints on webhook_endpoints.provider_id = applications.provider_id
      where webhook_endpoints.disabled_at is null and webhook_endpoints.event_types ? news.type
      for key share of webhook_endpoints
      returning due_at
    )
    select pg_notify('webhook_due', min(due_at)::text) from queued`.execute(trx);
}

/** Writes down that a side has come, by the statements of 0.1, and tells it. */
export async function attendAs01(
  kysely: Kysely<Tables>,
  sessionId: string,
  participant: string,
): Promise<void> {
  const now = Date.now();
  const instance = 'instance-of-0.1';
  const rows = JSON.stringify([
    { session_id: sessionId, participant, state: 'present', since: now, seen_at: now, due_at: null },
  ]);
  await kysely.transaction().execute(async (trx) => {
    await sql`insert into instances (id, alive_since, alive_until) values (${instance}, ${now}, ${now + 20_000})
      on conflict (id) do nothing`.execute(trx);
    await sql`insert into attendances (session_id, participant, instance_id)
      values (${sessionId}, ${participant}, ${instance}) on conflict do nothing`.execute(trx);
    await sql`
      insert into presences (session_id, participant, state, since, seen_at, due_at)
      select session_id, participant, state, since, seen_at, due_at
      from jsonb_to_recordset(${rows}::jsonb)
        as news(session_id text, participant text, state text, since bigint, seen_at bigint, due_at bigint)
      on conflict (session_id, participant) do update set
        state = excluded.state, since = excluded.since, seen_at = excluded.seen_at, due_at = excluded.due_at`.execute(
      trx,
    );
    await appendAs01(trx, 'participant.joined', { session_id: sessionId, participant });
  });
}

interface EventOf01 {
  id: number;
  type: string;
  session_id: string;
  payload: object;
  created_at: number;
}

/** What a stream of 0.1 reads of a session. */
export async function readAs01(kysely: Kysely<Tables>, sessionId: string, after = 0): Promise<EventOf01[]> {
  const { rows } = await sql<EventOf01>`
    select * from "outbox" where "session_id" = ${sessionId} and "id" > ${after} order by "id" limit 50`.execute(
    kysely,
  );
  return rows;
}

/** Which sessions have news for the streams of 0.1, once its listening connection was away. */
export async function readMissedAs01(
  kysely: Kysely<Tables>,
  streams: readonly { session_id: string; last_id: number }[],
): Promise<string[]> {
  const { rows } = await sql<{ session_id: string }>`
    select distinct outbox.session_id
    from jsonb_to_recordset(${JSON.stringify(streams)}::jsonb) as streams(session_id text, last_id bigint)
    join outbox on outbox.session_id = streams.session_id and outbox.id > streams.last_id`.execute(kysely);
  return rows.map(({ session_id }) => session_id);
}

/** Puts away what is older, as instances did that purged events by their place before these had subjects. */
export async function purgeByPlace(kysely: Kysely<Tables>, before: number): Promise<number> {
  const isOld = sql`created_at <= ${before}::bigint and type <> 'session.ended'
    and exists (select from sessions where sessions.id = outbox.session_id and ended_at is not null)`;
  const { numAffectedRows } = await sql`
    delete from outbox where ctid = any(array(
      select ctid from outbox where ${isOld} order by created_at limit 500 for update skip locked)) and ${isOld}`.execute(
    kysely,
  );
  return Number(numAffectedRows);
}
