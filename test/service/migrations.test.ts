import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql, type ColumnMetadata, type Kysely, type TableMetadata } from 'kysely';
import type { Problem } from '../../src/protocol/api.js';
import { migrate, migrations } from '../../src/service/foundation/database/migrate.js';
import { sqlMigration } from '../../src/service/foundation/database/migrations/sql-migration.js';
import type { Tables } from '../../src/service/foundation/database/schema.js';
import { openDatabase, type DatabaseOptions } from '../../src/service/index.js';
import { describeOnEachDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { expectOk, operatorKey, startTestService, until, type TestService } from './fixtures.js';
import {
  appendAs01,
  attendAs01,
  migrateTo01,
  purgeByPlace,
  readAs01,
  readMissedAs01,
  sellAs01,
} from './older-instance.js';
import { WebhookReceiver } from './webhook-receiver.js';
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

describeOnEachDatabase('A database of 0.1', (source) => {
  const id = 'session-of-0.1';
  let receiver: WebhookReceiver;
  let service: TestService;
  let kysely: Kysely<Tables>;
  /** The last event that was there before. */
  let last: number;
  before(async () => {
    receiver = await WebhookReceiver.start();
    const options = await source.createEmpty();
    const older = await openDatabase(options);
    await migrateTo01(older.kysely);
    const endpoint = { url: receiver.url, secret: `whsec_${btoa('a secret of twenty-four.')}` };
    await sellAs01(older.kysely, { id, endpoint });
    await attendAs01(older.kysely, id, 'provider');
    last = (await readAs01(older.kysely, id)).at(-1)!.id;
    await older.close();
    service = await startTestService({ database: options, webhooks: { allowedHosts: [receiver.host] } });
    kysely = service.database.kysely;
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  const listen = (lastEventId?: number) =>
    EventReader.open(`${service.url}/sessions/${id}/events`, {
      Authorization: `Bearer ${operatorKey}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': String(lastEventId) }),
    });
  const change = async (action: string) => expectOk(await service.call('POST', `/sessions/${id}/${action}`));
  const appendOlder = (type: string, payload: object = {}) =>
    kysely.transaction().execute((trx) => appendAs01(trx, type, { session_id: id, ...payload }));

  test('is taken on: each of its events has a subject and a provider', async () => {
    const events = await kysely.selectFrom('events').select(['subject', 'provider_id']).execute();
    const whose = { subject: `session:${id}`, provider_id: 'lantern' };
    assert.deepEqual(events, [whose, whose]);
  });

  test('serves an instance of 0.1 beside a new one: what either appends is streamed once, and delivered once', async () => {
    const reader = await listen();
    await reader.atLeast(1);
    assert.equal(reader.ids[0], last, 'the place of a stream stays what it was');
    await appendOlder('session.extended', { additional_seconds: 60 });
    await reader.atLeast(2);
    await change('pause');
    await reader.atLeast(3);
    await appendOlder('session.extended', { additional_seconds: 120 });
    await change('resume');
    await change('pause');
    await reader.atLeast(6);
    await receiver.atLeast(5);
    const types = [
      'session.extended',
      'session.paused',
      'session.extended',
      'session.resumed',
      'session.paused',
    ];
    assert.deepEqual(reader.types.slice(1), types);
    assert.deepEqual(
      reader.ids,
      reader.ids.toSorted((a, b) => a - b),
    );

    const again = await listen(last);
    await again.atLeast(5);
    assert.deepEqual(again.ids, reader.ids.slice(1), 'a reader from before goes on where it was');
    const older = await readAs01(kysely, id, last);
    assert.deepEqual(
      older.filter(({ type }) => !type.startsWith('participant.')).map((event) => event.id),
      reader.ids.slice(1),
      'a stream of an older instance has the same',
    );
    const asked = { session_id: id, last_id: older.at(-2)!.id };
    assert.deepEqual(await readMissedAs01(kysely, [asked, { session_id: 'another', last_id: 0 }]), [id]);
    assert.deepEqual(await readMissedAs01(kysely, [{ ...asked, last_id: older.at(-1)!.id }]), []);

    const asksFor = ['session.started', 'session.extended', 'session.paused'];
    const wanted = ['session.started', ...types].filter((type) => asksFor.includes(type));
    await until(async () => {
      const left = await kysely
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('due_at', 'is not', null)
        .execute();
      return left.length === 0;
    });
    assert.deepEqual(receiver.types.toSorted(), wanted.toSorted());
    reader.leave();
    again.leave();
  });

  test('announces to an instance of 0.1 what it understands', async () => {
    const heard: (string | null)[] = [];
    const unlisten = await service.database.listen('session_outbox', (payload) => heard.push(payload));
    await change('resume');
    const newest = (await readAs01(kysely, id)).at(-1)!;
    await until(() => heard.includes(`${newest.id} ${id}`));
    await unlisten();
  });

  test('knows who was there before, and whom an instance of 0.1 writes down; what that tells of them names them too', async () => {
    const reader = await listen();
    await attendAs01(kysely, id, 'customer');
    // Two whom a newer instance has written down, and of whom an older one finds something out.
    await attendAs01(kysely, id, 'helper:ada');
    await attendAs01(kysely, id, 'observer:eve');
    for (const table of ['attendances', 'presences'] as const)
      assert.deepEqual(
        await kysely
          .selectFrom(table)
          .select(['participant', 'role', 'participant_id'])
          .orderBy('participant')
          .execute(),
        [
          { participant: 'customer', role: 'customer', participant_id: 'customer-17' },
          { participant: 'helper:ada', role: 'helper', participant_id: 'ada' },
          { participant: 'observer:eve', role: 'observer', participant_id: 'eve' },
          { participant: 'provider', role: 'provider', participant_id: 'lantern' },
        ],
      );
    await until(() => reader.presence.length === 3);
    assert.deepEqual(
      reader.presence.map(({ data }) => {
        const { participant, role, participant_id } = data as unknown as Record<string, string>;
        return [participant, role, participant_id];
      }),
      [
        ['customer', 'customer', 'customer-17'],
        ['provider', 'helper', 'ada'],
        [undefined, 'observer', 'eve'],
      ],
    );
    reader.leave();
  });

  test('ends a session once, whichever instance does it', async () => {
    await change('end');
    await assert.rejects(appendOlder('session.ended'), /duplicate key/);
    const reader = await listen(last);
    await reader.untilOver();
    assert.equal(reader.types.at(-1), 'session.ended');
  });

  test('lets an older instance put away events, but for the end', async () => {
    assert.ok((await purgeByPlace(kysely, Date.now())) > 5);
    const left = await kysely.selectFrom('events').select('type').execute();
    assert.deepEqual(left, [{ type: 'session.ended' }]);
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
