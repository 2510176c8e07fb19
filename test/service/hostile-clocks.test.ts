import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type {
  CompleteAnswer,
  ExtendAnswer,
  HeartbeatAnswer,
  Problem,
  SessionAnswer,
} from '../../src/protocol/api.js';
import type { DatabaseOptions } from '../../src/service/index.js';
import { assertBooksBalance } from './books.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  until,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestBrowser } from './test-browser.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** By how much the clocks of the machines are ahead, ms. */
const tooFast = 90_000;
const nearlyRight = 400;
const tooSlow = -5_000;
const farTooSlow = -90_000;

const beat = { timestamp: 1, active: true };

interface Machine extends TestService {
  /** Sets its clock. */
  set(aheadMs: number): void;
  /** What its log complained of. */
  complaints: string[];
}

describe('Instances whose clocks disagree', () => {
  let postgres: RealPostgres;
  let receiver: WebhookReceiver;
  /** On one database. */
  let machines: Machine[];
  let fast: Machine;
  let good: Machine;
  let slow: Machine;
  let slowest: Machine;
  let application: TestApplication;
  const started: Machine[] = [];

  async function start(database: DatabaseOptions, aheadMs: number): Promise<Machine> {
    const complaints: string[] = [];
    const service = await startTestService({
      database,
      wallClock: () => Date.now() + aheadMs,
      logger: { info() {}, error: (message) => complaints.push(message) },
      limits: { minDurationSeconds: 1, warningSeconds: 0 },
      webhooks: { allowedHosts: [receiver.host] },
    });
    const machine = { ...service, complaints, set: (toMs: number) => (aheadMs = toMs) };
    started.push(machine);
    return machine;
  }

  before(async () => {
    postgres = await startRealPostgres();
    receiver = await WebhookReceiver.start();
    const database = await postgres.createDatabase();
    fast = await start(database, tooFast);
    good = await start(database, nearlyRight);
    slow = await start(database, tooSlow);
    slowest = await start(database, farTooSlow);
    machines = [fast, good, slow, slowest];
    application = await good.createApplication({ tokens_per_minute: 60 });
  });
  beforeEach(() => {
    fast.set(tooFast);
    good.set(nearlyRight);
    slow.set(tooSlow);
    slowest.set(farTooSlow);
  });
  after(async () => {
    for (const machine of started) await machine.close();
    await receiver.stop();
    await postgres.stop();
  });

  const sell = async (machine: Machine, durationSeconds: number, of = application) =>
    machine.createSession(of, await machine.createCustomer(1_000), {
      duration_seconds: durationSeconds,
    });
  const extend = (machine: Machine, id: string, { secretKey } = application) =>
    machine.call<ExtendAnswer & Problem>('POST', `/sessions/${id}/extend`, {
      as: secretKey,
      body: { additional_seconds: 900 },
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    });
  const isReady = async (machine: Machine) =>
    (await machine.call('GET', '/readyz', { as: null })).status === 200;
  const disagreementOf = async (machine: Machine) => {
    const response = await fetch(`${machine.url}/metrics`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    const name = 'marketplace_session_clock_disagreement_seconds';
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await response.text())?.[1]);
  };

  test('each session ends once, at its time, with its whole bill, whoever sold it', async () => {
    const sold = await Promise.all(machines.map((machine) => sell(machine, 2)));
    const soldAt = Date.now();
    const streams = await Promise.all(
      sold.map(({ session }, index) => {
        const { url } = machines[(index + 1) % machines.length]!;
        return EventReader.open(`${url}/sessions/${session.id}/events`, {
          Authorization: `Bearer ${application.secretKey}`,
        });
      }),
    );
    for (const stream of streams) await stream.untilOver();
    const { kysely } = good.database;
    for (const [index, { session }] of sold.entries()) {
      assert.ok(Math.abs(session.expires_at! * 1000 - (soldAt + 2_000)) < 3_000, 'the time that was bought');
      assert.deepEqual(
        streams[index]!.types.filter((type) => type === 'session.ended'),
        ['session.ended'],
      );
      const ends = await kysely
        .selectFrom('events')
        .select('id')
        .where('subject', '=', `session:${session.id}`)
        .where('type', '=', 'session.ended')
        .execute();
      assert.equal(ends.length, 1);
      const row = await kysely
        .selectFrom('sessions')
        .select(['status', 'used_seconds', 'final_cost', 'tokens_refunded'])
        .where('id', '=', session.id)
        .executeTakeFirstOrThrow();
      assert.deepEqual(row, { status: 'expired', used_seconds: 2, final_cost: 2, tokens_refunded: 0 });
    }
    assert.ok(Date.now() >= Math.max(...sold.map(({ session }) => session.expires_at! * 1000)), 'not early');
    await assertBooksBalance(good.database);
  });

  test('a session that is completed costs what was used of it, whoever is told', async () => {
    const sold = await Promise.all(machines.map((machine) => sell(machine, 60)));
    const soldAt = Date.now();
    await until(() => Date.now() > soldAt + 3_000);
    for (const [index, { session }] of sold.entries()) {
      const machine = machines[(index + 2) % machines.length]!;
      const { used_seconds, final_cost, tokens_refunded } = expectOk(
        await machine.call<CompleteAnswer>('POST', `/sessions/${session.id}/complete`, {
          as: application.secretKey,
        }),
      );
      const atMost = Math.ceil((Date.now() - soldAt) / 1000) + 2;
      assert.ok(used_seconds >= 3 && used_seconds <= atMost, `${used_seconds} s were billed`);
      assert.deepEqual([final_cost, tokens_refunded], [used_seconds, 60 - used_seconds]);
    }
    await assertBooksBalance(good.database);
  });

  test('no time is sold to a session that is over, by a machine that knows of no end yet', async () => {
    const database = await postgres.createDatabase();
    const right = await start(database, 0);
    const own = await right.createApplication();
    const { session } = await sell(right, 1, own);
    await right.service.close();
    await until(() => Date.now() > session.expires_at! * 1000 + 50);
    const behind = await start(database, farTooSlow);
    assert.equal((await extend(behind, session.id, own)).body.code, 'SESSION_ENDED');
    const ended = (await behind.call<SessionAnswer>('GET', `/sessions/${session.id}`)).body.session;
    assert.deepEqual([ended.status, ended.ended_at], ['expired', session.expires_at]);
    await assertBooksBalance(behind.database);
  });

  test('a good session token and a good proof are good everywhere, at once', async () => {
    for (const seller of machines) {
      const { session, session_token: token } = await sell(seller, 60);
      let machine = seller;
      const call: TestService['call'] = (...request) => machine.call(...request);
      const browser = new TestBrowser({ call });
      expectOk(await browser.validate(token));
      for (machine of machines)
        expectOk(
          await browser.call('POST', `/api/v1/sessions/${session.id}/heartbeat`, token, { body: beat }),
        );
    }
  });

  test('webhooks carry the right time, whoever sends them', async () => {
    const endpoint = { url: receiver.url, events: ['session.started'] };
    expectOk(await good.call('POST', '/webhook-endpoints', { as: application.secretKey, body: endpoint }));
    await Promise.all([...machines, ...machines, ...machines].map((machine) => sell(machine, 60)));
    for (const { headers } of await receiver.atLeast(3 * machines.length)) {
      const aheadSeconds = Number(headers['webhook-timestamp']) - Date.now() / 1000;
      assert.ok(Math.abs(aheadSeconds) < 30, `${aheadSeconds} s ahead`);
    }
  });

  test('what another instance answers later is newer, by its revision and by its time', async () => {
    const database = await postgres.createDatabase();
    const ahead = await start(database, nearlyRight);
    const right = await start(database, 0);
    const own = await right.createApplication();
    const { session, session_token: as } = await sell(right, 60, own);
    const asked = expectOk(
      await ahead.call<HeartbeatAnswer>('POST', `/sessions/${session.id}/heartbeat`, { as, body: beat }),
    );
    const extended = expectOk(await extend(right, session.id, own));
    assert.ok(extended.revision! > asked.revision!);
    // Each knows the database's clock but for half of a round trip.
    assert.ok(
      extended.server_time > asked.server_time - 100,
      `${extended.server_time - asked.server_time} ms`,
    );
  });

  test('who is more than a second off is not ready, tells by how much, and why', async () => {
    for (const [machine, aheadMs, ready] of [
      [fast, tooFast, false],
      [good, nearlyRight, true],
      [slow, tooSlow, false],
      [slowest, farTooSlow, false],
    ] as const) {
      assert.equal(await isReady(machine), ready, `${aheadMs} ms ahead`);
      const aheadSeconds = await disagreementOf(machine);
      assert.ok(Math.abs(aheadSeconds - aheadMs / 1000) < 0.5, `${aheadSeconds} s ahead`);
      const complaint = 'the clock of this machine and that of the database disagree';
      assert.equal(machine.complaints.includes(complaint), !ready);
    }
    fast.set(0);
    assert.equal(await isReady(fast), true, 'its clock was set right');
  });

  test('a clock that is set while the service runs ends nothing early', async () => {
    const { session } = await sell(good, 60);
    good.set(nearlyRight + 90_000);
    assert.equal(await isReady(good), false);
    const { body } = await good.call<SessionAnswer>('GET', `/sessions/${session.id}`);
    assert.equal(body.session.status, 'active');
    assert.ok(Math.abs(body.server_time - Date.now()) < 5_000);
  });
});
