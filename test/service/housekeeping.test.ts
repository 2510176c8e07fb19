// What is too old goes by itself, kind by kind, and what keeps one kind from going keeps nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import {
  createSessionService,
  openDatabase,
  type Database,
  type SessionService,
} from '../../src/service/index.js';
import { describeOnEachDatabase } from './databases.js';
import { operatorKey } from './fixtures.js';
import { TestClock } from './test-clock.js';

const day = 86_400_000;
const backlog = 1_800;

describeOnEachDatabase('Housekeeping', (source) => {
  const clock = new TestClock();
  let database: Database;
  let service: SessionService;
  const logged: Record<string, unknown>[] = [];

  const audit = (count: number, createdAt: number) =>
    sql`insert into audit_entries (id, actor, action, subject, fields, request_id, created_at)
      select gen_random_uuid()::text, 'operator', 'POST /x', '/x', '[]', 'r', ${createdAt}::bigint + n
      from generate_series(1, ${sql.lit(count)}) n`.execute(database.kysely);
  const count = async (table: string) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(
      database.kysely,
    );
    return rows[0]!.n;
  };
  const until = async (holds: () => Promise<boolean>, what: string) => {
    for (const end = Date.now() + 30_000; !(await holds()); await new Promise((done) => setTimeout(done, 20)))
      assert.ok(Date.now() < end, `${what} did not come true`);
  };
  const overdue = async () => {
    const response = await service.fetch(
      new Request('http://session.test/metrics', { headers: { Authorization: `Bearer ${operatorKey}` } }),
    );
    const lines = (await response.text()).matchAll(/purge_overdue_seconds\{kind="(\w+)"\} (\S+)/g);
    return new Map([...lines].map(([, kind, seconds]) => [kind!, Number(seconds)]));
  };
  const start = (retention = {}) =>
    createSessionService({
      database,
      operatorKey,
      publicUrl: 'http://session.test',
      now: clock.now,
      timer: clock.timer,
      logger: { info() {}, error: (message, fields) => logged.push({ message, ...fields }) },
      retention,
    });

  before(async () => {
    database = await openDatabase(await source.create());
    await audit(backlog, clock.now() - 500 * day);
    await audit(3, clock.now() - 10 * day);
    // A table that lets nobody delete from it.
    await sql`insert into rate_counts (key, window_at, total) values ('old', 0, 1)`.execute(database.kysely);
    await sql`create function no_delete() returns trigger language plpgsql as $$ begin raise 'no' ; end $$`.execute(
      database.kysely,
    );
    await sql`create trigger no_delete before delete on rate_counts for each row execute function no_delete()`.execute(
      database.kysely,
    );
    await sql`create table slices (size bigint)`.execute(database.kysely);
    await sql`create function note_slice() returns trigger language plpgsql as $$ begin
      insert into slices select count(*) from gone; return null; end $$`.execute(database.kysely);
    await sql`create trigger note_slice after delete on audit_entries referencing old table as gone
      for each statement execute function note_slice()`.execute(database.kysely);
    service = start();
    await service.start();
  });
  after(async () => {
    await service.close();
    await database.close();
  });

  test('a backlog goes in slices after the start, and what is young enough stays', async () => {
    await until(async () => (await count('audit_entries')) === 3, 'the backlog goes');
    const { rows } = await sql<{ size: number }>`select size from slices where size > 0`.execute(
      database.kysely,
    );
    assert.deepEqual(
      rows.map(({ size }) => size),
      [500, 500, 500, 300],
    );
  });

  test('the start does not wait for what cannot be had', async () => {
    // The embedded database has one connection, so nobody else can hold anything.
    if (source.kind === 'PGlite') return;
    const other = start();
    await database.kysely.transaction().execute(async (trx) => {
      await sql`lock table audit_entries, webhook_deliveries, seen_proofs`.execute(trx);
      await other.start();
      const { status } = await other.fetch(new Request('http://session.test/readyz'));
      assert.equal(status, 200);
    });
    await other.close();
  });

  test('proofs that were seen go within a minute, once they would be refused for their age', async () => {
    const nowMs = clock.now();
    await sql`insert into seen_proofs (id, expires_at) values ('old', ${nowMs - 1}::bigint), ('young', ${nowMs + 120_000}::bigint)`.execute(
      database.kysely,
    );
    clock.advance(61);
    await until(async () => (await count('seen_proofs')) === 1, 'the old one goes');
    clock.advance(120);
    await until(async () => (await count('seen_proofs')) === 0, 'the other one goes');
    assert.equal((await overdue()).get('seen_proofs'), 0);
  });

  test('a kind that cannot be put away is told, and keeps no other from going', async () => {
    await until(async () => logged.some(({ kind }) => kind === 'rate_counts'), 'it is told');
    assert.ok(
      (await overdue()).get('rate_counts')! > 86_400,
      'the metric tells for how long it should be gone',
    );
    assert.equal((await overdue()).get('audit_entries'), 0);
    await audit(5, clock.now() - 399.9 * day);
    clock.advance(2 * 3600);
    await until(async () => (await overdue()).get('audit_entries') === 0, 'those of the next hours go');
    clock.advance(4 * 3600);
    await until(async () => (await count('audit_entries')) === 3, 'the others go on');
  });

  test('a row that cannot be put away is told, and the others of its kind go', async () => {
    logged.length = 0;
    await sql`create function keep_one() returns trigger language plpgsql as $$ begin
      if old.request_id = 'kept' then raise 'it stays'; end if; return old; end $$`.execute(database.kysely);
    await sql`create trigger keep_one before delete on audit_entries for each row execute function keep_one()`.execute(
      database.kysely,
    );
    const before = await count('audit_entries');
    await audit(40, clock.now() - 500 * day);
    await sql`update audit_entries set request_id = 'kept' where id = (
      select id from audit_entries order by created_at limit 1)`.execute(database.kysely);
    clock.advance(2 * 3600);
    await until(async () => (await count('audit_entries')) === before + 1, 'the others go');
    await until(async () => logged.some(({ kind }) => kind === 'audit_entries'), 'it is told');
    await sql`drop trigger keep_one on audit_entries`.execute(database.kysely);
    clock.advance(2 * 3600);
    await until(async () => (await count('audit_entries')) === before, 'it goes too');
  });

  test('a failed kind is tried again by itself', async () => {
    await sql`drop trigger no_delete on rate_counts`.execute(database.kysely);
    clock.advance(2 * 3600);
    await until(async () => (await count('rate_counts')) === 0, 'it goes');
    assert.equal((await overdue()).get('rate_counts'), 0);
  });

  test('how long what is kept is the operator’s to say, within what the service needs', async () => {
    const other = start({ audit: 5 });
    await other.start();
    await until(async () => (await count('audit_entries')) === 0, 'what is older than five days goes');
    await other.close();
    for (const retention of [
      { sessions: 0 },
      { events: 0.5 },
      { audit: 0 },
      { payments: 30 },
      { deliveries: NaN },
      { ledger: 3 },
    ])
      assert.throws(() => start(retention), TypeError, JSON.stringify(retention));
    start({ audit: Infinity });
  });
});
