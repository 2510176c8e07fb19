import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SessionController } from '../../src/controller/index.js';
import { SessionError } from '../../src/protocol/errors.js';
import { Marketplace, verifyWebhook } from '../../src/sdk/index.js';
import { createSandbox, signTestWebhook, type TestSandbox } from '../../src/testing/index.js';
import { marketplaceFixture, type MarketplaceFixture } from '../../src/testing/playwright/index.js';

/** Time passes where a test says so, and not else. */
const startsAt = Date.UTC(2027, 0, 1);

/** A controller whose session runs. */
async function running(sandbox: TestSandbox, minutes = 10) {
  const { token, id } = await sandbox.sell({ minutes });
  const world = sandbox.world({
    address: sandbox.launchUrl('https://app.example/work?page=2#top', { token }),
  });
  const controller = new SessionController(sandbox.options, world);
  const heard: string[] = [];
  for (const type of ['warning', 'extend', 'pause', 'resume', 'end', 'error', 'complete'] as const)
    controller.addEventListener(type, () => heard.push(type));
  await controller.start();
  return { controller, heard, world, id };
}

describe('A controller in the world of a sandbox', () => {
  test('takes its token out of the address, warns, extends and ends, as its clock is moved', async () => {
    const sandbox = createSandbox({ now: () => startsAt });
    const { controller, heard, world, id } = await running(sandbox);
    assert.equal(world.address, 'https://app.example/work?page=2#top');
    assert.equal(controller.remainingText, '10:00');
    await sandbox.clock.advance('5m1s');
    assert.deepEqual(heard, ['warning']);
    assert.equal(controller.remainingText, '4:59');
    const before = sandbox.balance();
    await controller.extend(15);
    assert.equal(controller.remainingText, '19:59');
    assert.equal(sandbox.balance(), before - 150);
    await sandbox.clock.advance('20m');
    assert.equal(controller.state, 'ended');
    assert.ok(heard.includes('end'));
    assert.equal(sandbox.session(id).status, 'expired');
    assert.equal(sandbox.session(id).final_cost, 250);
    controller.destroy();
  });

  test('hears at once what the provider does', async () => {
    const sandbox = createSandbox({ now: () => startsAt });
    const { controller, heard, id } = await running(sandbox);
    const marketplace = new Marketplace({
      secretKey: sandbox.secretKey,
      apiUrl: sandbox.apiEndpoint,
      fetch: sandbox.fetch,
    });
    await sandbox.clock.advance('2s');
    await marketplace.sessions.pause(id);
    await sandbox.clock.advance(0);
    assert.equal(controller.state, 'paused');
    await sandbox.clock.advance('9m');
    assert.equal(controller.remainingText, '9:58');
    await sandbox.clock.advance('2m');
    assert.equal(controller.state, 'active', 'a pause ends by itself');
    await marketplace.sessions.end(id);
    await sandbox.clock.advance('1s');
    assert.equal(controller.state, 'ended');
    assert.deepEqual(heard, ['pause', 'resume', 'complete', 'end']);
    controller.destroy();
  });

  test('fails as it is asked to, and goes on', async () => {
    const sandbox = createSandbox({ now: () => startsAt });
    const { controller } = await running(sandbox);
    sandbox.failNext('POST /sessions/{id}/extend', 'INSUFFICIENT_TOKENS');
    await assert.rejects(
      controller.extend(15),
      (error) => error instanceof SessionError && error.code === 'INSUFFICIENT_TOKENS',
    );
    const before = sandbox.balance();
    // The answer is lost, and the same key comes again: nothing is bought twice.
    sandbox.failNext('POST /sessions/{id}/extend', 'lost');
    const extended = controller.extend(15);
    await sandbox.clock.advance('10s');
    await extended;
    assert.equal(sandbox.balance(), before - 150);
    const keys = sandbox.requests
      .filter(({ operation }) => operation === 'extend')
      .map((one) => one.idempotencyKey);
    assert.equal(keys.length, 3);
    assert.equal(keys[1], keys[2]);
    sandbox.failNext('POST /sessions/{id}/pause', 'hang');
    const paused = controller.pause();
    await sandbox.clock.advance('1m');
    await paused;
    assert.equal(controller.state, 'paused');
    controller.destroy();
  });

  test('is refused a token of another sandbox', async () => {
    const { token } = await createSandbox().sell();
    const sandbox = createSandbox();
    const controller = new SessionController({ ...sandbox.options, sessionToken: token }, sandbox.world());
    await assert.rejects(controller.start(), { code: 'TOKEN_KEY_UNKNOWN' });
    controller.destroy();
  });
});

describe('A sandbox', () => {
  test('answers the calls of the SDK', async () => {
    const sandbox = createSandbox({ secretKey: 'sk_test_mine', tokens: 500 });
    const marketplace = new Marketplace({
      secretKey: 'sk_test_mine',
      apiUrl: sandbox.apiEndpoint,
      fetch: sandbox.fetch,
    });
    const sale = { applicationId: sandbox.applicationId, userId: 'ada', durationSeconds: 600 };
    const { session, sessionToken } = await marketplace.sessions.create(sale);
    assert.equal(session.status, 'active');
    assert.match(sessionToken, /^eyJ/);
    await assert.rejects(marketplace.sessions.create({ ...sale, tokensToDeduct: 1 }), {
      code: 'SESSION_PRICE_CHANGED',
    });
    await assert.rejects(marketplace.sessions.create({ ...sale, durationSeconds: 6000 }), {
      code: 'INSUFFICIENT_TOKENS',
    });
    await marketplace.customers.credit('ada', { tokens: 1000, reference: 'order-1' });
    assert.equal((await marketplace.customers.retrieve('ada')).wallet.available, 1400);
    const extended = await marketplace.sessions.extend(session.id, { additionalSeconds: 900 });
    assert.equal(extended.additionalCost, 150);
    await marketplace.sessions.messages.create(session.id, { text: 'Hello', clientId: 'one' });
    const messages = await marketplace.sessions.messages.list(session.id);
    assert.deepEqual(
      messages.data.map(({ text, sentBy }) => [text, sentBy]),
      [['Hello', 'provider']],
    );
    const ended = await marketplace.sessions.end(session.id);
    assert.equal(ended.session.finalCost, 0);
    assert.equal((await marketplace.sessions.list()).data.length, 1);
    await assert.rejects(marketplace.sessions.retrieve('nobody'), { code: 'SESSION_NOT_FOUND' });
    await assert.rejects(marketplace.plans.list(), { code: 'ROUTE_NOT_FOUND' });
  });

  test('refuses what is wrong as the service does', async () => {
    const sandbox = createSandbox();
    const { token, id } = await sandbox.sell();
    const ask = async (path: string, init: RequestInit, credential: string | null = token) => {
      const headers = new Headers(init.headers);
      if (credential !== null) headers.set('Authorization', `Bearer ${credential}`);
      const answer = await sandbox.fetch(new Request(sandbox.apiEndpoint + path, { ...init, headers }));
      return ((await answer.json()) as { code?: string }).code;
    };
    const post = (body: string): RequestInit => ({ method: 'POST', body });
    assert.equal(await ask(`/sessions/${id}/extend`, post('{}')), 'IDEMPOTENCY_KEY_MISSING');
    assert.equal(await ask(`/sessions/${id}/heartbeat`, post('[]')), 'BODY_MALFORMED');
    assert.equal(await ask(`/sessions/${id}/heartbeat`, post('{"timestamp":"a"}')), 'REQUEST_INVALID');
    assert.equal(await ask(`/sessions/${id}/start`, post('{}')), 'CREDENTIAL_INSUFFICIENT');
    assert.equal(await ask(`/sessions/${id}`, {}, null), 'CREDENTIAL_MISSING');
    assert.equal(await ask(`/sessions/${id}`, {}, 'sk_test_other'), 'CREDENTIAL_INVALID');
    assert.equal(await ask(`/sessions/${id}/nothing`, {}), 'ROUTE_NOT_FOUND');
    assert.equal(await ask(`/sessions/${id}/extend`, {}), 'METHOD_NOT_ALLOWED');
    for (const { path, body } of sandbox.requests) assert.ok(!JSON.stringify([path, body]).includes(token));
  });

  test('takes no wrong option, operation, failure or length', async () => {
    const sandbox = createSandbox();
    assert.throws(() => createSandbox({ secretKey: 'sk_live_1' }), TypeError);
    assert.throws(() => sandbox.failNext('POST /sessions/{id}/fly', 'network'), TypeError);
    assert.throws(() => sandbox.failNext('POST /sessions/{id}/extend', 'FLIES' as 'network'), TypeError);
    assert.throws(() => sandbox.clock.advance('soon'), TypeError);
    assert.throws(() => sandbox.clock.advance(-1), TypeError);
  });

  test('keeps the end of a session when its clock is moved past it in one step', async () => {
    const sandbox = createSandbox();
    const { id } = await sandbox.sell({ seconds: 90, tokens: 0 });
    await sandbox.clock.advance('1d');
    const { status, ended_at, expires_at, final_cost } = sandbox.session(id);
    assert.deepEqual([status, ended_at, final_cost], ['expired', expires_at, 15]);
    assert.equal(sandbox.balance(), 0);
  });

  test('is moved by fake timers too', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: startsAt });
    const sandbox = createSandbox();
    const { controller, id } = await running(sandbox);
    t.mock.timers.tick(420_000);
    assert.equal(sandbox.session(id).remaining_seconds, 180);
    assert.equal(controller.remainingText, '3:00');
    t.mock.timers.tick(180_000);
    assert.equal(sandbox.session(id).status, 'expired');
    controller.destroy();
  });

  test('goes by the clock that it is given', async () => {
    let now = Date.UTC(2027, 0, 1);
    const sandbox = createSandbox({ now: () => now });
    const { id, session } = await sandbox.sell({ minutes: 1 });
    assert.equal(session.expires_at, Date.UTC(2027, 0, 1) / 1000 + 60);
    now += 30_000;
    assert.equal(sandbox.session(id).remaining_seconds, 30);
    now += 30_000;
    assert.equal(sandbox.session(id).status, 'expired');
  });
});

test('A webhook that is signed for a test is taken by who verifies webhooks', async () => {
  const secret = `whsec_${btoa('thirty-two bytes of a test secret')}`;
  const data = { endpoint_id: 'one' };
  const event = { type: 'webhook.test', timestamp: new Date().toISOString(), data } as const;
  const { body, headers } = await signTestWebhook(event, secret);
  assert.deepEqual(await verifyWebhook(body, headers, secret), event);
  const old = await signTestWebhook(event, secret, { at: Date.now() - 3_600_000 });
  await assert.rejects(verifyWebhook(old.body, old.headers, secret), { code: 'WEBHOOK_SIGNATURE_INVALID' });
  await assert.rejects(signTestWebhook(event, 'secret'), TypeError);
});

test('A fixture serves a sandbox as long as its test runs', async () => {
  let given: MarketplaceFixture | undefined;
  const page = { clock: { install: async () => {}, fastForward: async () => {} } } as never;
  await marketplaceFixture()({ page }, async (fixture) => {
    given = fixture;
    const answer = await fetch(`${fixture.apiEndpoint}/keys/public`);
    assert.equal(answer.status, 200);
  });
  await assert.rejects(fetch(`${given!.apiEndpoint}/keys/public`));
});
