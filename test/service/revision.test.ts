import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  CompleteAnswer,
  ExtendAnswer,
  HeartbeatAnswer,
  RenewAnswer,
  SessionAnswer,
  ValidateAnswer,
} from '../../src/protocol/api.js';
import type { WebhookEvent } from '../../src/protocol/webhooks.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { expectOk, startTestService, type Json, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnOneDatabase('The revision of a session', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication();
  });
  after(() => service.close());

  async function sell() {
    const userId = await service.createCustomer(10_000);
    const { session, session_token: token } = await service.createSession(application, userId);
    const path = `/api/v1/sessions/${session.id}`;
    const ask = async <T>(method: string, action: string, body?: Json): Promise<T> =>
      expectOk(
        await service.call<T>(method, path + action, {
          as: token,
          ...(body && { body }),
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        }),
      );
    return { session, token, path, ask };
  }

  test('starts at one, is raised by one with each change, and every answer and event carries it', async () => {
    const { session, token, path, ask } = await sell();
    assert.equal(session.revision, 1);
    const events = await EventReader.open(`${service.url}${path}/events`, {
      Authorization: `Bearer ${token}`,
    });
    await events.atLeast(1);

    const validated = expectOk(
      await service.call<ValidateAnswer>('POST', '/api/v1/sessions/validate', {
        as: null,
        body: { session_jwt: token },
      }),
    );
    assert.equal(validated.session.revision, 1);
    const beat = await ask<HeartbeatAnswer>('POST', '/heartbeat', { timestamp: 1, active: true });
    assert.deepEqual([beat.revision, beat.session!.revision], [1, 1]);

    const extended = await ask<ExtendAnswer>('POST', '/extend', { additional_seconds: 900 });
    assert.deepEqual([extended.revision, extended.session.revision], [2, 2]);
    assert.equal((await ask<RenewAnswer>('PUT', '/renew', { additional_minutes: 15 })).revision, 3);
    assert.equal((await ask<SessionAnswer>('POST', '/pause')).session.revision, 4);
    assert.equal((await ask<SessionAnswer>('POST', '/resume')).session.revision, 5);
    const completed = await ask<CompleteAnswer>('POST', '/complete', { metadata: { room: '1' } });
    assert.deepEqual([completed.revision, completed.session.revision], [6, 6]);
    const again = await ask<CompleteAnswer>('POST', '/complete');
    assert.equal(again.revision, 6, 'what changes nothing raises nothing');
    assert.equal((await ask<SessionAnswer>('GET', '')).session.revision, 6);

    await events.untilOver();
    assert.deepEqual(
      events.frames.map(({ event, data }) => [event, data.revision]),
      [
        ['session.snapshot', 1],
        ['session.extended', 2],
        ['session.extended', 3],
        ['session.paused', 4],
        ['session.resumed', 5],
        ['session.ended', 6],
      ],
    );
    for (const { data } of events.frames) assert.ok(data.session.revision! >= data.revision!);
  });

  test('is in the list of sessions and in what webhooks say', async () => {
    const endpoint = { url: 'https://app.example/hooks', events: ['session.started', 'session.paused'] };
    expectOk(
      await service.call('POST', '/api/v1/webhook-endpoints', { as: application.secretKey, body: endpoint }),
    );
    const { session, ask } = await sell();
    await ask('POST', '/pause');
    const rows = await service.database.kysely
      .selectFrom('webhook_deliveries')
      .select(['type', 'data'])
      .orderBy('type')
      .execute();
    const told = rows
      .map(({ type, data }) => ({ type, data: data as WebhookEvent['data'] & { revision?: number } }))
      .filter(({ data }) => 'session_id' in data && data.session_id === session.id)
      .map(({ type, data }) => [type, data.revision]);
    assert.deepEqual(told, [
      ['session.paused', 2],
      ['session.started', 1],
    ]);
    const { sessions } = expectOk(
      await service.call<{ sessions: SessionAnswer['session'][] }>(
        'GET',
        `/api/v1/sessions?user_id=${session.user_id}`,
      ),
    );
    assert.deepEqual(
      sessions.map(({ revision }) => revision),
      [2],
    );
  });

  test('of what is due without anybody asking: a pause that is over and the end behind it are two changes', async () => {
    const { ask } = await sell();
    await ask('POST', '/pause');
    clock.advance(600 + 600);
    const { session } = await ask<SessionAnswer>('GET', '');
    assert.deepEqual([session.status, session.revision], ['expired', 4]);
  });

  test('a heartbeat, a warning and a key that is bound are no changes of it', async () => {
    const { session, path } = await sell();
    await service.database.kysely
      .updateTable('sessions')
      .set({ last_heartbeat_at: clock.now(), warn_at: null, binding: 'unbound', launch_count: 1 })
      .where('id', '=', session.id)
      .execute();
    assert.equal(expectOk(await service.call<SessionAnswer>('GET', path)).session.revision, 1);
  });

  test('changes of an older instance, which knows of no revision, count as well', async () => {
    const { session, ask } = await sell();
    await service.database.kysely
      .updateTable('sessions')
      .set({ duration_limit_seconds: 900, deadline_at: (session.expires_at! + 300) * 1000 })
      .where('id', '=', session.id)
      .execute();
    assert.equal((await ask<SessionAnswer>('GET', '')).session.revision, 2);
  });
});
