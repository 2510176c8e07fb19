import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  CompleteAnswer,
  CreateSessionAnswer,
  ExtendAnswer,
  HeartbeatAnswer,
  SessionAnswer,
} from '../../src/protocol/api.js';
import { assertBooksBalance, sumOf } from './books.js';
import { describeOnEachDatabase } from './databases.js';
import { expectOk, startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnEachDatabase('The life of a session', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication();
  });
  after(() => service.close());

  const walletOf = async (userId: string) => (await service.call('GET', `/customers/${userId}`)).body.wallet;
  const key = () => ({ 'Idempotency-Key': crypto.randomUUID() });

  test('shows the length that was sold, at whatever moment of a second', async () => {
    const userId = await service.createCustomer(1000);
    clock.advance(0.9);
    const { session, session_token: as } = await service.createSession(application, userId);
    assert.equal(session.remaining_seconds, 600);
    const bill = expectOk(
      await service.call<CompleteAnswer>('POST', `/api/v1/sessions/${session.id}/complete`, { as }),
    );
    assert.equal(bill.used_seconds, 0, 'the part of a second before the sale costs nothing');
    assert.equal(bill.tokens_refunded, 100);
    clock.advance(0.1);
  });

  test('is not sold at another price than was shown', async () => {
    const userId = await service.createCustomer(1000);
    const sell = (tokens_to_deduct: number) =>
      service.call('POST', '/sessions', {
        as: application.secretKey,
        headers: key(),
        body: { application_id: application.id, user_id: userId, duration_seconds: 600, tokens_to_deduct },
      });
    for (const price of [0, 99, 101, 1e300]) {
      const { status, body } = await sell(price);
      assert.deepEqual([status, body.code], [409, 'SESSION_PRICE_CHANGED']);
    }
    assert.deepEqual(await walletOf(userId), { available: 1000, held: 0 });
    assert.equal((await sell(100)).status, 201);
  });

  test('is sold, validated, paused, resumed, extended and completed, and the bill adds up', async () => {
    const userId = await service.createCustomer(1000);
    const { session, session_token: as, launch_url } = await service.createSession(application, userId);
    const path = `/api/v1/sessions/${session.id}`;
    assert.equal(session.status, 'active');
    assert.equal(session.remaining_seconds, 600);
    assert.equal(session.tokens_allocated, 100);
    assert.equal(session.expires_at, clock.now() / 1000 + 600);
    assert.equal(launch_url, `https://app.example/launch?session=${as}`);
    assert.deepEqual(await walletOf(userId), { available: 900, held: 100 });

    const valid = await service.call('POST', '/api/v1/sessions/validate', {
      as: null,
      body: { session_jwt: as },
    });
    assert.equal(valid.status, 200);
    assert.equal(valid.body.valid, true);
    assert.deepEqual(valid.body.session, session);
    const byId = await service.call('POST', '/api/v1/sessions/validate', { as, body: { jti: session.id } });
    assert.equal(byId.status, 200);

    clock.advance(60);
    const beat = expectOk(
      await service.call<HeartbeatAnswer>('POST', `${path}/heartbeat`, {
        as,
        body: { timestamp: clock.now(), active: true },
      }),
    );
    assert.equal(beat.remaining_seconds, 540);
    assert.equal(beat.next_heartbeat_seconds, 30);
    assert.equal(beat.session_token, undefined, 'the token is long enough');

    const paused = expectOk(await service.call<SessionAnswer>('POST', `${path}/pause`, { as })).session;
    assert.equal(paused.status, 'paused');
    assert.equal(paused.expires_at, null);
    assert.equal(paused.pause_ends_at, clock.now() / 1000 + 600);
    clock.advance(100);
    const resumed = expectOk(await service.call<SessionAnswer>('POST', `${path}/resume`, { as })).session;
    assert.equal(resumed.status, 'active');
    assert.equal(resumed.remaining_seconds, 540, 'a pause costs no time');
    assert.equal(resumed.pause_seconds_left, 500);

    const extended = expectOk(
      await service.call<ExtendAnswer>('POST', `${path}/extend`, {
        as,
        body: { additional_seconds: 900, tokens_to_deduct: 150 },
        headers: key(),
      }),
    );
    assert.equal(extended.additional_cost, 150);
    assert.equal(extended.expires_at, resumed.expires_at! + 900);
    assert.equal(extended.session.tokens_allocated, 250);
    const { extensions } = expectOk(
      await service.call<{ extensions: { additional_seconds: number; tokens: number }[] }>(
        'GET',
        `${path}/extensions`,
        { as },
      ),
    );
    assert.deepEqual(
      extensions.map(({ additional_seconds, tokens }) => ({ additional_seconds, tokens })),
      [{ additional_seconds: 900, tokens: 150 }],
    );

    clock.advance(540 + 90);
    const body = { actual_usage_minutes: 1, metadata: { mood: 'good' } };
    const bill = expectOk(await service.call<CompleteAnswer>('POST', `${path}/complete`, { as, body }));
    // 600 s of the first block, 90 of the 900 s that were bought for 150: the client's "1 minute" changes nothing.
    assert.equal(bill.status, 'completed');
    assert.equal(bill.used_seconds, 690);
    assert.equal(bill.final_cost, 115);
    assert.equal(bill.tokens_refunded, 135);
    assert.deepEqual(await walletOf(userId), { available: 885, held: 0 });

    clock.advance(60);
    const again = expectOk(await service.call<CompleteAnswer>('POST', `${path}/complete`, { as, body }));
    assert.deepEqual({ ...again, server_time: 0 }, { ...bill, server_time: 0 });
    const ended = expectOk(await service.call<SessionAnswer>('POST', `${path}/end`, { as }));
    assert.deepEqual(ended.session, bill.session);
    const refused = await service.call('POST', '/sessions/validate', { as: null, body: { session_jwt: as } });
    assert.equal(refused.status, 410);
    assert.equal(refused.body.valid, false);
    assert.equal(refused.body.error, 'SESSION_ENDED');
    await assertBooksBalance(service.database);
  });

  test('is launched at an address that stays as it was registered, and tells where its page may return to', async () => {
    const return_origins = ['https://market.example', 'https://shop.example'];
    for (const [launch_url, before, behind] of [
      [
        'https://app.example/%FC?sig=a%20b&flag&next=%2Fx~y',
        'https://app.example/%FC?sig=a%20b&flag&next=%2Fx~y&',
        '',
      ],
      ['https://app.example/?session=old&a#/b?c', 'https://app.example/?a&', '#/b?c'],
      ['https://app.example', 'https://app.example?', ''],
    ] as const) {
      const other = await service.createApplication({ launch_url, return_origins });
      const sold = await service.createSession(other, await service.createCustomer(1000));
      assert.equal(sold.launch_url, `${before}session=${sold.session_token}${behind}`);
      assert.deepEqual(sold.session.return_origins, return_origins);
      const body = { session_jwt: sold.session_token };
      const answer = await service.call('POST', '/api/v1/sessions/validate', { as: null, body });
      assert.deepEqual((answer.body as unknown as SessionAnswer).session.return_origins, return_origins);
    }
  });

  test('ends at its deadline without a client, is billed in full, and tells each event once', async () => {
    const userId = await service.createCustomer(1000);
    const { session } = await service.createSession(application, userId);
    clock.advance(300);
    await until(async () => {
      clock.advance(0.05);
      return (await eventsOf(session.id)).includes('session.warning');
    });
    // Whole seconds again, as the tests that follow count on.
    clock.advance(session.expires_at! - 1 - clock.now() / 1000);
    assert.equal(
      (await service.call<SessionAnswer>('GET', `/sessions/${session.id}`)).body.session.status,
      'active',
    );
    clock.advance(1);
    await until(async () => {
      // What the scheduler finds locked, or due while it looked, it looks at again a moment later.
      clock.advance(0.05);
      return (await statusInDatabase(session.id)) === 'expired';
    });
    const { body } = await service.call<SessionAnswer>('GET', `/sessions/${session.id}`);
    assert.equal(body.session.used_seconds, 600);
    assert.equal(body.session.final_cost, 100);
    assert.equal(body.session.ended_at, session.expires_at);
    assert.deepEqual(await eventsOf(session.id), ['session.started', 'session.warning', 'session.ended']);
    await assertBooksBalance(service.database);
  });

  test('is resumed by the service when its pause is used up, and a read sees a passed deadline at once', async () => {
    const userId = await service.createCustomer(1000);
    const { session } = await service.createSession(application, userId);
    await service.call('POST', `/sessions/${session.id}/pause`);
    clock.advance(600 + 10);
    const resumed = (await service.call<SessionAnswer>('GET', `/sessions/${session.id}`)).body.session;
    assert.equal(resumed.status, 'active');
    assert.equal(resumed.remaining_seconds, 590);
    assert.equal(resumed.pause_seconds_left, 0);
    const refused = await service.call('POST', `/sessions/${session.id}/pause`);
    assert.equal(refused.body.code, 'PAUSE_NOT_ALLOWED');
    clock.advance(590);
    const beat = await service.call<HeartbeatAnswer>('POST', `/sessions/${session.id}/heartbeat`, {
      body: { timestamp: 0, active: true },
    });
    assert.equal(beat.body.status, 'expired');
    assert.equal(beat.body.session?.final_cost, 100);
  });

  test('gains no time by many short pauses', async () => {
    const userId = await service.createCustomer(1000);
    const { session } = await service.createSession(application, userId);
    for (let i = 0; i < 20; i++) {
      await service.call('POST', `/sessions/${session.id}/pause`);
      clock.advance(0.001);
      await service.call('POST', `/sessions/${session.id}/resume`);
    }
    const { body } = await service.call<SessionAnswer>('GET', `/sessions/${session.id}`);
    assert.equal(body.session.pause_seconds_left, 580, 'each pause costs a whole second of the pause');
    assert.equal(body.session.expires_at, session.expires_at! + 20);
  });

  test('that cannot be paused says so', async () => {
    const firm = await service.createApplication({ pausable: false });
    const { session, session_token: as } = await service.createSession(
      firm,
      await service.createCustomer(100),
    );
    assert.equal(session.pausable, false);
    const refused = await service.call('POST', `/sessions/${session.id}/pause`, { as });
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'PAUSE_NOT_ALLOWED');
    assert.equal(
      (await service.call('POST', `/sessions/${session.id}/resume`, { as })).body.code,
      'TRANSITION_REFUSED',
    );
  });

  test('answers older spellings by the same change', async () => {
    const userId = await service.createCustomer(1000);
    const { session, session_token: as } = await service.createSession(application, userId);
    const renewed = expectOk(
      await service.call('PUT', `/sessions/${session.id}/renew`, { as, body: { additional_minutes: 15 } }),
    );
    assert.deepEqual(renewed, {
      revision: 2,
      new_expires_at: session.expires_at! + 900,
      additional_cost: 150,
    });
    for (const length of [{ additional_minutes: 15 }, { additional_seconds: 900 }]) {
      const body = { session_id: session.id, ...length };
      expectOk(await service.call('POST', '/sessions/extend', { as, body }));
    }
    const { body } = await service.call<SessionAnswer>('GET', `/sessions/${session.id}`, { as });
    assert.equal(body.session.duration_limit_seconds, 600 + 3 * 900);
    assert.deepEqual(await walletOf(userId), { available: 450, held: 550 });
  });

  test('gives a longer token where the one that asks has become too short', async () => {
    const { session, session_token: as } = await service.createSession(
      application,
      await service.createCustomer(1000),
    );
    await service.call('POST', `/sessions/${session.id}/extend`, {
      as,
      body: { additional_seconds: 1800 },
      headers: key(),
    });
    const body = { timestamp: 0, active: true };
    const beat = await service.call<HeartbeatAnswer>('POST', `/sessions/${session.id}/heartbeat`, {
      as,
      body,
    });
    const fresh = beat.body.session_token!;
    const next = await service.call<HeartbeatAnswer>('POST', `/sessions/${session.id}/heartbeat`, {
      as: fresh,
      body,
    });
    assert.equal(next.status, 200);
    assert.equal(next.body.session_token, undefined);
  });

  test('can be entered again by a customer who closed the page, while it runs', async () => {
    const { session } = await service.createSession(application, await service.createCustomer(1000));
    const path = `/api/v1/sessions/${session.id}/launch`;
    const again = expectOk(
      await service.call<CreateSessionAnswer>('POST', path, { as: application.secretKey }),
    );
    assert.equal(again.launch_url, `https://app.example/launch?session=${again.session_token}`);
    const as = again.session_token;
    assert.equal(
      (await service.call('POST', '/sessions/validate', { as, body: { jti: session.id } })).status,
      200,
    );
    assert.equal((await service.call('POST', path, { as })).status, 403, 'a session token makes no other');
    const other = await service.createApplication();
    assert.equal((await service.call('POST', path, { as: other.secretKey })).status, 404);
    await service.call('POST', `/sessions/${session.id}/end`);
    assert.equal((await service.call('POST', path, { as: application.secretKey })).status, 410);
  });

  test('pays the provider what the customer was charged', async () => {
    const other = await service.createApplication({ provider_id: 'provider-2' });
    const { session } = await service.createSession(other, await service.createCustomer(1000));
    clock.advance(61);
    await service.call('POST', `/sessions/${session.id}/end`);
    assert.equal(await sumOf(service.database, 'revenue:provider-2'), 11);
  });

  async function eventsOf(id: string) {
    const events = await service.database.kysely
      .selectFrom('events')
      .select('type')
      .where('subject', '=', `session:${id}`)
      .orderBy('id')
      .execute();
    return events.map(({ type }) => type);
  }

  async function statusInDatabase(id: string) {
    const row = await service.database.kysely
      .selectFrom('sessions')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return row.status;
  }
});
