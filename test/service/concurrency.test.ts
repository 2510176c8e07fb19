import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CompleteAnswer } from '../../src/protocol/api.js';
import { assertBooksBalance } from './books.js';
import { describeOnEachDatabase } from './databases.js';
import { startTestService, type TestApplication, type TestService } from './fixtures.js';
import { TestBrowser } from './test-browser.js';

describeOnEachDatabase('Requests that arrive together', (source) => {
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create() });
    application = await service.createApplication();
  });
  after(() => service.close());

  test('200 purchases from a wallet that can pay for 7 sell exactly seven', async () => {
    const userId = await service.createCustomer(7 * 100 + 99);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        service.call('POST', '/sessions', {
          as: application.secretKey,
          body: { application_id: application.id, user_id: userId, duration_seconds: 600 },
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        }),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 7);
    assert.equal(answers.filter(({ body }) => body.code === 'INSUFFICIENT_TOKENS').length, 193);
    const { body } = await service.call('GET', `/customers/${userId}`);
    assert.deepEqual(body.wallet, { available: 99, held: 700 });
    await assertBooksBalance(service.database);
  });

  test('the same purchase 20 times with one key is one session', async () => {
    const userId = await service.createCustomer(1000);
    const buy = () =>
      service.call<{ session: { id: string }; code?: string }>('POST', '/sessions', {
        as: application.secretKey,
        body: { application_id: application.id, user_id: userId, duration_seconds: 600 },
        headers: { 'Idempotency-Key': `order-of-${userId}` },
      });
    const answers = await Promise.all(Array.from({ length: 20 }, buy));
    answers.push(await buy());
    const sold = answers.filter(({ status }) => status === 201);
    assert.equal(new Set(sold.map(({ body }) => body.session.id)).size, 1);
    assert.ok(answers.every(({ status, body }) => status === 201 || body.code === 'IDEMPOTENCY_KEY_IN_USE'));
    assert.deepEqual((await service.call('GET', `/customers/${userId}`)).body.wallet, {
      available: 900,
      held: 100,
    });
  });

  test('the last place for a webhook endpoint is given once', async () => {
    const as = (await service.createApplication({ provider_id: 'crowded' })).secretKey;
    const register = () =>
      service.call('POST', '/webhook-endpoints', {
        as,
        body: { url: 'http://app.example/hook', events: ['session.ended'] },
      });
    const answers = await Promise.all(Array.from({ length: 40 }, register));
    assert.equal(answers.filter(({ status }) => status === 201).length, 20);
    assert.equal(answers.filter(({ body }) => body.code === 'WEBHOOK_LIMIT_REACHED').length, 20);
  });

  test('a credit of one reference is put in once', async () => {
    const userId = await service.createCustomer(0);
    const credit = (tokens: number) =>
      service.call('POST', `/customers/${userId}/credits`, { body: { tokens, reference: 'payment-1' } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => credit(500)));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.deepEqual((await service.call('GET', `/customers/${userId}`)).body.wallet, {
      available: 500,
      held: 0,
    });
    assert.equal((await credit(501)).body.code, 'ALREADY_EXISTS');
    const { body } = await service.call<{ entries: { amount: number }[] }>(
      'GET',
      `/customers/${userId}/entries`,
    );
    assert.deepEqual(
      body.entries.map(({ amount }) => amount),
      [500],
    );
  });

  test('completing, ending, extending and pausing at once leave one bill', async () => {
    const userId = await service.createCustomer(1000);
    const { session, session_token: as } = await service.createSession(application, userId);
    const path = `/sessions/${session.id}`;
    const body = { additional_seconds: 900 };
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, (_, i) =>
        service.call('POST', `${path}/extend`, { as, body, headers: { 'Idempotency-Key': `k${i}` } }),
      ),
      ...Array.from({ length: 6 }, () => service.call('POST', `${path}/complete`, { as })),
      ...Array.from({ length: 6 }, () => service.call('POST', `${path}/end`, { as })),
      ...Array.from({ length: 6 }, () => service.call('POST', `${path}/pause`, { as })),
      ...Array.from({ length: 6 }, () => service.call('POST', `${path}/resume`, { as })),
    ]);
    for (const { status, body } of answers) assert.ok(status < 500, JSON.stringify(body));
    const bills = await Promise.all(
      Array.from({ length: 3 }, () => service.call<CompleteAnswer>('POST', `${path}/complete`, { as })),
    );
    assert.equal(new Set(bills.map(({ body }) => `${body.final_cost} ${body.tokens_refunded}`)).size, 1);
    const ends = await service.database.kysely
      .selectFrom('events')
      .select('id')
      .where('subject', '=', `session:${session.id}`)
      .where('type', '=', 'session.ended')
      .execute();
    assert.equal(ends.length, 1);
    await assertBooksBalance(service.database);
  });
});

describeOnEachDatabase('Answers that cross a change', (source) => {
  test('never have a later server_time than the change, where they are from before it', async () => {
    // Each look at the clock is a later one, so that two answers never tie.
    let clock = Date.now();
    const service = await startTestService({ database: await source.create(), now: () => ++clock });
    const application = await service.createApplication({ proof_of_possession: 'required' });
    const customer = await service.createCustomer(1000);
    const { session, session_token } = await service.createSession(application, customer);
    // A proof is looked at between reading the session and answering, which takes a while.
    const browser = new TestBrowser(service, () => clock);
    await browser.call('POST', '/api/v1/sessions/validate', session_token, {
      body: { session_jwt: session_token },
    });
    const ask = async (call: string) => {
      const { status, body } = await browser.call<{ session: { status: string }; server_time: number }>(
        'POST',
        `/api/v1/sessions/${session.id}/${call}`,
        session_token,
        { body: call === 'heartbeat' ? { timestamp: 0, active: true } : {} },
      );
      assert.equal(status, 200, JSON.stringify(body));
      return { status: body.session.status, at: body.server_time };
    };
    for (let round = 0; round < 40; round++) {
      const heartbeats = Array.from({ length: 3 }, () => ask('heartbeat'));
      const changed = await ask(round % 2 ? 'resume' : 'pause');
      for (const { status, at } of await Promise.all(heartbeats)) {
        if (status !== changed.status) assert.ok(at < changed.at, `later by ${at - changed.at}`);
      }
    }
    await service.close();
  });
});
