import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql, type ColumnMetadata, type Kysely, type TableMetadata } from 'kysely';
import type { Problem } from '../../src/protocol/api.js';
import { migrate, migrations } from '../../src/service/database/migrate.js';
import { sqlMigration } from '../../src/service/database/migrations/sql-migration.js';
import type { Tables } from '../../src/service/database/schema.js';
import { openDatabase, type DatabaseOptions } from '../../src/service/index.js';
import { describeOnEachDatabase } from './databases.js';
import { startTestService, type TestService } from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';

describeOnEachDatabase('Migrations', (source) => {
  const tablesOf = (kysely: Kysely<Tables>) => kysely.introspection.getTables();

  test('take nothing away that an older instance uses, and ask nothing of it that it does not know', async () => {
    const database = await openDatabase(await source.createEmpty());
    try {
      const names = Object.keys(migrations);
      assert.deepEqual(names, [...names].sort());
      let before: TableMetadata[] = [];
      for (const name of names) {
        const soFar = names.slice(0, names.indexOf(name) + 1);
        await migrate(database.kysely, Object.fromEntries(soFar.map((each) => [each, migrations[each]!])));
        const after = await tablesOf(database.kysely);
        for (const table of before) {
          const now = after.find((each) => each.name === table.name);
          assert.ok(now, `${name} takes ${table.name} away`);
          for (const column of table.columns) {
            const same: ColumnMetadata | undefined = now.columns.find((each) => each.name === column.name);
            assert.equal(same?.dataType, column.dataType, `${name} changes ${table.name}.${column.name}`);
            assert.ok(!column.isNullable || same?.isNullable, `${name} narrows ${table.name}.${column.name}`);
          }
          for (const column of now.columns.filter(
            (each) => !table.columns.some((old) => old.name === each.name),
          )) {
            const isFree = column.isNullable || column.hasDefaultValue || column.isAutoIncrementing;
            assert.ok(isFree, `${name}: an older instance does not fill ${table.name}.${column.name}`);
          }
        }
        before = after;
      }
    } finally {
      await database.close();
    }
  });

  test('of a newer version are no reason for this one not to start, and what they added stays inside', async () => {
    const options = await source.createEmpty();
    const database = await openDatabase(options);
    const later = sqlMigration([
      `alter table applications add column secret_of_tomorrow text not null default 'hush'`,
      `alter table sessions add column mood text`,
      `create table moods (id text primary key)`,
    ]);
    await migrate(database.kysely, { ...migrations, '9999_later': later });
    await database.close();
    const service = await startTestService({ database: options });
    try {
      const application = await service.createApplication();
      const made = await service.createSession(application, await service.createCustomer(1000));
      const read = await service.call('GET', `/applications/${application.id}`);
      for (const answer of [made, read.body]) assert.doesNotMatch(JSON.stringify(answer), /hush|mood/);
    } finally {
      await service.close();
    }
  });

  test('of two branches are made in either order', async () => {
    const database = await openDatabase(await source.createEmpty());
    const { '0008_rate_counts': one, ...others } = migrations;
    assert.ok(one);
    await migrate(database.kysely, others);
    await migrate(database.kysely);
    const tables = await tablesOf(database.kysely);
    await database.close();
    assert.ok(tables.some(({ name }) => name === 'rate_counts'));
  });
});

describe('While an instance serves on PostgreSQL', () => {
  let postgres: RealPostgres;
  let options: DatabaseOptions & { databaseUrl: string };
  let service: TestService;
  before(async () => {
    postgres = await startRealPostgres();
    options = await postgres.createEmptyDatabase();
    // It is asked as often as a machine can, which a fast one does more than 300 times a minute.
    const rateLimits = { session: Infinity, application: Infinity, address: Infinity };
    service = await startTestService({ database: { ...options, poolSize: 4 }, rateLimits });
  });
  after(async () => {
    await service.close();
    await postgres.stop();
  });

  test('a newer one migrates: it waits for whoever is in its way, and nobody waits long for it', async () => {
    const application = await service.createApplication();
    const { session, session_token: as } = await service.createSession(
      application,
      await service.createCustomer(1_000_000),
    );
    const path = `/sessions/${session.id}`;
    let isOver = false;
    let requests = 0;
    let longestMs = 0;
    const load = async (method: string, action: string, body?: object) => {
      while (!isOver) {
        const startedAt = performance.now();
        const answer = await service.call(method, `${path}${action}`, { as, ...(body && { body }) });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        longestMs = Math.max(longestMs, performance.now() - startedAt);
        requests += 1;
      }
    };
    const beat = { timestamp: 0, active: true };
    const loads = Promise.all([
      load('GET', ''),
      load('POST', '/heartbeat', beat),
      load('GET', '/extensions'),
    ]);

    const newer = await openDatabase(options);
    // Somebody reads for longer than the migration wants to wait.
    const reader = newer.kysely.transaction().execute(async (trx) => {
      await sql`select count(*) from sessions`.execute(trx);
      await new Promise((resolve) => setTimeout(resolve, 5000));
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const later = sqlMigration([
      `alter table sessions add column mood text not null default 'calm'`,
      `alter table applications add column mood text`,
    ]);
    await Promise.all([1, 2].map(() => migrate(newer.kysely, { ...migrations, '9999_later': later })));
    await reader;
    isOver = true;
    await loads;
    const { rows } = await sql<{ mood: string }>`select mood from sessions`.execute(newer.kysely);
    await newer.close();
    assert.deepEqual(rows, [{ mood: 'calm' }]);
    assert.ok(requests > 20, `${requests} requests`);
    assert.ok(
      longestMs < 4000,
      `somebody waited ${longestMs} ms: the migration held the table while it waited itself`,
    );
  });

  test('its connections have names, and limits on what they may hold', async () => {
    const { rows } = await sql<{ name: string; value: string }>`
      select name, current_setting(name) as value
      from unnest(array['application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) as name`.execute(
      service.database.kysely,
    );
    assert.deepEqual(Object.fromEntries(rows.map(({ name, value }) => [name, value])), {
      application_name: 'marketplace-session',
      statement_timeout: '15s',
      lock_timeout: '10s',
      idle_in_transaction_session_timeout: '30s',
    });
  });

  test('a request for which no connection is free is told to come again', async () => {
    const crowded = await startTestService({ database: { ...options, poolSize: 1 } });
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const holder = crowded.database.kysely.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      await held;
    });
    const [ready, answer] = await Promise.all([
      crowded.call<Problem>('GET', '/readyz'),
      crowded.call<Problem>('GET', '/applications'),
    ]);
    release();
    await holder;
    await crowded.close();
    assert.deepEqual([ready.status, answer.status, answer.body.code], [503, 503, 'SERVICE_UNAVAILABLE']);
    assert.equal(answer.headers.get('retry-after'), '1');
  });
});
