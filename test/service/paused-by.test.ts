import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HeartbeatAnswer, SessionAnswer } from '../../src/protocol/api.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnOneDatabase('A pause says why and for how long it can last', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication();
  });
  after(() => service.close());

  const sell = async () => {
    const userId = await service.createCustomer(1000);
    const { session, session_token: token } = await service.createSession(application, userId);
    return { id: session.id, path: `/api/v1/sessions/${session.id}`, token };
  };
  const change = async (path: string, action: 'pause' | 'resume', as: string) =>
    expectOk(await service.call<SessionAnswer>('POST', `${path}/${action}`, { as })).session;
  const read = async (path: string) => expectOk(await service.call<SessionAnswer>('GET', path)).session;

  test('who paused it: the customer by session token, the provider by secret key, the marketplace', async () => {
    const { path, token } = await sell();
    assert.equal((await read(path)).paused_by, null);
    const events = await EventReader.open(`${service.url}${path}/events`, {
      Authorization: `Bearer ${token}`,
    });
    const askers = [
      ['customer', token],
      ['provider', application.secretKey],
      ['marketplace', operatorKey],
    ] as const;
    for (const [pauser, as] of askers) {
      const paused = await change(path, 'pause', as);
      assert.deepEqual(
        [paused.paused_by, paused.pause_ends_at],
        [pauser, Math.ceil(clock.now() / 1000) + paused.pause_seconds_left],
      );
      assert.equal((await read(path)).paused_by, pauser);
      const beat = { as: token, body: { timestamp: clock.now(), active: true } };
      const { session } = expectOk(await service.call<HeartbeatAnswer>('POST', `${path}/heartbeat`, beat));
      assert.equal(session!.paused_by, pauser, 'each page hears of it');
      clock.advance(10);
      // Whoever lets it run again: nobody has paused it any more.
      assert.equal((await change(path, 'resume', operatorKey)).paused_by, null);
    }
    const told = (await events.atLeast(7))
      .slice(1)
      .map(({ data }) => [data.type, data.type === 'session.paused' ? data.paused_by : null]);
    assert.deepEqual(
      told,
      askers.flatMap(([pauser]) => [
        ['session.paused', pauser],
        ['session.resumed', null],
      ]),
    );
    events.leave();
  });

  test('a pause that ends by itself, and a session that ends in a pause, name nobody any more', async () => {
    const used = await sell();
    await change(used.path, 'pause', used.token);
    clock.advance(600);
    const after = await read(used.path);
    assert.deepEqual([after.status, after.paused_by], ['active', null]);
    const ended = await sell();
    await change(ended.path, 'pause', application.secretKey);
    expectOk(await service.call('POST', `${ended.path}/end`, { as: ended.token }));
    assert.equal((await read(ended.path)).paused_by, null);
  });

  test('the pause of an older instance, which does not write who, is nobody’s: not that of who paused before', async () => {
    const { id, path, token } = await sell();
    const { kysely } = service.database;
    const older = (fields: object) =>
      kysely.updateTable('sessions').set(fields).where('id', '=', id).execute();
    await change(path, 'pause', token);
    await older({ status: 'active', paused_at: null });
    clock.advance(5);
    await older({ status: 'paused', paused_at: clock.now() });
    const paused = await read(path);
    assert.deepEqual([paused.status, paused.paused_by], ['paused', null]);
  });
});
