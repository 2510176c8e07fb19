import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from '../../src/protocol/webhooks.js';
import { signedHeaders } from '../../src/service/features/webhooks/signature.js';
import { retryDelayMs } from '../../src/service/features/webhooks/retries.js';
import { describeOnOneDatabase } from './databases.js';
import {
  expectOk,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver, type Received } from './webhook-receiver.js';

const daySeconds = 86_400;

interface Attempt {
  number: number;
  response_status: number | null;
  error: string | null;
  duration_ms: number | null;
}
interface Delivery {
  id: string;
  type: string;
  status: string;
  next_attempt_at: number | null;
  attempts: Attempt[];
}
interface Endpoint {
  id: string;
  secret: string;
  enabled: boolean;
  disabled_reason: string | null;
  failing_since: number | null;
}

/** The event of a webhook whose signature is right, whenever it was signed. */
function readSigned(secret: string, { headers, body, id }: Received): WebhookEvent {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  assert.equal(headers['webhook-signature'], new Webhook(secret).sign(id, at, body));
  return JSON.parse(body) as WebhookEvent;
}

describe('The signature of a webhook', () => {
  test('is that of the published example', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    const headers = signedHeaders([secret], id, '{"test": 2432232314}', 1_614_265_330_000);
    assert.deepEqual(headers, {
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('Retries of a webhook', () => {
  const delays = (random: number, retryAfter?: number) => {
    const all: number[] = [];
    for (let attempt = 1; ; attempt += 1) {
      const delayMs = retryDelayMs(attempt, retryAfter, random);
      if (delayMs === undefined) return all;
      all.push(delayMs / 1000);
    }
  };

  test('come ever later, over a day, and then no more', () => {
    assert.deepEqual(delays(0.5), [5, 20, 80, 320, 1280, 5120, 20_480, 21_600, 21_600, 21_600]);
    const total = (random: number) => delays(random).reduce((sum, seconds) => sum + seconds, 0) / 3600;
    assert.ok(total(0) > 18 && total(0.5) > 24 && total(1) < 36);
  });

  test('are spread, so that what failed together does not come together', () => {
    assert.equal(retryDelayMs(1, undefined, 0), 3750);
    assert.equal(retryDelayMs(1, undefined, 1), 6250);
  });

  test('wait for Retry-After, within limits', () => {
    assert.equal(retryDelayMs(1, 60, 0.5), 60_000);
    assert.equal(retryDelayMs(5, 60, 0.5), 1_280_000, 'never sooner than without it');
    assert.equal(retryDelayMs(1, 1e9, 0.5), 21_600_000);
  });
});

describeOnOneDatabase('Webhooks', (source) => {
  const clock = new TestClock(Date.now());
  let receiver: WebhookReceiver;
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  let url: string;
  const log: string[] = [];
  const note = (message: string, fields?: object) => void log.push(message + JSON.stringify(fields ?? {}));

  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      logger: { info: note, error: note },
      webhooks: { allowedHosts: [receiver.host], timeoutMs: 1_500 },
    });
    userId = await service.createCustomer(1_000_000);
    url = receiver.url;
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });
  beforeEach(async () => {
    application = await service.createApplication({ provider_id: `provider-${crypto.randomUUID()}` });
    receiver.received.length = 0;
    receiver.answers = [];
    receiver.answer = 204;
  });

  const call = <T = Json>(method: string, path: string, body?: unknown, as = application.secretKey) =>
    service.call<T>(method, path, { body, as });
  const ok = async <T = Json>(method: string, path: string, body?: unknown) =>
    expectOk(await call<T>(method, path, body));
  const register = (events: string[], fields: Json = {}) =>
    ok<Endpoint>('POST', '/webhook-endpoints', { url, events, ...fields });
  const read = ({ id }: Endpoint) => ok<Endpoint>('GET', `/webhook-endpoints/${id}`);
  const deliveriesOf = async ({ id }: Endpoint) =>
    (await ok<{ deliveries: Delivery[] }>('GET', `/webhook-endpoints/${id}/deliveries`)).deliveries;
  const firstOf = async (endpoint: Endpoint) => (await deliveriesOf(endpoint))[0]!;
  const sell = async (fields: Json = {}) =>
    (await service.createSession(application, userId, fields)).session;
  /** Waits until an attempt has been written down, and returns its delivery. */
  const attempted = async (endpoint: Endpoint, count: number) => {
    await until(async () => {
      const attempts = (await firstOf(endpoint))?.attempts ?? [];
      return attempts.filter(({ duration_ms }) => duration_ms !== null).length >= count;
    });
    return firstOf(endpoint);
  };
  /** Goes on to the moment of the next attempt. */
  const toNextAttempt = (delivery: Delivery) =>
    clock.advance(Math.max(0, delivery.next_attempt_at! - Math.floor(clock.now() / 1000)) + 1);

  test('tell of a session from its start to its end, signed, in the words of the protocol', async () => {
    const types = [
      'session.started',
      'session.extended',
      'session.paused',
      'session.resumed',
      'session.ended',
    ];
    const endpoint = await register(types);
    const session = await sell({ metadata: { order: '7' } });
    const act = (action: string, body: object = {}) =>
      service
        .call('POST', `/sessions/${session.id}/${action}`, { body, headers: { 'Idempotency-Key': action } })
        .then(expectOk);
    await act('extend', { additional_seconds: 900 });
    await act('pause');
    await act('resume');
    await act('end');
    const received = await receiver.atLeast(types.length);
    const webhook = new Webhook(endpoint.secret);
    const events = received.map(({ headers, body }) => webhook.verify(body, headers) as WebhookEvent);
    assert.deepEqual(events.map(({ type }) => type).sort(), [...types].sort());
    const common = {
      session_id: session.id,
      application_id: application.id,
      provider_id: session.provider_id,
      user_id: userId,
      metadata: { order: '7' },
    };
    const paused = events.find(({ type }) => type === 'session.paused')!;
    const pause_ends_at = Math.ceil(clock.now() / 1000) + 600;
    assert.deepEqual(paused.data, { ...common, revision: 3, pause_ends_at, paused_by: 'marketplace' });
    const ended = events.find(({ type }) => type === 'session.ended')!;
    assert.deepEqual(ended.data, {
      ...common,
      revision: 5,
      status: 'completed',
      used_seconds: 0,
      final_cost: 0,
      tokens_refunded: 250,
    });
    assert.equal(ended.timestamp, new Date(clock.now()).toISOString());
    const extended = events.find(({ type }) => type === 'session.extended')!;
    assert.deepEqual(extended.data, {
      ...common,
      revision: 2,
      expires_at: session.expires_at! + 900,
      additional_seconds: 900,
      additional_cost: 150,
    });
    assert.equal(new Set(receiver.ids).size, types.length);
    for (const { headers, path } of received) {
      assert.equal(path, '/hooks');
      assert.equal(headers.host, receiver.host);
      assert.match(headers['content-type']!, /^application\/json/);
    }
  });

  test('carry webhook-id, webhook-timestamp, and webhook-signature over id.timestamp.body', async () => {
    const { secret } = await register(['session.started']);
    await sell();
    const [{ headers, body }] = (await receiver.atLeast(1)) as [Received];
    const id = headers['webhook-id']!;
    const timestamp = headers['webhook-timestamp']!;
    assert.match(id, /^msg_[0-9a-f]{32}$/);
    assert.equal(timestamp, String(Math.floor(clock.now() / 1000)));
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    assert.equal(headers['webhook-signature'], `v1,${digest}`);
  });

  test('follow no redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.received.length = 0;
      const endpoint = await register(['session.started']);
      receiver.answers = [{ status, headers: { Location: `${url}/elsewhere` } }];
      await sell();
      const { attempts } = await attempted(endpoint, 1);
      assert.deepEqual([attempts[0]!.response_status, attempts[0]!.error], [status, 'redirected']);
      assert.deepEqual(
        receiver.received.map(({ path }) => path),
        ['/hooks'],
      );
      assert.equal((await call('DELETE', `/webhook-endpoints/${endpoint.id}`)).status, 204);
    }
  });

  test('tell of the warning and of the end with nobody there', async () => {
    const endpoint = await register(['session.warning', 'session.ended']);
    const { id } = await sell();
    clock.advance(301);
    await attempted(endpoint, 1);
    clock.advance(300);
    await receiver.atLeast(2);
    assert.deepEqual(receiver.types, ['session.warning', 'session.ended']);
    assert.equal((JSON.parse(receiver.received[1]!.body) as WebhookEvent).data['session_id' as never], id);
  });

  test('come for what an endpoint asked for, and only from its own provider', async () => {
    await register(['session.ended']);
    const stranger = await service.createApplication({ provider_id: 'another' });
    await service.createSession(stranger, userId);
    const { id } = await sell();
    await service.call('POST', `/sessions/${id}/end`, { body: {} });
    await receiver.atLeast(1);
    // Whatever was queued before it has been looked at by then.
    await register(['session.started']);
    await sell();
    await receiver.atLeast(2);
    assert.deepEqual(receiver.types, ['session.ended', 'session.started']);
  });

  test('are queued with the change, or not at all', async () => {
    const endpoint = await register(['session.started', 'session.extended']);
    const session = await sell();
    const body = { additional_seconds: 900, tokens_to_deduct: 1 };
    const refused = await service.call('POST', `/sessions/${session.id}/extend`, {
      body,
      headers: { 'Idempotency-Key': 'x' },
    });
    assert.equal(refused.status, 409);
    await receiver.atLeast(1);
    assert.deepEqual(
      (await deliveriesOf(endpoint)).map(({ type }) => type),
      ['session.started'],
    );
  });

  for (const [name, answer, status, error] of [
    ['a failing receiver', 500, 500, 'status_refused'],
    ['a refusal', 400, 400, 'status_refused'],
    ['a redirect', { status: 302, headers: { Location: '/elsewhere' } }, 302, 'redirected'],
    ['a receiver that hangs', 'hang', null, 'timed_out'],
    ['a connection that breaks', 'reset', null, 'connection_failed'],
  ] as const) {
    test(`${name} is tried again, under one id and with one body, until it takes it`, async () => {
      const endpoint = await register(['session.started']);
      receiver.answers = [answer, answer];
      await sell();
      const once = await attempted(endpoint, 1);
      assert.equal(once.status, 'pending');
      assert.ok((await read(endpoint)).failing_since);
      toNextAttempt(once);
      toNextAttempt(await attempted(endpoint, 2));
      const delivered = await attempted(endpoint, 3);
      assert.equal(delivered.status, 'delivered');
      assert.equal(delivered.next_attempt_at, null);
      assert.deepEqual(
        delivered.attempts.map(({ number, response_status, error }) => [number, response_status, error]),
        [
          [1, status, error],
          [2, status, error],
          [3, 204, null],
        ],
      );
      const received = receiver.received;
      assert.deepEqual(receiver.ids, [delivered.id, delivered.id, delivered.id]);
      assert.equal(new Set(received.map(({ body }) => body)).size, 1);
      assert.ok(
        received.every(({ path }) => path === '/hooks'),
        'nothing was followed',
      );
      const stamps = received.map(({ headers }) => Number(headers['webhook-timestamp']));
      assert.ok(stamps[0]! < stamps[1]! && stamps[1]! < stamps[2]!, 'each attempt has its own time');
      for (const one of received) readSigned(endpoint.secret, one);
      assert.equal((await read(endpoint)).failing_since, null, 'a success clears the record');
    });
  }

  test('are not tried before their time, and Retry-After is heeded', async () => {
    const endpoint = await register(['session.started']);
    receiver.answers = [{ status: 503, headers: { 'Retry-After': '120' } }];
    await sell();
    await attempted(endpoint, 1);
    clock.advance(119);
    await ok('POST', `/webhook-endpoints/${endpoint.id}/test`);
    await receiver.atLeast(2);
    assert.deepEqual(receiver.types, ['session.started', 'webhook.test']);
    clock.advance(2);
    await receiver.atLeast(3);
    assert.equal(receiver.types[2], 'session.started');
  });

  test('an attempt that outlives its claim changes nothing about the one that followed', async () => {
    for (const answer of [204, 500]) {
      const endpoint = await register(['session.started']);
      const before = receiver.received.length;
      receiver.answers = ['hang', answer];
      await sell();
      await receiver.atLeast(before + 1);
      clock.advance(61);
      await until(async () => (await firstOf(endpoint)).attempts[1]?.response_status === answer);
      const second = await firstOf(endpoint);
      const both = await attempted(endpoint, 2);
      assert.equal(both.attempts[0]!.error, 'timed_out');
      assert.deepEqual([both.status, both.next_attempt_at], [second.status, second.next_attempt_at]);
      await ok('DELETE', `/webhook-endpoints/${endpoint.id}`);
    }
  });

  test('fail for good after about a day', async () => {
    const endpoint = await register(['session.started']);
    receiver.answer = 500;
    await sell();
    const startedAt = clock.now();
    for (let count = 1; ; count += 1) {
      const delivery = await attempted(endpoint, count);
      if (delivery.status === 'failed') {
        assert.equal(count, 11);
        break;
      }
      assert.equal(delivery.status, 'pending');
      toNextAttempt(delivery);
    }
    const hours = (clock.now() - startedAt) / 3_600_000;
    assert.ok(hours > 18 && hours < 36, `${hours} hours`);
    assert.equal((await read(endpoint)).enabled, true, 'one lost event does not disable it');
  });

  test('410 disables at once; what waits is cancelled; another endpoint is told', async () => {
    const operations = await register(['webhook.disabled'], { url: `${url}/operations` });
    const endpoint = await register(['session.started']);
    receiver.answers = [500];
    await sell();
    await attempted(endpoint, 1);
    receiver.answers = [410];
    await sell();
    await until(async () => !(await read(endpoint)).enabled);
    assert.equal((await read(endpoint)).disabled_reason, 'gone');
    const statuses = (await deliveriesOf(endpoint)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, ['cancelled', 'failed']);
    const [told] = (await receiver.atLeast(3)).filter(({ path }) => path === '/hooks/operations');
    const event = readSigned(operations.secret, told!);
    assert.deepEqual(
      [event.type, event.data],
      ['webhook.disabled', { endpoint_id: endpoint.id, url, disabled_reason: 'gone' }],
    );
    await sell();
    assert.equal((await deliveriesOf(endpoint)).length, 2, 'nothing more is queued');
  });

  test('an endpoint that fails for five days is disabled, and one success in between counts', async () => {
    const endpoint = await register(['session.started']);
    receiver.answer = 500;
    const failOnce = async () => {
      const before = receiver.received.length;
      await sell();
      await until(async () =>
        (await deliveriesOf(endpoint))[0]!.attempts.some(({ duration_ms }) => duration_ms !== null),
      );
      assert.ok(receiver.received.length > before);
    };
    await failOnce();
    clock.advance(4 * daySeconds);
    await failOnce();
    assert.equal((await read(endpoint)).enabled, true);
    receiver.answer = 204;
    clock.advance(daySeconds / 2);
    await until(async () => (await deliveriesOf(endpoint)).every(({ status }) => status !== 'pending'));
    assert.equal((await read(endpoint)).failing_since, null);
    receiver.answer = 500;
    await failOnce();
    clock.advance(4.9 * daySeconds);
    await failOnce();
    assert.equal((await read(endpoint)).enabled, true);
    clock.advance(0.2 * daySeconds);
    await until(async () => !(await read(endpoint)).enabled);
    assert.equal((await read(endpoint)).disabled_reason, 'failing');
    assert.ok(log.some((line) => line.includes(endpoint.id) && line.includes('failing')));
  });

  test('the owner disables and enables; what happened in between is not sent by itself', async () => {
    const endpoint = await register(['session.started']);
    await ok('PATCH', `/webhook-endpoints/${endpoint.id}`, { enabled: false });
    assert.equal((await read(endpoint)).disabled_reason, 'owner');
    await sell();
    assert.deepEqual(await deliveriesOf(endpoint), []);
    const refused = await call('POST', `/webhook-endpoints/${endpoint.id}/deliveries/msg_1/retry`, {});
    assert.equal(refused.body.code, 'WEBHOOK_DELIVERY_NOT_FOUND');
    await ok('PATCH', `/webhook-endpoints/${endpoint.id}`, { enabled: true });
    assert.deepEqual(
      await read(endpoint).then(({ enabled, disabled_reason }) => [enabled, disabled_reason]),
      [true, null],
    );
    await sell();
    await receiver.atLeast(1);
  });

  test('a change of address and of events holds from then on, for what waits too', async () => {
    const endpoint = await register(['session.started']);
    receiver.answers = [500];
    await sell();
    const failed = await attempted(endpoint, 1);
    await ok('PATCH', `/webhook-endpoints/${endpoint.id}`, { url: `${url}/new`, events: ['session.ended'] });
    toNextAttempt(failed);
    await receiver.atLeast(2);
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ['/hooks', '/hooks/new'],
    );
    await sell();
    assert.equal((await deliveriesOf(endpoint)).length, 1);
  });

  test('a test goes to that endpoint alone, once, whatever it asked for, disabled or not', async () => {
    const endpoint = await register(['session.ended']);
    await register(['session.ended'], { url: `${url}/other` });
    const sent = await ok<Delivery>('POST', `/webhook-endpoints/${endpoint.id}/test`);
    const [received] = await receiver.atLeast(1);
    assert.equal(received!.id, sent.id);
    const event = readSigned(endpoint.secret, received!);
    assert.deepEqual([event.type, event.data], ['webhook.test', { endpoint_id: endpoint.id }]);
    await ok('PATCH', `/webhook-endpoints/${endpoint.id}`, { enabled: false });
    receiver.answers = [500];
    const second = await ok<Delivery>('POST', `/webhook-endpoints/${endpoint.id}/test`);
    const path = `/webhook-endpoints/${endpoint.id}/deliveries/${second.id}`;
    await until(async () => (await ok<Delivery>('GET', path)).status === 'failed');
    assert.equal((await ok<Delivery>('GET', path)).attempts.length, 1);
  });

  test('a delivery is sent again on request, under its id', async () => {
    const endpoint = await register(['session.started']);
    await sell();
    const delivery = await attempted(endpoint, 1);
    const path = `/webhook-endpoints/${endpoint.id}/deliveries/${delivery.id}`;
    assert.equal((await ok<Delivery>('POST', `${path}/retry`)).status, 'pending');
    await until(async () => (await ok<Delivery>('GET', path)).status === 'delivered');
    assert.deepEqual(receiver.ids, [delivery.id, delivery.id]);
    await ok('PATCH', `/webhook-endpoints/${endpoint.id}`, { enabled: false });
    assert.equal((await call('POST', `${path}/retry`)).body.code, 'WEBHOOK_ENDPOINT_DISABLED');
  });

  test('a new secret signs beside the old one until the overlap is over', async () => {
    const endpoint = await register(['session.started']);
    const rolled = await ok<{ secret: string; previous_secret_expires_at: number }>(
      'POST',
      `/webhook-endpoints/${endpoint.id}/secret`,
      { overlap_seconds: 30 },
    );
    assert.notEqual(rolled.secret, endpoint.secret);
    assert.equal(rolled.previous_secret_expires_at, Math.floor(clock.now() / 1000) + 30);
    const signaturesOf = async () => {
      const before = receiver.received.length;
      await sell();
      const { headers, body, id } = (await receiver.atLeast(before + 1))[before]!;
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const signed = headers['webhook-signature']!.split(' ');
      return [rolled.secret, endpoint.secret].map((secret) =>
        signed.includes(new Webhook(secret).sign(id, at, body)),
      );
    };
    assert.deepEqual(await signaturesOf(), [true, true]);
    clock.advance(30);
    assert.deepEqual(await signaturesOf(), [true, false]);
  });

  /** Gives an endpoint a new secret. */
  const roll = async ({ id }: Endpoint, overlap_seconds: number) =>
    (await ok<{ secret: string }>('POST', `/webhook-endpoints/${id}/secret`, { overlap_seconds })).secret;
  /** Of these secrets, which receivers take the next webhook, each with a library of its own choice. */
  const takenWith = async (secrets: readonly string[]) => {
    const before = receiver.received.length;
    await sell();
    const { headers, body } = (await receiver.atLeast(before + 1))[before]!;
    return secrets.map((secret) => {
      try {
        new Webhook(secret).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    });
  };

  test('a secret that is replaced twice signs until its own overlap is over', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: clock.now() });
    const endpoint = await register(['session.started']);
    const secrets = [endpoint.secret, await roll(endpoint, 90)];
    clock.advance(10);
    secrets.push(await roll(endpoint, 30));
    clock.advance(10);
    secrets.push(await roll(endpoint, 60));
    const pass = (passed: number) => {
      clock.advance(passed);
      t.mock.timers.setTime(clock.now());
    };
    pass(0);
    assert.deepEqual(await takenWith(secrets), [true, true, true, true]);
    pass(20);
    assert.deepEqual(await takenWith(secrets), [true, false, true, true]);
    pass(40);
    assert.deepEqual(await takenWith(secrets), [true, false, false, true]);
    pass(10);
    assert.deepEqual(await takenWith(secrets), [false, false, false, true]);
  });

  test('an overlap of 0 retires every secret of before', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: clock.now() });
    const endpoint = await register(['session.started']);
    const secrets = [endpoint.secret, await roll(endpoint, 90), await roll(endpoint, 90)];
    secrets.push(await roll(endpoint, 0));
    assert.deepEqual(await takenWith(secrets), [false, false, false, true]);
  });

  test('a secret that is replaced too often is refused, rather than one of before being dropped', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: clock.now() });
    const endpoint = await register(['session.started']);
    const secrets = [endpoint.secret];
    const path = `/webhook-endpoints/${endpoint.id}/secret`;
    for (;;) {
      const { status, body } = await call<{ secret: string; code?: string }>('POST', path);
      if (status !== 200) {
        assert.equal(body.code, 'WEBHOOK_LIMIT_REACHED');
        break;
      }
      secrets.push(body.secret);
    }
    assert.equal(secrets.length, 8);
    assert.ok((await takenWith(secrets)).every(Boolean));
    // Else it would look lost a day later, and come again.
    await attempted(endpoint, 1);
    clock.advance(daySeconds);
    assert.equal((await call('POST', path)).status, 200);
  });

  test('a secret is told once, and stands in no other answer and no log', async () => {
    const endpoint = await register(['session.started']);
    assert.match(endpoint.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret } = await ok<{ secret: string }>('POST', `/webhook-endpoints/${endpoint.id}/secret`);
    // To each: sessions of earlier tests end meanwhile, and tell their endpoints.
    receiver.answer = 410;
    await sell();
    await until(async () => !(await read(endpoint)).enabled);
    const answers = await Promise.all(
      [
        '/webhook-endpoints',
        `/webhook-endpoints/${endpoint.id}`,
        `/webhook-endpoints/${endpoint.id}/deliveries`,
      ].map((path) => ok('GET', path)),
    );
    const changed = await ok('PATCH', `/webhook-endpoints/${endpoint.id}`, { description: 'x' });
    const text = JSON.stringify([answers, changed, log, receiver.received]);
    for (const hidden of [endpoint.secret, secret]) assert.ok(!text.includes(hidden.slice(6)));
  });

  test('a registration that is repeated with its key is one endpoint, with one secret', async () => {
    const body = { url, events: ['session.ended'] };
    const once = () =>
      service.call<Endpoint>('POST', '/webhook-endpoints', {
        as: application.secretKey,
        body,
        headers: { 'Idempotency-Key': 'one' },
      });
    const [first, second] = [await once(), await once()];
    assert.deepEqual(second.body, first.body);
    assert.equal((await ok<{ endpoints: Endpoint[] }>('GET', '/webhook-endpoints')).endpoints.length, 1);
  });

  test('nobody reaches the endpoints of another provider', async () => {
    const endpoint = await register(['session.started']);
    const mate = await service.createApplication({
      provider_id: (await read(endpoint))['provider_id' as never],
    });
    const stranger = await service.createApplication({ provider_id: 'stranger' });
    const path = `/webhook-endpoints/${endpoint.id}`;
    const [{ id }] = [await ok<Delivery>('POST', `${path}/test`)];
    for (const [method, target, body] of [
      ['GET', path],
      ['PATCH', path, { enabled: false }],
      ['DELETE', path],
      ['POST', `${path}/secret`],
      ['POST', `${path}/test`],
      ['GET', `${path}/deliveries`],
      ['GET', `${path}/deliveries/${id}`],
      ['POST', `${path}/deliveries/${id}/retry`],
    ] as const) {
      const refused = await call(method, target, body, stranger.secretKey);
      assert.deepEqual(
        [refused.status, refused.body.code],
        [404, 'WEBHOOK_ENDPOINT_NOT_FOUND'],
        `${method} ${target}`,
      );
    }
    const own = await call<{ endpoints: Endpoint[] }>(
      'GET',
      '/webhook-endpoints',
      undefined,
      stranger.secretKey,
    );
    assert.deepEqual(own.body.endpoints, []);
    const named = await call('POST', '/webhook-endpoints', {
      url,
      events: ['session.ended'],
      provider_id: 'x',
    });
    assert.equal(named.body.code, 'PROVIDER_NOT_FOUND');
    assert.equal(
      (await call('GET', path, undefined, mate.secretKey)).status,
      200,
      'its applications share it',
    );
    const { session_token } = await service.createSession(application, userId);
    assert.equal((await call('GET', path, undefined, session_token)).body.code, 'CREDENTIAL_INSUFFICIENT');
  });

  test('the operator names the provider', async () => {
    const body = { url, events: ['session.ended'] };
    const without = await service.call('POST', '/webhook-endpoints', { body });
    assert.deepEqual([without.status, without.body.code], [422, 'REQUEST_INVALID']);
    const made = expectOk(
      await service.call<Endpoint>('POST', '/webhook-endpoints', { body: { ...body, provider_id: 'p-9' } }),
    );
    const { body: listed } = await service.call<{ endpoints: Endpoint[] }>(
      'GET',
      '/webhook-endpoints?provider_id=p-9',
    );
    assert.deepEqual(
      listed.endpoints.map(({ id }) => id),
      [made.id],
    );
  });

  test('deleted it hears no more, and nothing is left of it', async () => {
    const endpoint = await register(['session.started']);
    const heard = await sell();
    const { id } = await attempted(endpoint, 1);
    assert.equal((await call('DELETE', `/webhook-endpoints/${endpoint.id}`)).status, 204);
    assert.equal((await call('GET', `/webhook-endpoints/${endpoint.id}`)).status, 404);
    const unheard = await sell();
    const left = await service.database.kysely
      .selectFrom('webhook_attempts')
      .where('delivery_id', '=', id)
      .selectAll()
      .execute();
    assert.deepEqual(left, []);
    const told = receiver.received.map(
      ({ body }) => (JSON.parse(body) as WebhookEvent).data['session_id' as never],
    );
    assert.ok(told.includes(heard.id as never));
    assert.ok(!told.includes(unheard.id as never));
  });

  test('deliveries are listed page by page, newest first, also by status', async () => {
    const endpoint = await register(['session.started']);
    for (let count = 0; count < 5; count += 1) await sell();
    await receiver.atLeast(5);
    await until(async () => (await deliveriesOf(endpoint)).every(({ status }) => status === 'delivered'));
    const all = (await deliveriesOf(endpoint)).map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      assert.ok(pages < 4);
      const path: string = `/webhook-endpoints/${endpoint.id}/deliveries?limit=2${cursor && `&cursor=${cursor}`}`;
      const page = await ok<{ deliveries: Delivery[]; next_cursor: string | null }>('GET', path);
      paged.push(...page.deliveries.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(paged, all);
    const path = `/webhook-endpoints/${endpoint.id}/deliveries`;
    assert.equal((await ok<{ deliveries: [] }>('GET', `${path}?status=failed`)).deliveries.length, 0);
    assert.equal((await call('GET', `${path}?cursor=nonsense`)).body.code, 'REQUEST_INVALID');
  });

  test('a receiver that hangs does not hold up another one', async () => {
    const slow = await WebhookReceiver.start();
    const patient = await startTestService({
      database: await source.create(),
      webhooks: { allowedHosts: [receiver.host, slow.host], timeoutMs: 15_000 },
    });
    try {
      slow.answer = 'hang';
      const one = await patient.createApplication({ provider_id: 'one' });
      const customer = await patient.createCustomer(1_000_000);
      const add = (target: string) =>
        patient
          .call('POST', '/webhook-endpoints', {
            as: one.secretKey,
            body: { url: target, events: ['session.started'] },
          })
          .then(expectOk);
      await add(slow.url);
      for (let count = 0; count < 20; count += 1) await patient.createSession(one, customer);
      await slow.atLeast(4);
      await add(url);
      const startedAt = Date.now();
      await patient.createSession(one, customer);
      await receiver.atLeast(1);
      assert.ok(Date.now() - startedAt < 12_000, 'it waited for the one that hangs');
      assert.equal(slow.received.length, 4, 'one endpoint takes a part of the workers, not all of them');
    } finally {
      await slow.stop();
      await patient.close();
    }
  });

  test('what was finished a month ago is forgotten', async () => {
    const endpoint = await register(['session.started']);
    await sell();
    await attempted(endpoint, 1);
    const purgeAfter = async (seconds: number, isDone: (count: number) => boolean) => {
      clock.advance(seconds);
      await until(async () => {
        // The service looks once an hour.
        clock.advance(3600);
        return isDone((await deliveriesOf(endpoint)).length);
      });
    };
    await purgeAfter(29 * daySeconds, (count) => count === 1);
    await purgeAfter(2 * daySeconds, (count) => count === 0);
  });
});
