import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CreateSessionAnswer, Problem } from '../../src/protocol/api.js';
import { describeOnOneDatabase } from './databases.js';
import { operatorKey, startTestService, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnOneDatabase('An Idempotency-Key', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    const { now, timer } = clock;
    service = await startTestService({ database: await source.create(), now, timer });
    application = await service.createApplication();
    userId = await service.createCustomer(100_000);
  });
  after(() => service.close());

  const buy = (key: string, as = application.secretKey, fields: object = {}) =>
    service.call<CreateSessionAnswer & Problem>('POST', '/sessions', {
      as,
      headers: { 'Idempotency-Key': key },
      body: { application_id: application.id, user_id: userId, duration_seconds: 600, ...fields },
    });
  const idOf = (answer: Awaited<ReturnType<typeof buy>>) => {
    assert.equal(answer.status, 201, answer.body.code);
    return answer.body.session.id;
  };
  const countKept = async () =>
    (await service.database.kysely.selectFrom('idempotency_keys').select('key').execute()).length;

  test('gives the same answer for 24 hours, and is free again afterwards', async () => {
    const first = idOf(await buy('a-day'));
    clock.advance(86_399);
    assert.equal(idOf(await buy('a-day')), first);
    clock.advance(1);
    assert.notEqual(idOf(await buy('a-day')), first);
  });

  test('is the same one bare and quoted', async () => {
    assert.equal(idOf(await buy('"quoted"')), idOf(await buy('quoted')));
  });

  test('has 1 to 255 visible characters: others are 400', async () => {
    assert.equal((await buy('k'.repeat(255))).status, 201);
    assert.equal((await buy(`"${'q'.repeat(255)}"`)).status, 201);
    for (const key of ['', '""', 'k'.repeat(256), `"${'k'.repeat(256)}"`, 'a b', 'a, b']) {
      const answer = await buy(key);
      assert.equal(answer.body.code, 'IDEMPOTENCY_KEY_INVALID', key);
      assert.equal(answer.status, 400);
    }
  });

  test('of another credential or for another route is another one', async () => {
    const sold = await buy('shared');
    assert.notEqual(idOf(await buy('shared', operatorKey)), idOf(sold), 'sold by somebody else');
    const { session, session_token: as } = sold.body;
    const headers = { 'Idempotency-Key': 'shared' };
    const body = { additional_seconds: 900 };
    const path = `/sessions/${session.id}`;
    const bought = await service.call('POST', `${path}/extend`, { as, headers, body });
    assert.equal(bought.body.expires_at, session.expires_at! + 900, 'more time is not the sale');
    const byServer = await service.call('POST', `${path}/extend`, {
      as: application.secretKey,
      headers,
      body,
    });
    assert.equal(byServer.body.expires_at, session.expires_at! + 1800);
    assert.equal((await service.call('POST', `${path}/pause`, { as, headers })).status, 200);
  });

  test('with another body is 422, and forgets nothing', async () => {
    const first = idOf(await buy('reused'));
    const answer = await buy('reused', application.secretKey, { duration_seconds: 601 });
    assert.deepEqual([answer.status, answer.body.code], [422, 'IDEMPOTENCY_KEY_REUSED']);
    assert.equal(idOf(await buy('reused')), first);
  });

  test('of a request that failed validation, or was refused, is not kept', async () => {
    const before = await countKept();
    const refusals: [string, object][] = [
      ['REQUEST_INVALID', { duration_seconds: '600' }],
      ['REQUEST_INVALID', { surprise: 1 }],
      ['REQUEST_INVALID', { metadata: { note: 'a\0b' } }],
      ['CUSTOMER_NOT_FOUND', { user_id: 'nobody' }],
      ['RETURN_URL_REFUSED', { return_url: 'https://evil.example' }],
    ];
    for (const [code, fields] of refusals) {
      assert.equal((await buy('mended', application.secretKey, fields)).body.code, code);
    }
    assert.equal(await countKept(), before);
    idOf(await buy('mended'));
  });

  test('that is missing where a change would cost twice is 400', async () => {
    const body = { application_id: application.id, user_id: userId, duration_seconds: 600 };
    const answer = await service.call<Problem>('POST', '/sessions', { body });
    assert.deepEqual([answer.status, answer.body.code], [400, 'IDEMPOTENCY_KEY_MISSING']);
  });
});
