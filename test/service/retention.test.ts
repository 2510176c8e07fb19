// What an operator lets be forgotten of sessions that are over: what was written about them, and what was told of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SessionAnswer } from '../../src/protocol/api.js';
import { assertBooksBalance } from './books.js';
import { describeOnEachDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { expectOk, startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { HelpScene } from './help-desk.js';
import { TestClock } from './test-clock.js';

const [hourSeconds, daySeconds] = [3_600, 86_400];

describeOnEachDatabase('Sessions that are over for long', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      retention: { sessions: 1, events: 1, messages: 1 },
    });
    application = await service.createApplication({
      max_duration_seconds: daySeconds,
      max_pause_seconds: daySeconds / 2,
    });
    userId = await service.createCustomer(1e9);
  });
  after(() => service.close());

  const sell = async (duration_seconds = 600) =>
    (
      await service.createSession(application, userId, {
        duration_seconds,
        metadata: { note: 'a long talk' },
        return_url: 'https://market.example/done?order=7',
      })
    ).session.id;
  const row = (id: string) =>
    service.database.kysely.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const eventsOf = async (id: string) =>
    (
      await service.database.kysely
        .selectFrom('events')
        .select('type')
        .where('subject', '=', `session:${id}`)
        .orderBy('id')
        .execute()
    ).map(({ type }) => type);
  const end = async (id: string) => {
    const body = { actual_usage_minutes: 1, metadata: { mood: 'good' } };
    expectOk(await service.call('POST', `/sessions/${id}/complete`, { body }));
  };
  /** A session that lasts one and a half days. */
  const sellLong = async () => {
    const id = await sell(daySeconds);
    expectOk(await service.call('POST', `/sessions/${id}/pause`));
    return id;
  };

  test('lose what was written about them, and keep what they cost', async () => {
    const [old, running] = [await sell(), await sellLong()];
    await end(old);
    const before = await row(old);
    clock.advance(23 * hourSeconds);
    assert.equal((await row(old)).return_url, 'https://market.example/done?order=7');
    clock.advance(2 * hourSeconds);
    await until(async () => (await row(old)).return_url === null);
    const { metadata, reported_usage, ...rest } = await row(old);
    assert.deepEqual([metadata, reported_usage], [{}, null]);
    for (const name of ['final_cost', 'used_seconds', 'tokens_refunded', 'ended_at', 'user_id'] as const)
      assert.equal(rest[name], before[name], name);
    assert.deepEqual((await row(running)).metadata, { note: 'a long talk' });
    await assertBooksBalance(service.database);
  });

  test('and help requests lose what was written in them', async () => {
    const scene = await HelpScene.open(service);
    const { id } = expectOk(await scene.ask(await scene.customer()));
    expectOk(await scene.cancel(id));
    clock.advance(25 * hourSeconds);
    await until(async () => (await scene.read(id)).description === null);
    assert.equal((await scene.read(id)).status, 'cancelled');
  });

  test('lose their events but for the end, and a stream of one is over at once', async () => {
    const [old, running] = [await sell(), await sellLong()];
    await end(old);
    const told = await eventsOf(old);
    assert.deepEqual([told.at(0), told.at(-1)], ['session.started', 'session.ended']);
    clock.advance(25 * hourSeconds);
    await until(async () => (await eventsOf(old)).length === 1);
    assert.deepEqual(await eventsOf(old), ['session.ended']);
    assert.deepEqual((await eventsOf(running)).slice(0, 2), ['session.started', 'session.paused']);
    assert.equal((await row(running)).ended_at, null);
    const { session } = expectOk(await service.call<SessionAnswer>('GET', `/sessions/${old}`));
    assert.equal(session.status, 'completed');
    const stream = await EventReader.open(`${service.url}/api/v1/sessions/${old}/events`, {
      Authorization: `Bearer ${application.secretKey}`,
    });
    await stream.untilOver();
  });
});
