import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ExtendAnswer, Problem, SessionAnswer } from '../../src/protocol/api.js';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnOneDatabase('Extensions', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication({ max_duration_seconds: 3600 });
  });
  after(() => service.close());

  const extend = (id: string, as: string, body: unknown, key = crypto.randomUUID() as string | null) =>
    service.call<ExtendAnswer & Problem>('POST', `/sessions/${id}/extend`, {
      as,
      body,
      headers: key === null ? {} : { 'Idempotency-Key': key },
    });
  const start = async (tokens = 1000) => {
    const userId = await service.createCustomer(tokens);
    const { session, session_token: as } = await service.createSession(application, userId);
    return { id: session.id, as, userId, session };
  };
  const walletOf = async (userId: string) =>
    (await service.call<{ wallet: unknown }>('GET', `/customers/${userId}`)).body.wallet;

  describe('of another length than the application sells are refused, and cost nothing', () => {
    const lengths = [-900, 0, 0.5, 900.5, 899, 901, 1e12, 1e300, Number.MAX_SAFE_INTEGER];
    for (const additional_seconds of lengths) {
      test(String(additional_seconds), async () => {
        const { id, as, userId } = await start();
        const answer = await extend(id, as, { additional_seconds });
        assert.equal(answer.status, 422);
        assert.equal(answer.body.code, 'EXTENSION_REFUSED');
        assert.deepEqual(await walletOf(userId), { available: 900, held: 100 });
        assert.equal((await extend(id, as, { additional_seconds: 900 })).status, 200, 'the control passes');
      });
    }
    for (const additional_seconds of ['"900"', 'null', '1e400', '[900]', 'true']) {
      test(`${additional_seconds} as JSON`, async () => {
        const { id, as } = await start();
        const answer = await extend(id, as, `{"additional_seconds":${additional_seconds}}`);
        assert.equal(answer.body.code, 'REQUEST_INVALID');
        assert.deepEqual(
          answer.body.errors?.map(({ pointer }) => pointer),
          ['/additional_seconds'],
        );
      });
    }
  });

  test('at another price than was shown are refused', async () => {
    const { id, as, userId } = await start();
    for (const tokens_to_deduct of [0, 149, 151, -150]) {
      const answer = await extend(id, as, { additional_seconds: 900, tokens_to_deduct });
      assert.equal(answer.body.code, 'EXTENSION_PRICE_CHANGED');
    }
    assert.deepEqual(await walletOf(userId), { available: 900, held: 100 });
    assert.equal((await extend(id, as, { additional_seconds: 900, tokens_to_deduct: 150 })).status, 200);
  });

  describe('after a change of their price', () => {
    const dearer = [{ additional_seconds: 900, tokens: 500 }];
    const startAndChange = async (extension_options: object[] = dearer) => {
      const application = await service.createApplication();
      const userId = await service.createCustomer(2000);
      const { session, session_token: as } = await service.createSession(application, userId);
      const body = { extension_options };
      expectOk(await service.call('PATCH', `/applications/${application.id}`, { body }));
      return { id: session.id, as, userId };
    };
    const spellings: Record<
      string,
      (id: string, price: object) => [method: string, path: string, body: object]
    > = {
      extend: (id, price) => ['POST', `/sessions/${id}/extend`, { additional_seconds: 900, ...price }],
      renew: (id, price) => ['PUT', `/sessions/${id}/renew`, { additional_minutes: 15, ...price }],
      'extend with the session in the body': (id, price) => [
        'POST',
        '/sessions/extend',
        { session_id: id, additional_seconds: 900, ...price },
      ],
      'extend in minutes': (id, price) => [
        'POST',
        '/sessions/extend',
        { session_id: id, additional_minutes: 15, ...price },
      ],
    };
    for (const [name, spelling] of Object.entries(spellings)) {
      const ask = ({ id, as }: { id: string; as: string }, price: object = {}) => {
        const [method, path, body] = spelling(id, price);
        const headers = { 'Idempotency-Key': crypto.randomUUID() };
        return service.call(method, path, { as, body, headers });
      };

      test(`${name}: nobody pays more than at the sale who was shown no price`, async () => {
        const session = await startAndChange();
        const { status, body } = await ask(session);
        assert.deepEqual([status, body.additional_cost], [200, 150]);
        assert.deepEqual(await walletOf(session.userId), { available: 1750, held: 250 });
      });

      test(`${name}: the price that was shown is charged, and no other one`, async () => {
        const session = await startAndChange();
        const refused = await ask(session, { tokens_to_deduct: 150 });
        assert.equal(refused.body.code, 'EXTENSION_PRICE_CHANGED');
        assert.deepEqual(await walletOf(session.userId), { available: 1900, held: 100 });
        assert.equal((await ask(session, { tokens_to_deduct: 500 })).body.additional_cost, 500);
      });

      test(`${name}: what costs less by now costs less`, async () => {
        const session = await startAndChange([{ additional_seconds: 900, tokens: 5 }]);
        assert.equal((await ask(session)).body.additional_cost, 5);
      });
    }

    test('one that was not on offer at the sale needs its price to be named', async () => {
      const { id, as } = await startAndChange([{ additional_seconds: 300, tokens: 40 }]);
      const refused = await extend(id, as, { additional_seconds: 300 });
      assert.equal(refused.body.code, 'EXTENSION_PRICE_CHANGED');
      assert.equal((await extend(id, as, { additional_seconds: 300, tokens_to_deduct: 40 })).status, 200);
      assert.equal((await extend(id, as, { additional_seconds: 900 })).body.code, 'EXTENSION_REFUSED');
    });
  });

  test('that the wallet cannot pay say where to buy tokens, and are marked before', async () => {
    const { id, as, session } = await start(200);
    assert.deepEqual(session.extension_options, [
      { additional_seconds: 900, tokens: 150, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' },
      { additional_seconds: 1800, tokens: 280, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' },
    ]);
    const answer = await extend(id, as, { additional_seconds: 900 });
    assert.equal(answer.status, 402);
    assert.equal(answer.body.code, 'INSUFFICIENT_TOKENS');
    assert.equal(answer.body.top_up_url, 'https://market.example/top-up');
  });

  test('stop at the longest length of the application', async () => {
    const { id, as } = await start();
    assert.equal((await extend(id, as, { additional_seconds: 1800 })).status, 200);
    const { body } = await extend(id, as, { additional_seconds: 900 });
    assert.deepEqual(
      body.session.extension_options.map(({ unavailable_reason }) => unavailable_reason),
      ['EXTENSION_LIMIT_REACHED', 'EXTENSION_LIMIT_REACHED'],
    );
    const refused = await extend(id, as, { additional_seconds: 900 });
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'EXTENSION_LIMIT_REACHED');
  });

  test('of a paused session are possible, of an ended one not', async () => {
    const { id, as } = await start();
    await service.call('POST', `/sessions/${id}/pause`, { as });
    const paused = await extend(id, as, { additional_seconds: 900 });
    assert.equal(paused.body.expires_at, null);
    assert.equal(paused.body.session.remaining_seconds, 1500);
    await service.call('POST', `/sessions/${id}/end`, { as });
    const ended = await extend(id, as, { additional_seconds: 900 });
    assert.equal(ended.status, 410);
    assert.equal(ended.body.code, 'SESSION_ENDED');
  });

  test('asked for after the deadline are refused, and the session is settled all the same', async () => {
    const { id, as, userId } = await start();
    clock.advance(600);
    assert.equal((await extend(id, as, { additional_seconds: 900 })).body.code, 'SESSION_ENDED');
    const { body } = await service.call<SessionAnswer>('GET', `/sessions/${id}`, { as });
    assert.equal(body.session.status, 'expired');
    assert.deepEqual(await walletOf(userId), { available: 900, held: 0 });
  });

  test('need an Idempotency-Key, bare or quoted', async () => {
    const { id, as } = await start();
    const body = { additional_seconds: 900 };
    assert.equal((await extend(id, as, body, null)).body.code, 'IDEMPOTENCY_KEY_MISSING');
    for (const key of ['""', 'k'.repeat(256), 'two words', '"']) {
      const answer = await extend(id, as, body, key);
      assert.equal(answer.body.code, 'IDEMPOTENCY_KEY_INVALID', key);
    }
    const first = await extend(id, as, body, 'same');
    const second = await extend(id, as, body, '"same"');
    assert.equal(first.status, 200);
    assert.equal(second.body.expires_at, first.body.expires_at);
    assert.equal(second.body.session.duration_limit_seconds, 600 + 900);
  });

  test('asked for twice after a lost answer are sold once, and answered the same', async () => {
    const { id, as, userId } = await start();
    const body = { additional_seconds: 900, tokens_to_deduct: 150 };
    const first = await extend(id, as, body, 'k1');
    clock.advance(30);
    const again = await extend(id, as, body, 'k1');
    const { expires_at, additional_cost, additional_seconds, revision } = first.body;
    const told = { expires_at, additional_cost, additional_seconds, revision };
    assert.deepEqual(
      { ...again.body, session: 0, session_token: 0, server_time: 0 },
      { ...told, session: 0, session_token: 0, server_time: 0 },
    );
    assert.equal(again.body.server_time, clock.now(), 'a repeated answer tells the time of now');
    assert.deepEqual(await walletOf(userId), { available: 750, held: 250 });
    const other = await extend(id, as, { additional_seconds: 1800 }, 'k1');
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'IDEMPOTENCY_KEY_REUSED');
    const kept = await service.database.kysely.selectFrom('idempotency_keys').select('result').execute();
    assert.ok(!JSON.stringify(kept).includes('eyJ'), 'no session token is kept');
  });

  test('that failed are not remembered: the same key works once the cause is gone', async () => {
    const { id, as, userId } = await start(100);
    assert.equal((await extend(id, as, { additional_seconds: 900 }, 'k2')).status, 402);
    await service.call('POST', `/customers/${userId}/credits`, {
      body: { tokens: 150, reference: 'top-up' },
    });
    assert.equal((await extend(id, as, { additional_seconds: 900 }, 'k2')).status, 200);
  });

  test('asked for twice at once with one key are sold once', async () => {
    const { id, as, userId } = await start();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => extend(id, as, { additional_seconds: 900 }, 'k3')),
    );
    const ok = answers.filter(({ status }) => status === 200);
    assert.ok(ok.length >= 1);
    for (const answer of answers) {
      if (answer.status === 200) continue;
      assert.equal(answer.body.code, 'IDEMPOTENCY_KEY_IN_USE');
      assert.equal(answer.headers.get('retry-after'), '1');
    }
    assert.equal((await extend(id, as, { additional_seconds: 900 }, 'k3')).status, 200);
    assert.deepEqual(await walletOf(userId), { available: 750, held: 250 });
    const { body } = await service.call<{ extensions: unknown[] }>('GET', `/sessions/${id}/extensions`, {
      as,
    });
    assert.equal(body.extensions.length, 1);
  });

  test('may be asked for again for a day only', async () => {
    const { id, as, userId } = await start();
    await extend(id, as, { additional_seconds: 900 }, 'k4');
    await service.call('POST', `/sessions/${id}/pause`, { as });
    clock.advance(24 * 3600 + 1);
    assert.equal((await extend(id, application.secretKey, { additional_seconds: 900 }, 'k4')).status, 410);
    assert.deepEqual(await walletOf(userId), { available: 750, held: 0 });
    await assertBooksBalance(service.database);
  });
});
