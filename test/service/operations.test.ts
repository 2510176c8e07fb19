import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Problem } from '../../src/protocol/api.js';
import { jsonLogger } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { operatorKey, startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { secretKey as stripeKey, webhookSecret } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';
import { TestClock } from './test-clock.js';

/** Lets every query of a service fail with that message until the returned function is called. */
function breakDatabase({ database }: TestService, message: string): () => void {
  const executor = database.kysely.getExecutor();
  const right = executor.executeQuery;
  executor.executeQuery = () => Promise.reject(new Error(message));
  return () => (executor.executeQuery = right);
}

describeOnOneDatabase('Who watches over the service', (source) => {
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

  test('hears of a database that is away from readyz, and that the process works from healthz', async () => {
    assert.equal((await service.call('GET', '/readyz', { as: null })).status, 200);
    const mend = breakDatabase(service, 'away');
    try {
      const answer = await service.call<Problem>('GET', '/readyz', { as: null });
      assert.deepEqual([answer.status, answer.body.code], [503, 'SERVICE_UNAVAILABLE']);
      assert.equal(answer.headers.get('retry-after'), '1');
      assert.equal((await service.call('GET', '/healthz', { as: null })).status, 200);
    } finally {
      mend();
    }
    assert.equal((await service.call('GET', '/readyz', { as: null })).status, 200);
  });

  const metrics = async () => {
    const response = await fetch(`${service.url}/metrics`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
    return response.text();
  };
  /** The value of one line, labels in any order. */
  const valueOf = (text: string, name: string, labels: Record<string, string> = {}) => {
    const line = text
      .split('\n')
      .find(
        (each) =>
          new RegExp(`^${name}[{ ]`).test(each) &&
          Object.entries(labels).every(([label, value]) => each.includes(`${label}="${value}"`)),
      );
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  test('reads what it counts, with the operator key only, and no name in it', async () => {
    for (const as of [null, application.secretKey]) {
      assert.ok([401, 403].includes((await service.call('GET', '/metrics', { as })).status));
    }
    const { session, session_token: as } = await service.createSession(application, userId, {
      duration_seconds: 60,
    });
    const two = await service.createSession(application, userId);
    await service.call('POST', `/sessions/${two.session.id}/pause`);
    const reader = await EventReader.open(`${service.url}/sessions/${session.id}/events`, {
      Authorization: `Bearer ${as}`,
    });
    for (let i = 0; i < 3; i++) await service.call('GET', `/sessions/${session.id}`, { as });
    await service.call('GET', '/sessions/none');
    await service.call('GET', '/no/such/route');

    const text = await metrics();
    const count = 'marketplace_session_http_request_duration_seconds_count';
    const route = '/api/v1/sessions/{id}';
    assert.equal(valueOf(text, count, { method: 'GET', route, status: '200' }), 3);
    assert.equal(valueOf(text, count, { method: 'GET', route, status: '404' }), 1);
    assert.equal(valueOf(text, count, { method: 'GET', route: '', status: '404' }), 1);
    assert.equal(valueOf(text, 'marketplace_session_open_streams'), 1);
    assert.equal(valueOf(text, 'marketplace_session_live_sessions', { status: 'active' }), 1);
    assert.equal(valueOf(text, 'marketplace_session_live_sessions', { status: 'paused' }), 1);
    assert.ok(valueOf(text, 'process_resident_memory_bytes')! > 0);
    for (const name of [session.id, userId, application.id]) assert.ok(!text.includes(name));
    reader.leave();
  });

  test('reads how late sessions are ended', async () => {
    const before = valueOf(await metrics(), 'marketplace_session_due_work_lateness_seconds_count') ?? 0;
    clock.advance(700);
    for (let i = 0; i < 100; i++) {
      const text = await metrics();
      if (valueOf(text, 'marketplace_session_live_sessions', { status: 'active' }) === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const after = valueOf(await metrics(), 'marketplace_session_due_work_lateness_seconds_count')!;
    assert.ok(after > before);
  });

  test('reads everything but what the database knows while that is away', async () => {
    const mend = breakDatabase(service, 'away');
    try {
      const text = await metrics();
      assert.ok(valueOf(text, 'process_resident_memory_bytes')! > 0);
      assert.notEqual(valueOf(text, 'marketplace_session_open_streams'), undefined);
      assert.equal(valueOf(text, 'marketplace_session_live_sessions'), undefined);
    } finally {
      mend();
    }
    assert.notEqual(valueOf(await metrics(), 'marketplace_session_live_sessions'), undefined);
  });

  // An embedded database has one connection: nobody is in the way.
  if (source.kind === 'PGlite') return;

  test('a session is late until its end is committed', async () => {
    const late = async (what: string) =>
      valueOf(await metrics(), `marketplace_session_due_work_lateness_seconds_${what}`)!;
    const { kysely } = service.database;
    await service.createSession(application, userId, { duration_seconds: 60 });
    const before = [await late('count'), await late('sum')] as const;
    await kysely.transaction().execute(async (trx) => {
      await sql`lock table ledger_transactions in exclusive mode`.execute(trx);
      clock.advance(60);
      await until(async () => {
        const { rows } = await sql`select from pg_stat_activity
          where wait_event_type = 'Lock' and datname = current_database()`.execute(kysely);
        return rows.length > 0;
      });
      clock.advance(7);
    });
    await until(async () => (await late('count')) > before[0]);
    const seconds = (await late('sum')) - before[1];
    assert.ok(seconds >= 7, `${seconds} s`);
  });
});

test('Metrics are for everybody where that is said', async () => {
  const service = await startTestService({ publicMetrics: true });
  const response = await fetch(`${service.url}/metrics`);
  await response.text();
  await service.close();
  assert.equal(response.status, 200);
});

test('A service that is about to stop says so, ends its streams, and answers everything else', async () => {
  const service = await startTestService();
  const application = await service.createApplication();
  const { session, session_token: as } = await service.createSession(
    application,
    await service.createCustomer(1000),
  );
  const path = `/sessions/${session.id}`;
  const reader = await EventReader.open(`${service.url}${path}/events`, { Authorization: `Bearer ${as}` });
  await reader.atLeast(1);
  await service.service.drain();
  await reader.untilOver();
  const waits = reader.others.map((line) => Number(/^retry: (\d+)$/.exec(line)?.[1])).filter(Boolean);
  assert.equal(waits.length, 2, 'how long to wait is said at the beginning, and anew at the end');
  assert.ok(waits[1]! >= 1000 && waits[1]! <= 8000);
  assert.equal((await service.call('GET', '/readyz')).status, 503);
  assert.equal((await service.call('GET', '/healthz')).status, 200);
  assert.equal((await service.call('GET', `${path}/events`, { as })).status, 503);
  assert.equal((await service.call('POST', `${path}/end`, { as })).status, 200);
  await service.close();
});

describe('The log', () => {
  const lines: string[] = [];
  let service: TestService;
  let stripe: StripeServer;
  before(async () => {
    stripe = await StripeServer.start();
    service = await startTestService({
      logger: jsonLogger((line) => lines.push(line)),
      stripe: { secretKey: stripeKey, webhookSecret, apiUrl: stripe.url },
    });
  });
  after(async () => {
    await service.close();
    await stripe.stop();
  });

  test('has a line for each request, by its route, and none for those who watch', async () => {
    lines.length = 0;
    const answer = await service.call('GET', '/customers/somebody');
    await service.call('GET', '/healthz');
    await service.call('GET', '/readyz');
    const [line, ...others] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    assert.deepEqual(others, []);
    const { time, duration_ms, ...rest } = line!;
    assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
    assert.equal(typeof duration_ms, 'number');
    assert.deepEqual(rest, {
      level: 'info',
      message: 'request',
      request_id: answer.headers.get('x-request-id'),
      method: 'GET',
      route: '/api/v1/customers/{id}',
      status: 404,
      credential: 'operator',
    });
  });

  test('holds no secret, wherever it was put and whatever fails', async () => {
    const application = await service.createApplication({
      extension_options: [{ additional_seconds: 900, tokens: 150, money: { amount: 499, currency: 'eur' } }],
    });
    const userId = await service.createCustomer(10_000);
    const { session, session_token } = await service.createSession(application, userId);
    const path = `/sessions/${session.id}`;
    const secrets = [operatorKey, application.secretKey, session_token, stripeKey, webhookSecret];
    const extend = (payment: string) =>
      service.call('POST', `${path}/extend`, {
        as: session_token,
        body: { additional_seconds: 900, payment },
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      });
    await extend('tokens');
    await extend('money');
    stripe.failures.push(401);
    await extend('money');
    await service.call('POST', `${path}/launch`, { as: application.secretKey });
    // Of what shape an operator key is the operator decides.
    const told = secrets.slice(1).join(' ');
    for (const secret of secrets) {
      await service.call('GET', `/sessions/${secret}`);
      await service.call('GET', `/sessions?user_id=${secret}`);
      await service.call('GET', `/${secret}`);
      await service.call('POST', '/sessions/validate', { as: secret, body: { session_jwt: secret } });
      await service.call('POST', '/customers', { body: { id: secret, [secret]: secret } });
      await service.call('POST', '/customers', { body: `{"id": "${secret}` });
      await service.call('GET', '/applications', {
        headers: { Authorization: `Basic ${secret}`, Origin: secret },
      });
      await service.call('POST', '/webhooks/stripe', { headers: { 'Stripe-Signature': secret } });
      const mend = breakDatabase(service, `syntax error at ${told} of postgres://user:hush@db/name`);
      await service.call('GET', path, { as: session_token });
      await service.call('GET', '/applications');
      mend();
    }
    assert.ok(lines.length > 50);
    assert.ok(lines.some((line) => line.includes('"level":"error"') && line.includes('syntax error')));
    for (const secret of [...secrets, 'hush']) {
      const line = lines.find((text) => text.includes(secret));
      assert.equal(line, undefined);
    }
  });

  test('leaves requests out where only errors are wanted', () => {
    const kept: string[] = [];
    const logger = jsonLogger((line, level) => kept.push(level + JSON.parse(line).message), 'error');
    logger.info('small');
    logger.error('large');
    assert.deepEqual(kept, ['errorlarge']);
  });
});
