import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { ExtendAnswer, HeartbeatAnswer, SessionAnswer } from '../../src/protocol/api.js';
import { createSessionService, openDatabase } from '../../src/service/index.js';
import { createDataDirectory, describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  type Answer,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestBrowser } from './test-browser.js';
import { TestClock } from './test-clock.js';
import { decode } from './token-workshop.js';

const claimsOf = (token: string) =>
  decode(token.split('.')[1]!) as { iat: number; exp: number } & Record<string, unknown>;

describeOnOneDatabase('Short-lived session tokens', (source) => {
  const clock = new TestClock();
  const services: TestService[] = [];
  after(() => Promise.all(services.map((service) => service.close())));

  async function start(sessionTokenSeconds: number) {
    const service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      limits: { sessionTokenSeconds },
    });
    services.push(service);
    const application = await service.createApplication({ max_duration_seconds: 86_400 });
    const userId = await service.createCustomer(1_000_000);
    return { service, application, userId };
  }
  const beat = (service: TestService, id: string, as: string): Promise<Answer<HeartbeatAnswer>> =>
    service.call('POST', `/sessions/${id}/heartbeat`, { as, body: { timestamp: 0, active: true } });

  /** Life, and the seconds before its end in which a heartbeat renews it. */
  for (const [lifeSeconds, renewedSeconds] of [
    [300, 60],
    [1000, 200],
    [1499, 299],
    [1500, 300],
    [3600, 300],
  ] as const) {
    test(`of ${lifeSeconds} s are renewed in their last ${renewedSeconds} s, and refused after`, async () => {
      const { service, application, userId } = await start(lifeSeconds);
      const { session, session_token: first } = await service.createSession(application, userId, {
        duration_seconds: 7200,
      });
      const { iat, exp } = claimsOf(first);
      assert.equal(exp - iat, lifeSeconds);
      clock.advance(lifeSeconds - renewedSeconds - 1);
      assert.equal(expectOk(await beat(service, session.id, first)).session_token, undefined);
      clock.advance(1);
      const second = expectOk(await beat(service, session.id, first)).session_token!;
      assert.deepEqual(
        { ...claimsOf(second), iat, exp },
        claimsOf(first),
        'the same session and the same rights',
      );
      assert.equal(claimsOf(second).exp, clock.now() / 1000 + lifeSeconds);
      clock.advance(renewedSeconds - 1);
      expectOk(await beat(service, session.id, first));
      clock.advance(1);
      assert.equal((await beat(service, session.id, first)).body.status, 401);
      const refused = await service.call('POST', '/sessions/validate', {
        as: null,
        body: { session_jwt: first },
      });
      assert.equal(refused.body.code, 'TOKEN_EXPIRED');
      expectOk(await beat(service, session.id, second));
    });
  }

  describe('', () => {
    let service: TestService;
    let application: TestApplication;
    let userId: string;
    before(async () => ({ service, application, userId } = await start(600)));

    test('keep a bound session going through many lives, with one key', async () => {
      const { session, session_token } = await service.createSession(application, userId, {
        duration_seconds: 3600,
      });
      const own = new TestBrowser(service, clock.now);
      expectOk(await own.validate(session_token));
      const path = `/api/v1/sessions/${session.id}`;
      let token = session_token;
      let renewals = 0;
      for (let second = 0; second < 3570; second += 30) {
        clock.advance(30);
        const answer = expectOk(
          await own.call<HeartbeatAnswer>('POST', `${path}/heartbeat`, token, {
            body: { timestamp: 0, active: true },
          }),
        );
        if (!answer.session_token) continue;
        token = answer.session_token;
        renewals++;
        assert.deepEqual(claimsOf(token).cnf, { jkt: own.thumbprint });
        assert.equal(claimsOf(token).jti, session.id);
      }
      assert.equal(renewals, 7);
      const bill = expectOk(await own.call<SessionAnswer>('POST', `${path}/end`, token));
      assert.equal(bill.session_token, undefined, 'a session that is over needs no other');
      const thief = new TestBrowser(service, clock.now);
      assert.equal((await thief.call('GET', path, token)).body.code, 'SESSION_BOUND_ELSEWHERE');
    });

    test('are as short where they are issued for an extension or a launch', async () => {
      const { session, session_token: as } = await service.createSession(application, userId);
      const extended = expectOk(
        await service.call<ExtendAnswer>('POST', `/sessions/${session.id}/extend`, {
          as,
          body: { additional_seconds: 900 },
          headers: { 'Idempotency-Key': 'more' },
        }),
      );
      const launched = expectOk(
        await service.call<ExtendAnswer>('POST', `/sessions/${session.id}/launch`, {
          as: application.secretKey,
        }),
      );
      for (const token of [as, extended.session_token, launched.session_token]) {
        const { iat, exp } = claimsOf(token);
        assert.equal(exp - iat, 600);
      }
    });

    test('may end while their stream of live events goes on', async () => {
      const { session, session_token: as } = await service.createSession(application, userId, {
        duration_seconds: 3600,
      });
      const reader = await EventReader.open(`${service.url}/sessions/${session.id}/events`, {
        Authorization: `Bearer ${as}`,
      });
      await reader.atLeast(1);
      clock.advance(700);
      assert.equal((await beat(service, session.id, as)).body.status, 401);
      await service.call('POST', `/sessions/${session.id}/end`);
      await reader.untilOver();
      assert.equal(reader.types.at(-1), 'session.ended');
    });
  });
});

test('A life that could end between two heartbeats is refused', async () => {
  const dataDirectory = await createDataDirectory();
  const database = await openDatabase({ dataDirectory });
  try {
    const options = { database, operatorKey, publicUrl: 'http://session.test' };
    for (const sessionTokenSeconds of [0, 299, 300.5, -1, NaN])
      assert.throws(() => createSessionService({ ...options, limits: { sessionTokenSeconds } }), TypeError);
  } finally {
    await database.close();
    await rm(dataDirectory, { recursive: true });
  }
});
