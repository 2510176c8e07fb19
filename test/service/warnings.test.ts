import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { idIn } from '../../src/service/foundation/events/subject.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { expectOk, startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnOneDatabase('The warning before the deadline', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication({
      extension_options: [60, 900].map((additional_seconds) => ({ additional_seconds, tokens: 1 })),
    });
    userId = await service.createCustomer(1_000_000);
  });
  after(() => service.close());

  async function buy(duration_seconds = 600) {
    const { session } = await service.createSession(application, userId, { duration_seconds });
    const path = `/sessions/${session.id}`;
    const act = (action: string, body: object = {}) =>
      service
        .call('POST', `${path}/${action}`, { body, headers: { 'Idempotency-Key': crypto.randomUUID() } })
        .then(expectOk);
    const events = async () =>
      service.database.kysely
        .selectFrom('events')
        .selectAll()
        .where('subject', '=', `session:${session.id}`)
        .orderBy('id')
        .execute();
    const warnings = async () => (await events()).filter(({ type }) => type === 'session.warning');
    return { session, path, act, events, warnings };
  }
  type Bought = Awaited<ReturnType<typeof buy>>;

  /**
   * Moves the clock and lets the scheduler do what is due, with nobody there. It may take a little more time than was
   * asked for: what is locked is looked at again after 50 ms.
   */
  async function pass(seconds: number): Promise<void> {
    clock.advance(seconds);
    await until(async () => {
      const due = await service.database.kysely
        .selectFrom('sessions')
        .select('id')
        .where('act_at', '<=', clock.now())
        .execute();
      if (due.length > 0) clock.advance(0.05);
      return due.length === 0;
    });
  }
  const count = async ({ warnings }: Bought) => (await warnings()).length;

  test('comes 300 s before it, once, with nobody there', async () => {
    const bought = await buy();
    await pass(290);
    assert.equal(await count(bought), 0);
    await pass(10);
    const [warning] = await bought.warnings();
    assert.deepEqual(warning!.payload, {
      session_id: bought.session.id,
      expires_at: bought.session.expires_at,
      remaining_seconds: 300,
      revision: 1,
    });
    assert.equal(warning!.created_at, (bought.session.expires_at! - 300) * 1000);
    await pass(100);
    await service.call('GET', bought.path);
    assert.equal(await count(bought), 1);
    await pass(200);
    assert.deepEqual(
      (await bought.events()).map(({ type }) => type),
      ['session.started', 'session.warning', 'session.ended'],
    );
  });

  test('comes again after an extension, and only where that leads out of it', async () => {
    const bought = await buy();
    await pass(400);
    assert.equal(await count(bought), 1);
    await bought.act('extend', { additional_seconds: 60 });
    await pass(1);
    assert.equal(await count(bought), 1, '259 s are left: it was told');
    await bought.act('extend', { additional_seconds: 60 });
    await pass(20);
    assert.equal(await count(bought), 2, 'there were 319 s, and now 299 s');
    await bought.act('extend', { additional_seconds: 900 });
    await pass(890);
    assert.equal(await count(bought), 2);
    await pass(20);
    assert.equal(await count(bought), 3);
  });

  test('waits while the session is paused, and is not repeated when only a pause has moved the deadline', async () => {
    const bought = await buy();
    await pass(250);
    await bought.act('pause');
    await pass(200);
    assert.equal(await count(bought), 0);
    await bought.act('resume');
    await pass(40);
    assert.equal(await count(bought), 0);
    await pass(20);
    assert.equal(await count(bought), 1);
    await bought.act('pause');
    await pass(0.3);
    await bought.act('resume');
    await pass(1);
    assert.equal(await count(bought), 1);
  });

  test('follows an extension that was bought during a pause', async () => {
    const bought = await buy();
    await pass(400);
    await bought.act('pause');
    await bought.act('extend', { additional_seconds: 900 });
    await pass(100);
    await bought.act('resume');
    await pass(790);
    assert.equal(await count(bought), 1);
    await pass(20);
    assert.equal(await count(bought), 2);
  });

  test('does not come to a session that is not longer than that, nor after its end', async () => {
    const short = await buy(300);
    const ended = await buy();
    await ended.act('end');
    await pass(299);
    await pass(20);
    assert.equal(await count(short), 0);
    assert.equal(await count(ended), 0);
  });

  test('comes to a short session that was extended', async () => {
    const bought = await buy(120);
    await bought.act('extend', { additional_seconds: 900 });
    await pass(710);
    assert.equal(await count(bought), 0);
    await pass(20);
    assert.equal(await count(bought), 1);
  });

  test('is left out where the deadline had passed too before a service looked', async () => {
    const bought = await buy();
    await pass(601);
    assert.deepEqual(
      (await bought.events()).map(({ type }) => type),
      ['session.started', 'session.ended'],
    );
  });

  test('reaches who listens', async () => {
    const bought = await buy();
    const reader = await EventReader.open(`${service.url}${bought.path}/events`, {
      Authorization: `Bearer ${application.secretKey}`,
    });
    await reader.atLeast(1);
    await pass(300);
    const [, warning] = await reader.atLeast(2);
    assert.ok(warning?.data.type === 'session.warning', 'the warning comes next');
    assert.equal(warning.data.remaining_seconds, 300);
    assert.ok(warning.data.session.remaining_seconds <= 300, 'the session as it stands');
    reader.leave();
  });
});

describeOnOneDatabase('The threshold of the warning', (source) => {
  for (const warningSeconds of [2, 0]) {
    test(`of ${warningSeconds} s is kept by the real clock`, async () => {
      const limits = { minDurationSeconds: 1, warningSeconds };
      const service = await startTestService({ database: await source.create(), limits });
      try {
        const application = await service.createApplication();
        const userId = await service.createCustomer(1000);
        const { session } = await service.createSession(application, userId, { duration_seconds: 3 });
        const events = () => service.database.kysely.selectFrom('events').selectAll().orderBy('id').execute();
        await until(async () => (await events()).some(({ type }) => type === 'session.ended'));
        const warnings = (await events()).filter(({ type }) => type === 'session.warning');
        assert.equal(warnings.length, warningSeconds ? 1 : 0);
        if (warnings[0]) assert.equal(warnings[0].created_at, (session.expires_at! - 2) * 1000);
      } finally {
        await service.close();
      }
    });
  }
});

describeOnOneDatabase('Several services on one database', (source) => {
  // An embedded database belongs to one process.
  if (source.kind === 'PGlite') return;

  test('warn of each deadline once', async () => {
    const database = await source.create();
    // So long before the end that a busy machine is not late for it: a warning after the end is left out.
    const limits = { minDurationSeconds: 1, warningSeconds: 5 };
    const instances = await Promise.all([1, 2, 3].map(() => startTestService({ database, limits })));
    try {
      const application = await instances[0]!.createApplication();
      const userId = await instances[0]!.createCustomer(10_000);
      const sold = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          instances[i % 3]!.createSession(application, userId, { duration_seconds: 7 + (i % 2) }),
        ),
      );
      const told = async (type: string) =>
        (
          await instances[0]!.database.kysely
            .selectFrom('events')
            .select('subject')
            .where('type', '=', type)
            .execute()
        ).map(({ subject }) => idIn('session', subject)!);
      await until(async () => (await told('session.ended')).length === sold.length);
      assert.deepEqual((await told('session.warning')).sort(), sold.map(({ session }) => session.id).sort());
    } finally {
      await Promise.all(instances.map((instance) => instance.close()));
    }
  });
});
