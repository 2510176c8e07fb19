import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { DatabaseOptions } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import {
  expectOk,
  startTestService,
  until,
  type TestApplication,
  type TestService,
  type TestServiceOptions,
} from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

let receiver: WebhookReceiver;
before(async () => {
  receiver = await WebhookReceiver.start();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers = [];
});
after(() => receiver.stop());

/** What every instance here has in common: a clock that stands, and the receiver. */
const instanceOn = (database: DatabaseOptions, clock: TestClock, more: TestServiceOptions = {}) =>
  startTestService({
    ...more,
    database,
    now: clock.now,
    timer: clock.timer,
    webhooks: { allowedHosts: [receiver.host], timeoutMs: 2_000 },
  });

const register = (service: TestService, { secretKey }: TestApplication) =>
  service
    .call<{ id: string }>('POST', '/webhook-endpoints', {
      as: secretKey,
      body: { url: receiver.url, events: ['session.started', 'session.ended'] },
    })
    .then(expectOk);

const statusesOf = async ({ database }: TestService) =>
  (await database.kysely.selectFrom('webhook_deliveries').select('status').execute()).map(
    ({ status }) => status,
  );

describe('Webhooks of two instances on one PostgreSQL', () => {
  let postgres: RealPostgres;
  before(async () => {
    postgres = await startRealPostgres();
  });
  after(() => postgres.stop());
  const instances: TestService[] = [];
  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.close();
  });

  test('each arrives, and one that nothing went wrong with arrives once', async () => {
    const database = await postgres.createDatabase();
    const clock = new TestClock();
    for (let count = 2; count > 0; count -= 1) instances.push(await instanceOn(database, clock));
    const [one, other] = instances as [TestService, TestService];
    const application = await one.createApplication();
    await register(one, application);
    const userId = await one.createCustomer(1_000_000);
    // Every fifth fails at first.
    receiver.answers = Array.from({ length: 60 }, (_, index) => (index % 5 === 0 ? 503 : 204));
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 ? one : other).createSession(application, userId)),
    );
    await receiver.atLeast(60);
    await until(async () => (await statusesOf(one)).filter((status) => status === 'delivered').length === 48);
    clock.advance(10);
    await until(async () => (await statusesOf(one)).every((status) => status === 'delivered'));
    assert.equal(new Set(receiver.ids).size, 60);
    assert.equal(receiver.received.length, 60 + 12, 'only what failed came again');
    const attempts = await one.database.kysely.selectFrom('webhook_attempts').selectAll().execute();
    assert.equal(attempts.length, 72);
  });

  test('everything at once: nobody waits in a circle', async () => {
    const database = await postgres.createDatabase();
    const clock = new TestClock();
    const complaints: string[] = [];
    const logger = {
      info() {},
      error: (message: string, fields?: object) => complaints.push(message + JSON.stringify(fields)),
    };
    for (let count = 2; count > 0; count -= 1) instances.push(await instanceOn(database, clock, { logger }));
    const [one, other] = instances as [TestService, TestService];
    const application = await one.createApplication();
    const endpoints = await Promise.all([1, 2, 3].map(() => register(one, application)));
    const userId = await one.createCustomer(1_000_000);
    for (let round = 0; round < 3; round += 1) {
      receiver.answers = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 503 : 204));
      await Promise.all(Array.from({ length: 10 }, () => one.createSession(application, userId)));
      const { deliveries } = (
        await one.call<{ deliveries: { id: string }[] }>(
          'GET',
          `/webhook-endpoints/${endpoints[0]!.id}/deliveries`,
        )
      ).body;
      await Promise.all([
        ...deliveries.flatMap(({ id }) =>
          [one, other].map(({ call }) =>
            call('POST', `/webhook-endpoints/${endpoints[0]!.id}/deliveries/${id}/retry`),
          ),
        ),
        ...[true, false, true].map((enabled) =>
          other.call('PATCH', `/webhook-endpoints/${endpoints[1]!.id}`, { body: { enabled } }),
        ),
        ...endpoints.map(({ id }) => other.call('POST', `/webhook-endpoints/${id}/test`)),
      ]);
      clock.advance(6);
    }
    await one.call('DELETE', `/webhook-endpoints/${endpoints[2]!.id}`);
    await until(async () => {
      clock.advance(30);
      return (await statusesOf(one)).every((status) => status !== 'pending');
    });
    assert.deepEqual(complaints, []);
  });

  test('a sale waits for an endpoint that is being deleted, and does not fail for it', async () => {
    const service = await instanceOn(await postgres.createDatabase(), new TestClock());
    instances.push(service);
    const application = await service.createApplication();
    const { id } = await register(service, application);
    const userId = await service.createCustomer(1_000_000);
    const { kysely } = service.database;
    let sale: Promise<unknown> | undefined;
    await kysely.transaction().execute(async (trx) => {
      await trx.deleteFrom('webhook_endpoints').where('id', '=', id).execute();
      sale = service.createSession(application, userId);
      await until(async () => {
        const { rows } = await sql`select 1 from pg_stat_activity
          where wait_event_type = 'Lock' and datname = current_database()`.execute(kysely);
        return rows.length > 0;
      });
    });
    await sale;
    assert.deepEqual(await statusesOf(service), []);
  });

  test('what an instance had sent when it died is sent again by another, under the same id', async () => {
    const database = await postgres.createDatabase();
    const clock = new TestClock();
    const dying = await instanceOn(database, clock);
    const application = await dying.createApplication();
    await register(dying, application);
    const userId = await dying.createCustomer(1_000_000);
    receiver.answers = ['hang'];
    await dying.createSession(application, userId);
    await receiver.atLeast(1);
    // Its database is gone before the outcome is known: nothing of the attempt is written down any more.
    await dying.database.close();

    const other = await instanceOn(database, clock);
    instances.push(other);
    clock.advance(59);
    assert.equal(receiver.received.length, 1, 'its claim holds for a minute');
    clock.advance(2);
    await until(async () => (await statusesOf(other)).every((status) => status === 'delivered'));
    assert.deepEqual(receiver.ids, [receiver.ids[0], receiver.ids[0]]);
    const attempts = await other.database.kysely
      .selectFrom('webhook_attempts')
      .select(['number', 'response_status', 'error'])
      .orderBy('number')
      .execute();
    assert.deepEqual(attempts, [
      { number: 1, response_status: null, error: 'interrupted' },
      { number: 2, response_status: 204, error: null },
    ]);
    await dying.close();
  });
});

describeOnOneDatabase('Webhooks over a restart', (source) => {
  test('what was queued when nobody ran any more is delivered at the next start', async () => {
    const database = await source.create();
    const clock = new TestClock();
    const first = await instanceOn(database, clock);
    const application = await first.createApplication();
    await register(first, application);
    const userId = await first.createCustomer(1_000_000);
    receiver.answers = [503];
    await first.createSession(application, userId);
    await receiver.atLeast(1);
    await until(async () => {
      const { due_at } = await first.database.kysely
        .selectFrom('webhook_deliveries')
        .select('due_at')
        .executeTakeFirstOrThrow();
      return due_at !== null && due_at < clock.now() + 30_000;
    });
    await first.close();
    // The session ends meanwhile, with nobody there.
    clock.advance(3600);
    const second = await instanceOn(database, clock);
    await until(async () => {
      const statuses = await statusesOf(second);
      return statuses.length === 2 && statuses.every((status) => status === 'delivered');
    });
    assert.equal(receiver.ids[1] === receiver.ids[0] || receiver.ids[2] === receiver.ids[0], true);
    assert.equal(new Set(receiver.ids).size, 2);
    await second.close();
  });
});
