// A test clock: a key of a test moves the time of every instance, and what falls due by then happens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, until, type Json, type TestService } from './fixtures.js';

describeOnOneDatabase('A test clock', (source) => {
  let service: TestService;
  let others: TestService[];
  let testKey: string;
  before(async () => {
    const database = await source.create();
    service = await startTestService({ database, testClock: true });
    // An embedded database is one process's.
    others = source.kind === 'PostgreSQL' ? [await startTestService({ database, testClock: true })] : [];
    testKey = (await service.createApplication({ id: 'rehearsal', environment: 'test' })).secretKey;
    assert.match(testKey, /^sk_test_/);
  });
  after(async () => {
    for (const each of [...others, service]) await each.close();
  });

  const advance = (advance_seconds: number, as: string, at = service) =>
    at.call<{ server_time: number; code: string }>('POST', '/test/clock', { as, body: { advance_seconds } });

  test('moves a month on, and a subscription is renewed that month', async () => {
    const plan = { id: 'monthly', name: 'Monthly', interval: 'month', tokens_per_period: 10, rollover: true };
    expectOk(await service.call('POST', '/plans', { body: plan }));
    const customer_id = await service.createCustomer(0);
    const { id } = expectOk(
      await service.call<{ id: string }>('POST', '/subscriptions', {
        body: { customer_id, plan_id: 'monthly' },
      }),
    );
    const month = 31 * 86_400;
    const { server_time } = expectOk(await advance(month, testKey));
    assert.ok(Math.abs(server_time - Date.now() - month * 1000) < 60_000);
    const available = async (at: TestService) =>
      expectOk(await at.call<{ wallet: Json }>('GET', `/customers/${customer_id}`)).wallet.available;
    await until(async () => (await available(service)) === 20);
    // Each instance has moved, and so does one that comes later.
    for (const other of others) {
      await until(async () => expectOk(await advance(1, testKey, other)).server_time > server_time);
      const { started_at } = expectOk(await other.call('GET', `/subscriptions/${id}`));
      assert.ok(
        expectOk(await advance(1, testKey, other)).server_time / 1000 - month >= (started_at as number),
      );
    }
    const { entries } = expectOk(
      await service.call<{ entries: Json[] }>('GET', '/audit-entries?subject=/test/clock'),
    );
    assert.equal(entries.length, 1 + 2 * others.length);
  });

  test('is moved by no live key, not backwards, and not beyond a year at once', async () => {
    const { secretKey } = await service.createApplication();
    assert.match(secretKey, /^sk_live_/);
    assert.deepEqual(await codeOf(advance(1, secretKey)), [403, 'CREDENTIAL_INSUFFICIENT']);
    for (const seconds of [0, -1, 1.5, 366 * 86_400 + 1])
      assert.deepEqual(await codeOf(advance(seconds, testKey)), [422, 'REQUEST_INVALID']);
  });

  const codeOf = async (asked: ReturnType<typeof advance>) => {
    const { status, body } = await asked;
    return [status, body.code];
  };
});

describeOnOneDatabase('A service without a test clock', (source) => {
  test('knows no such route', async () => {
    const service = await startTestService({ database: await source.create() });
    try {
      const answer = await service.call('POST', '/test/clock', { body: { advance_seconds: 1 } });
      assert.deepEqual([answer.status, answer.body.code], [404, 'ROUTE_NOT_FOUND']);
    } finally {
      await service.close();
    }
  });
});
