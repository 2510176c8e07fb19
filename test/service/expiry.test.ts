import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { after, before, describe, test } from 'node:test';
import type { SessionAnswer } from '../../src/protocol/api.js';
import { assertBooksBalance } from './books.js';
import { idIn } from '../../src/service/foundation/events/subject.js';
import { describeOnOneDatabase } from './databases.js';
import {
  startTestService,
  until,
  type Answer,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { watchMachine } from './machine-lateness.js';
import { TestClock } from './test-clock.js';

const limits = { minDurationSeconds: 1 };

describeOnOneDatabase('Expiry', (source) => {
  const services: TestService[] = [];
  const start = async (options: Parameters<typeof startTestService>[0]) => {
    const service = await startTestService({ limits, ...options });
    services.push(service);
    return service;
  };
  after(() => Promise.all(services.map((service) => service.close())));

  const endsOf = ({ database }: TestService) =>
    database.kysely.selectFrom('events').selectAll().where('type', '=', 'session.ended').execute();

  test('ends sessions within a second of their deadline, by the real clock, each once', async () => {
    const service = await start({ database: await source.create() });
    const application = await service.createApplication();
    const userId = await service.createCustomer(1000);
    const machine = await watchMachine();
    const sold = await Promise.all(
      [1, 2, 1, 2, 1].map((duration_seconds) =>
        service.createSession(application, userId, { duration_seconds }),
      ),
    );
    // Finalised by the service alone: nobody reads them, only the events are watched.
    const seenAt = new Map<string, number>();
    await until(async () => {
      for (const { subject } of await endsOf(service)) {
        const id = idIn('session', subject)!;
        if (!seenAt.has(id)) seenAt.set(id, Date.now());
      }
      return seenAt.size === sold.length;
    });
    const standstillMs = await machine.stop();
    for (const { session } of sold) {
      const deadline = session.expires_at! * 1000;
      const at = seenAt.get(session.id)!;
      const allowedMs = 1000 + standstillMs(deadline, at);
      assert.ok(
        at >= deadline && at - deadline < allowedMs,
        `${at - deadline} ms late, ${allowedMs} ms allowed`,
      );
    }
    assert.equal((await endsOf(service)).length, sold.length);
    const { body } = await service.call('GET', `/customers/${userId}`);
    assert.deepEqual(body.wallet, { available: 1000 - 5, held: 0 });
    await assertBooksBalance(service.database);
  });

  test('ends at the start what came due while no service ran, as of its deadline', async () => {
    const options = await source.create();
    const clock = new TestClock();
    const first = await startTestService({ database: options, now: clock.now, timer: clock.timer });
    const application = await first.createApplication();
    const { session } = await first.createSession(application, await first.createCustomer(1000));
    const paused = (await first.createSession(application, await first.createCustomer(1000))).session;
    await first.call('POST', `/sessions/${paused.id}/pause`);
    await first.close();

    clock.advance(5000);
    const second = await start({ database: options, now: clock.now, timer: clock.timer });
    await until(async () => (await endsOf(second)).length === 2);
    const ended = (await second.call<SessionAnswer>('GET', `/sessions/${session.id}`)).body.session;
    assert.equal(ended.status, 'expired');
    assert.equal(ended.ended_at, session.expires_at);
    assert.equal(ended.used_seconds, 600);
    const afterPause = (await second.call<SessionAnswer>('GET', `/sessions/${paused.id}`)).body.session;
    assert.equal(afterPause.ended_at, paused.expires_at! + 600, 'the pause ran out first, then the time');
    await assertBooksBalance(second.database);
  });

  test('ends hundreds at once, of few customers, each once and with its own bill', async () => {
    const clock = new TestClock();
    const { now, timer } = clock;
    const service = await start({ database: await source.create(), now, timer });
    const { kysely } = service.database;
    const endpoint = {
      url: 'https://app.example/hooks',
      events: ['session.ended'],
      provider_id: 'provider-1',
    };
    assert.equal((await service.call('POST', '/webhook-endpoints', { body: endpoint })).status, 201);
    const application = await service.createApplication({ max_pause_seconds: 30 });
    const customers = [await service.createCustomer(30_000), await service.createCustomer(30_000)];
    const sold = await Promise.all(
      Array.from({ length: 300 }, (_, i) => service.createSession(application, customers[i % 2]!)),
    );
    // One is longer, one is paused and goes on by itself: both are over by the time that somebody looks.
    const [extended, paused] = sold.map(({ session }) => session.id);
    const headers = { 'Idempotency-Key': 'one' };
    await service.call('POST', `/sessions/${extended}/extend`, {
      body: { additional_seconds: 900 },
      headers,
    });
    await service.call('POST', `/sessions/${paused}/pause`);
    clock.advance(2000);
    await until(async () => (await endsOf(service)).length >= sold.length);
    const ends = await endsOf(service);
    assert.deepEqual(
      ends.map(({ subject }) => idIn('session', subject)).sort(),
      sold.map(({ session }) => session.id).sort(),
    );
    const rows = await kysely.selectFrom('sessions').selectAll().execute();
    for (const { id, used_seconds, final_cost, ended_at, deadline_at } of rows) {
      const [seconds, cost] = id === extended ? [1500, 250] : [600, 100];
      assert.deepEqual([used_seconds, final_cost, ended_at], [seconds, cost, deadline_at]);
    }
    const deliveries = await kysely.selectFrom('webhook_deliveries').select('data').execute();
    assert.equal(new Set(deliveries.map(({ data }) => (data as Json).session_id)).size, sold.length);
    assert.equal(deliveries.length, sold.length);
    await assertBooksBalance(service.database);
    const { rows: broken } = await sql`
      select * from (
        select account_id, balance_after, sum(amount) over (partition by account_id order by transaction_id) as sum
        from ledger_entries where balance_after is not null and account_id like 'hold:%'
      ) as entries where balance_after <> sum`.execute(kysely);
    assert.deepEqual(broken, [], 'each entry of a hold knows what it left there');
  });
});

describeOnOneDatabase('Several services on one database', (source) => {
  // An embedded database belongs to one process; the suite of its lock shows that.
  if (source.kind === 'PGlite') return;

  test('end each session once, whichever instance sold it', async () => {
    const database = await source.create();
    const instances = await Promise.all([1, 2, 3].map(() => startTestService({ database, limits })));
    try {
      const [one] = instances;
      const application = await one!.createApplication();
      const userId = await one!.createCustomer(10_000);
      const sold = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          instances[i % 3]!.createSession(application, userId, { duration_seconds: 1 + (i % 2) }),
        ),
      );
      await instances[2]!.close();
      const ends = () =>
        one!.database.kysely
          .selectFrom('events')
          .select('subject')
          .where('type', '=', 'session.ended')
          .execute();
      await until(async () => (await ends()).length >= sold.length);
      assert.equal(new Set((await ends()).map(({ subject }) => subject)).size, sold.length);
      const rows = await one!.database.kysely
        .selectFrom('sessions')
        .select(['ended_at', 'deadline_at'])
        .execute();
      for (const { ended_at, deadline_at } of rows) assert.equal(ended_at, deadline_at);
      const { body } = await one!.call('GET', `/customers/${userId}`);
      assert.deepEqual(body.wallet, { available: 10_000 - 60, held: 0 });
      await assertBooksBalance(one!.database);
    } finally {
      await instances[0]!.close();
      await instances[1]!.close();
    }
  });

  test('refuse what waited for the session until its deadline had passed', async () => {
    const clock = new TestClock();
    const service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: () => () => {},
    });
    try {
      const application = await service.createApplication();
      const userId = await service.createCustomer(1000);
      const { session } = await service.createSession(application, userId);
      const { kysely } = service.database;
      let waiting!: Promise<Answer<Json>>;
      await kysely.transaction().execute(async (trx) => {
        await trx.selectFrom('sessions').select('id').where('id', '=', session.id).forUpdate().execute();
        const body = { session_id: session.id, additional_minutes: 15 };
        waiting = service.call('POST', '/sessions/extend', { body });
        await until(async () => {
          const { rows } = await sql`select 1 from pg_stat_activity
            where wait_event_type = 'Lock' and datname = current_database()`.execute(kysely);
          return rows.length > 0;
        });
        clock.advance(700);
      });
      assert.equal((await waiting).body.code, 'SESSION_ENDED');
      const { body } = await service.call('GET', `/customers/${userId}`);
      assert.deepEqual(body.wallet, { available: 900, held: 0 });
    } finally {
      await service.close();
    }
  });

  test('do not wait for a wallet that somebody else has locked, nor for a session', async () => {
    const clock = new TestClock();
    const { now, timer } = clock;
    const service = await startTestService({ database: await source.create(), now, timer });
    const { kysely } = service.database;
    try {
      const application = await service.createApplication();
      const sell = async () => {
        const userId = await service.createCustomer(100);
        return { userId, id: (await service.createSession(application, userId)).session.id };
      };
      const [withWallet, withRow, free] = [await sell(), await sell(), await sell()];
      const isOver = async (id: string) =>
        (await kysely.selectFrom('sessions').select('status').where('id', '=', id).executeTakeFirstOrThrow())
          .status === 'expired';
      await kysely.transaction().execute(async (trx) => {
        const wallet = `wallet:${withWallet.userId}`;
        await trx.selectFrom('accounts').select('id').where('id', '=', wallet).forUpdate().execute();
        await trx.selectFrom('sessions').select('id').where('id', '=', withRow.id).forUpdate().execute();
        clock.advance(700);
        await until(() => isOver(free.id));
        assert.deepEqual([await isOver(withWallet.id), await isOver(withRow.id)], [false, false]);
      });
      await until(async () => {
        clock.advance(1);
        return (await isOver(withWallet.id)) && (await isOver(withRow.id));
      });
      await assertBooksBalance(service.database);
    } finally {
      await service.close();
    }
  });
});

describe('A service whose timers never fire', () => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ now: clock.now, timer: () => () => {} });
    application = await service.createApplication();
  });
  after(() => service.close());

  const calls = {
    'a read': ['GET', '', undefined],
    'a heartbeat': ['POST', '/heartbeat', { timestamp: 0, active: true }],
    'a completion': ['POST', '/complete', undefined],
    'an end': ['POST', '/end', undefined],
  } as const;
  for (const [name, [method, path, body]] of Object.entries(calls)) {
    test(`ends a session whose deadline has passed at ${name}, as of its deadline`, async () => {
      const userId = await service.createCustomer(1000);
      const { session } = await service.createSession(application, userId);
      clock.advance(700);
      const answer = await service.call<SessionAnswer>(
        method,
        `/sessions/${session.id}${path}`,
        body && { body },
      );
      assert.equal(answer.body.session.status, 'expired');
      assert.equal(answer.body.session.ended_at, session.expires_at);
      assert.equal(answer.body.session.final_cost, 100);
    });
  }

  test('ends it in a list of sessions, at a validation, and before it refuses an extension', async () => {
    const ask = {
      list: () => service.call('GET', `/sessions?application_id=${application.id}`),
      validate: (id: string) => service.call('POST', '/sessions/validate', { body: { jti: id } }),
      extend: (id: string) =>
        service.call('POST', '/sessions/extend', { body: { session_id: id, additional_minutes: 15 } }),
    };
    for (const call of Object.values(ask)) {
      const { session } = await service.createSession(application, await service.createCustomer(1000));
      clock.advance(700);
      await call(session.id);
      const { status } = await service.database.kysely
        .selectFrom('sessions')
        .select('status')
        .where('id', '=', session.id)
        .executeTakeFirstOrThrow();
      assert.equal(status, 'expired');
    }
  });
});

describe('The scheduler', () => {
  test('sleeps until it must act next, and wakes for what is earlier', async () => {
    const delays: number[] = [];
    const clock = new TestClock();
    const service = await startTestService({
      now: clock.now,
      timer: (callback, delayMs) => {
        delays.push(delayMs);
        return clock.timer(callback, delayMs);
      },
    });
    try {
      const application = await service.createApplication({ max_duration_seconds: 86_400 });
      const userId = await service.createCustomer(100_000);
      await service.createSession(application, userId, { duration_seconds: 7200 });
      await until(() => delays.includes(6_900_000));
      await service.createSession(application, userId, { duration_seconds: 600 });
      await until(() => delays.includes(300_000));
      await service.createSession(application, userId, { duration_seconds: 200 });
      await until(() => delays.includes(200_000));
    } finally {
      await service.close();
    }
  });
});
