import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HeartbeatAnswer, Problem, SessionAnswer } from '../../src/protocol/api.js';
import { assertBooksBalance } from './books.js';
import { describeOnEachDatabase, describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

describeOnEachDatabase('A session that waits for both sides', (source) => {
  const clock = new TestClock(Date.now());
  let receiver: WebhookReceiver;
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      webhooks: { allowedHosts: [receiver.host] },
    });
    application = await service.createApplication();
    const events = ['session.waiting', 'session.started', 'session.cancelled', 'session.ended'];
    const as = application.secretKey;
    expectOk(await service.call('POST', '/webhook-endpoints', { as, body: { url: receiver.url, events } }));
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  async function sell(fields: Json = {}) {
    const userId = await service.createCustomer(1000);
    const made = await service.createSession(application, userId, { start: 'when_joined', ...fields });
    const { session, session_token: token } = made;
    return { id: session.id, path: `/api/v1/sessions/${session.id}`, session, token, userId };
  }
  type Sold = Awaited<ReturnType<typeof sell>>;

  const secondsNow = () => Math.floor(clock.now() / 1000);
  const walletOf = async ({ userId }: Sold) =>
    (await service.call('GET', `/customers/${userId}`)).body.wallet;
  const read = async ({ path }: Sold) => expectOk(await service.call<SessionAnswer>('GET', path)).session;
  const act = ({ path }: Sold, action: string, as: string, body?: object) =>
    service.call<SessionAnswer & Problem>('POST', `${path}/${action}`, {
      as,
      ...(body && { body, headers: { 'Idempotency-Key': crypto.randomUUID() } }),
    });
  const eventsOf = async ({ id }: Sold) => {
    const events = await service.database.kysely
      .selectFrom('events')
      .select(['type', 'payload'])
      .where('subject', '=', `session:${id}`)
      .where('type', 'like', 'session.%')
      .orderBy('id')
      .execute();
    return events.map(({ type, payload }) => {
      const { session_id, revision, ...rest } = payload as Json;
      assert.deepEqual([session_id, typeof revision], [id, 'number']);
      return [type, rest];
    });
  };
  const cancelledAs = (reason: string) => [
    ['session.cancelled', { reason, tokens_refunded: 100 }],
    ['session.ended', { status: 'cancelled', used_seconds: 0, final_cost: 0, tokens_refunded: 100 }],
  ];

  test('is born waiting: its tokens are held, its time is whole, and nothing runs', async () => {
    const sold = await sell({ waiting_seconds: 120 });
    const { session } = sold;
    assert.deepEqual(
      { ...session },
      {
        ...session,
        ...{ status: 'waiting', started_at: null, expires_at: null, extension_options: [] },
        ...{ waiting_until: secondsNow() + 120, remaining_seconds: 600, duration_limit_seconds: 600 },
      },
    );
    assert.deepEqual(await walletOf(sold), { available: 900, held: 100 });
    clock.advance(60);
    const body = { timestamp: clock.now(), active: true };
    const beat = expectOk(
      await service.call<HeartbeatAnswer>('POST', `${sold.path}/heartbeat`, { as: sold.token, body }),
    );
    assert.deepEqual(
      [beat.status, beat.remaining_seconds, beat.expires_at, beat.revision],
      ['waiting', 600, null, session.revision],
    );
    const valid = await service.call('POST', '/sessions/validate', {
      as: null,
      body: { session_jwt: sold.token },
    });
    assert.equal((valid.body.session as Json).status, 'waiting');
    await assertBooksBalance(service.database);
  });

  test('waits as long as the service is set to where its sale does not say, and never longer than that allows', async () => {
    const { session } = await sell();
    assert.equal(session.waiting_until, secondsNow() + 1800);
    const userId = await service.createCustomer(1000);
    const refused = async (fields: Json) => {
      const { status, body } = await service.call<Problem>('POST', '/sessions', {
        as: application.secretKey,
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        body: { application_id: application.id, user_id: userId, duration_seconds: 600, ...fields },
      });
      return [status, body.code, body.errors?.map(({ pointer }) => pointer)];
    };
    for (const fields of [
      { start: 'when_joined', waiting_seconds: 14_401 },
      { start: 'when_joined', waiting_seconds: 0 },
      { waiting_seconds: 60 },
      { start: 'now', waiting_seconds: 60 },
    ])
      assert.deepEqual(await refused(fields), [422, 'REQUEST_INVALID', ['/waiting_seconds']]);
    assert.deepEqual(await refused({ start: 'later' }), [422, 'REQUEST_INVALID', ['/start']]);
    assert.deepEqual(await refused({ waits_for: 'helper' }), [422, 'REQUEST_INVALID', ['/waits_for']]);
  });

  test('starts once when a server says so, with its whole time, and ends at its deadline', async () => {
    const sold = await sell({ waiting_seconds: 120 });
    clock.advance(100);
    const startedAt = secondsNow();
    const answers = await Promise.all([1, 2, 3].map(() => act(sold, 'start', application.secretKey)));
    for (const { session } of answers.map(expectOk))
      assert.deepEqual(
        [session.status, session.started_at, session.expires_at, session.waiting_until],
        ['active', startedAt, startedAt + 600, null],
      );
    assert.equal((await read(sold)).extension_options.length, 2);
    clock.advance(300);
    assert.equal(expectOk(await act(sold, 'start', application.secretKey)).session.remaining_seconds, 300);
    clock.advance(300);
    const { status, used_seconds, final_cost } = await read(sold);
    assert.deepEqual([status, used_seconds, final_cost], ['expired', 600, 100]);
    assert.equal((await act(sold, 'start', application.secretKey)).body.code, 'SESSION_ENDED');
    assert.deepEqual(
      (await eventsOf(sold)).map(([type]) => type),
      ['session.waiting', 'session.started', 'session.warning', 'session.ended'],
    );
  });

  const listen = ({ path }: Sold, as: string, url = service.url) =>
    EventReader.open(`${url}${path}/events`, { Authorization: `Bearer ${as}` });
  const personToken = async (kind: string, id: string, ...scope: string[]) => {
    const body = { subject: { kind, id }, scope: ['sessions.read', ...scope] };
    const as = application.secretKey;
    return expectOk(await service.call<{ access_token: string }>('POST', '/access-tokens', { as, body }))
      .access_token;
  };
  const attended = ({ id }: Sold, ...keys: string[]) =>
    until(async () => {
      const rows = await service.database.kysely
        .selectFrom('attendances')
        .select('participant')
        .where('session_id', '=', id)
        .execute();
      return (
        rows
          .map(({ participant }) => participant)
          .sort()
          .join() === keys.sort().join()
      );
    });
  const statusOf = async (sold: Sold) => (await read(sold)).status;

  test('starts by itself once its customer and the provider are both there, whoever comes first', async () => {
    for (const inOrder of [true, false]) {
      const sold = await sell();
      const tokens = [sold.token, application.secretKey];
      const [first, second] = inOrder ? tokens : tokens.reverse();
      const early = await listen(sold, first!);
      await attended(sold, inOrder ? 'customer' : 'provider');
      clock.advance(60);
      assert.equal(await statusOf(sold), 'waiting');
      const late = await listen(sold, second!);
      await until(() => early.types.includes('session.started'));
      const { status, started_at, expires_at, waiting_until } = await read(sold);
      assert.deepEqual(
        [status, started_at, expires_at, waiting_until],
        ['active', secondsNow(), secondsNow() + 600, null],
      );
      assert.deepEqual(early.types, ['session.snapshot', 'session.started']);
      for (const reader of [early, late]) reader.leave();
    }
  });

  test('that waits for a helper is started by one alone: not by a server, a member or who looks on', async () => {
    const sold = await sell({ waits_for: 'helper' });
    const others = [
      await listen(sold, sold.token),
      await listen(sold, application.secretKey),
      await listen(sold, await personToken('member', 'eve', 'sessions.attend')),
      await listen(sold, await personToken('helper', 'trudy')),
    ];
    await attended(sold, 'customer', 'provider', 'provider:eve', 'observer:trudy');
    assert.equal(await statusOf(sold), 'waiting');
    const helper = await listen(sold, await personToken('helper', 'ada', 'sessions.attend'));
    await until(
      () => helper.types.includes('session.started') || others[0]!.types.includes('session.started'),
    );
    assert.equal(await statusOf(sold), 'active');
    for (const reader of [...others, helper]) reader.leave();
  });

  test('that waits for a server is started by its word alone', async () => {
    const sold = await sell({ waits_for: 'server' });
    const readers = [await listen(sold, sold.token), await listen(sold, application.secretKey)];
    await attended(sold, 'customer', 'provider');
    assert.equal(await statusOf(sold), 'waiting');
    expectOk(await act(sold, 'start', application.secretKey));
    for (const reader of readers) reader.leave();
  });

  test('does not start for who has gone, though a page that is loaded again is not lost, but with his return', async () => {
    const sold = await sell();
    const page = await listen(sold, sold.token);
    await attended(sold, 'customer');
    page.leave();
    await attended(sold);
    const provider = await listen(sold, application.secretKey);
    await attended(sold, 'provider');
    assert.equal(await statusOf(sold), 'waiting');
    const again = await listen(sold, sold.token);
    await until(() => provider.types.includes('session.started'));
    for (const reader of [provider, again]) reader.leave();
  });

  test('is not started by who comes when its waiting is over', async () => {
    const sold = await sell({ waiting_seconds: 30 });
    const page = await listen(sold, sold.token);
    await attended(sold, 'customer');
    clock.advance(30);
    const provider = await listen(sold, application.secretKey).catch(() => undefined);
    await page.untilOver();
    assert.deepEqual((await eventsOf(sold)).slice(1), cancelledAs('waiting_over'));
    provider?.leave();
  });

  test('is started by no customer, who pays for its time', async () => {
    const sold = await sell();
    const { status, body } = await act(sold, 'start', sold.token);
    assert.deepEqual([status, body.code], [403, 'CREDENTIAL_INSUFFICIENT']);
    assert.equal((await read(sold)).status, 'waiting');
  });

  test('is cancelled with all its tokens once its waiting time is over, exactly once, and streams and webhooks tell it', async () => {
    const sold = await sell({ waiting_seconds: 90 });
    const stream = await EventReader.open(`${service.url}${sold.path}/events`, {
      Authorization: `Bearer ${sold.token}`,
    });
    await stream.atLeast(1);
    clock.advance(90);
    await stream.untilOver();
    assert.deepEqual(stream.types, ['session.snapshot', 'session.cancelled', 'session.ended']);
    const [waiting, ...rest] = await eventsOf(sold);
    assert.deepEqual(waiting, ['session.waiting', { waiting_until: sold.session.waiting_until }]);
    assert.deepEqual(rest, cancelledAs('waiting_over'));
    const after = await read(sold);
    assert.deepEqual(
      [after.status, after.ended_at, after.used_seconds, after.final_cost, after.tokens_refunded],
      ['cancelled', sold.session.waiting_until, 0, 0, 100],
    );
    assert.deepEqual([after.started_at, after.expires_at, after.waiting_until], [null, null, null]);
    assert.deepEqual(await walletOf(sold), { available: 1000, held: 0 });
    const told = () =>
      receiver.received
        .map(({ body }) => JSON.parse(body) as { type: string; data: Json })
        .filter(({ data }) => data.session_id === sold.id)
        .map(({ type }) => type);
    await until(() => told().length === 3);
    assert.deepEqual(told().sort(), ['session.cancelled', 'session.ended', 'session.waiting']);
    await assertBooksBalance(service.database);
  });

  test('that nobody looks at is cancelled too, and one that is read a moment earlier is seen cancelled', async () => {
    const [alone, watched] = [await sell({ waiting_seconds: 30 }), await sell({ waiting_seconds: 30 })];
    clock.advance(30);
    assert.equal((await read(watched)).status, 'cancelled');
    const rowOf = ({ id }: Sold) =>
      service.database.kysely
        .selectFrom('sessions')
        .select(['status', 'waiting_until'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    await until(async () => (await rowOf(alone)).status === 'cancelled');
    assert.deepEqual(await rowOf(alone), { status: 'cancelled', waiting_until: null });
  });

  test('is cancelled by its customer or by a server, by cancel, end or complete, and gives the same answer again', async () => {
    const asks = [
      ['cancel', (sold: Sold) => sold.token],
      ['cancel', () => application.secretKey],
      ['end', (sold: Sold) => sold.token],
      ['complete', (sold: Sold) => sold.token],
    ] as const;
    for (const [action, as] of asks) {
      const sold = await sell();
      clock.advance(5);
      const first = expectOk(await act(sold, action, as(sold)));
      assert.deepEqual(
        [first.session.status, first.session.final_cost, first.session.tokens_refunded],
        ['cancelled', 0, 100],
        action,
      );
      clock.advance(5);
      assert.deepEqual(expectOk(await act(sold, action, as(sold))).session, first.session);
      assert.deepEqual(await walletOf(sold), { available: 1000, held: 0 });
      assert.deepEqual((await eventsOf(sold)).slice(1), cancelledAs('requested'));
    }
    await assertBooksBalance(service.database);
  });

  test('is neither paused nor extended', async () => {
    const sold = await sell();
    for (const [action, body] of [
      ['pause', undefined],
      ['resume', undefined],
      ['extend', { additional_seconds: 900 }],
    ] as const) {
      const answer = await act(sold, action, sold.token, body);
      assert.deepEqual([answer.status, answer.body.code], [409, 'TRANSITION_REFUSED'], action);
    }
    assert.deepEqual(await walletOf(sold), { available: 900, held: 100 });
  });

  test('is not cancelled any more once it runs, or is over', async () => {
    const running = await sell();
    expectOk(await act(running, 'start', application.secretKey));
    const refusal = async () => {
      const { status, body } = await act(running, 'cancel', running.token);
      return [status, body.code];
    };
    assert.deepEqual(await refusal(), [409, 'TRANSITION_REFUSED']);
    expectOk(await act(running, 'pause', running.token));
    assert.deepEqual(await refusal(), [409, 'TRANSITION_REFUSED']);
    expectOk(await act(running, 'end', running.token));
    assert.deepEqual(await refusal(), [410, 'SESSION_ENDED']);
    const cancelled = await sell();
    expectOk(await act(cancelled, 'cancel', cancelled.token));
    assert.equal((await act(cancelled, 'start', application.secretKey)).body.code, 'SESSION_ENDED');
  });

  test('starts or is cancelled, never both, whoever asks at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sold = await sell();
      const answers = await Promise.all([
        act(sold, 'start', application.secretKey),
        act(sold, 'cancel', sold.token),
      ]);
      // Who comes too late: to cancel what runs, or to start what is over.
      const statuses = answers.map(({ status }) => status).join();
      assert.match(statuses, /^(200,409|410,200)$/);
      const { status } = await read(sold);
      assert.equal(status, answers[0]!.status === 200 ? 'active' : 'cancelled');
    }
    await assertBooksBalance(service.database);
  });

  test('is found in lists by its status, counted in figures, and keeps its customer from being erased', async () => {
    const sold = await sell();
    const other = await sell();
    expectOk(await act(other, 'cancel', other.token));
    const listed = async (status: string) => {
      const path = `/providers/provider-1/sessions?status=${status}&user_id=`;
      const pages = await Promise.all(
        [sold, other].map(({ userId }) => service.call<{ sessions: Json[] }>('GET', path + userId)),
      );
      return pages.map(({ body }) => body.sessions.length);
    };
    assert.deepEqual(
      [await listed('waiting'), await listed('cancelled')],
      [
        [1, 0],
        [0, 1],
      ],
    );
    const { sessions_by_status } = (await service.call('GET', '/providers/provider-1/stats')).body as {
      sessions_by_status: Record<string, number>;
    };
    assert.ok(sessions_by_status.waiting! > 0 && sessions_by_status.cancelled! > 0);
    const metrics = await (
      await fetch(`${service.url}/metrics`, {
        headers: { Authorization: `Bearer operator-key-of-the-tests-0123456789abcdef` },
      })
    ).text();
    assert.match(metrics, /live_sessions\{status="waiting"\} [1-9]/);
    assert.equal(
      (await service.call('DELETE', `/customers/${sold.userId}`)).body.code,
      'CUSTOMER_IN_SESSION',
    );
    assert.equal((await service.call('DELETE', `/customers/${other.userId}`)).status, 204);
    await assertBooksBalance(service.database);
  });

  test('is launched again like one that runs, and its session token outlives the latest deadline', async () => {
    const sold = await sell({ waiting_seconds: 7200 });
    const again = expectOk(
      await service.call<SessionAnswer>('POST', `${sold.path}/launch`, { as: application.secretKey }),
    );
    const claims = JSON.parse(Buffer.from(again.session_token!.split('.')[1]!, 'base64url').toString()) as {
      exp: number;
    };
    assert.ok(claims.exp >= sold.session.waiting_until! + 600);
  });
});

describeOnOneDatabase('A session that waits, on two instances', (source) => {
  // An embedded database belongs to one process.
  if (source.kind === 'PGlite') return;
  test('starts once, though the two sides come to them at the same moment', async () => {
    const database = await source.create();
    const instances = await Promise.all([1, 2].map(() => startTestService({ database })));
    try {
      const [one, two] = instances as [TestService, TestService];
      const application = await one.createApplication();
      const customer = await one.createCustomer(10_000);
      for (let round = 0; round < 8; round += 1) {
        const fields = { start: 'when_joined' };
        const { session, session_token } = await one.createSession(application, customer, fields);
        const path = `/sessions/${session.id}/events`;
        const tokens = [session_token, application.secretKey, session_token, application.secretKey];
        const readers = await Promise.all(
          tokens.map((token, n) =>
            EventReader.open([one, two][(n + (n >> 1)) % 2]!.url + path, {
              Authorization: `Bearer ${token}`,
            }),
          ),
        );
        const startsOf = async () =>
          (
            await one.database.kysely
              .selectFrom('events')
              .select('id')
              .where('subject', '=', `session:${session.id}`)
              .where('type', '=', 'session.started')
              .execute()
          ).length;
        await until(async () => (await startsOf()) > 0);
        const attendances = one.database.kysely.selectFrom('attendances').select('instance_id');
        await until(
          async () => (await attendances.where('session_id', '=', session.id).execute()).length === 4,
        );
        assert.equal(await startsOf(), 1);
        readers.forEach((reader) => reader.leave());
      }
    } finally {
      await Promise.all(instances.map((each) => each.close()));
    }
  });
});

describeOnOneDatabase('Waiting, as it is set', (source) => {
  test('has its own default and its own limit, which are checked at the start', async () => {
    const service = await startTestService({
      database: await source.create(),
      limits: { waitingSeconds: 40, maxWaitingSeconds: 50 },
    });
    try {
      const application = await service.createApplication();
      const { session } = await service.createSession(application, await service.createCustomer(1000), {
        start: 'when_joined',
      });
      assert.ok(session.waiting_until! - session.created_at === 40);
    } finally {
      await service.close();
    }
    for (const limits of [
      { waitingSeconds: 0 },
      { waitingSeconds: 1.5 },
      { waitingSeconds: 100, maxWaitingSeconds: 50 },
      { maxWaitingSeconds: 36_001 },
    ])
      await assert.rejects(
        startTestService({ database: await source.create(), limits }),
        /waitingSeconds must be a whole number/,
      );
  });
});
