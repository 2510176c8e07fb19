// What a provider's dashboard follows and is told: when to look again, and what waits for somebody.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, test } from 'node:test';
import { sql, type Kysely, type KyselyPlugin } from 'kysely';
import type { DashboardFrame } from '../../src/protocol/dashboard.js';
import type { Tables } from '../../src/service/foundation/database/schema.js';
import { eventsChannel } from '../../src/service/foundation/events/announcements.js';
import { createSessionService, openDatabase, serve } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import { callerOf, expectOk, operatorKey, until, type Json } from './fixtures.js';
import { FrameReader, HelpScene } from './help-desk.js';
import { moneyOptions, startPaidService, type PaidService, type PaidSession } from './paid-service.js';
import { completed, disputed, refunded } from './stripe-events.js';

type Reader = FrameReader<DashboardFrame>;
type Changed = Extract<DashboardFrame, { type: 'figures.changed' }>;

describeOnOneDatabase('A dashboard', (source) => {
  let service: PaidService;
  const opened: Reader[] = [];
  before(async () => {
    service = await startPaidService(source);
  });
  afterEach(() => {
    for (const reader of opened.splice(0)) reader.leave();
  });
  after(() => service.close());

  const follow = async ({ providerId, application }: HelpScene, as = application.secretKey) => {
    const url = `${service.url}/api/v1/providers/${providerId}/events`;
    const reader = await FrameReader.open<DashboardFrame>(url, as);
    opened.push(reader);
    await until(() => reader.frames.length > 0);
    return reader;
  };
  const changesIn = ({ frames }: Reader) =>
    frames.filter((frame): frame is Changed => frame.type === 'figures.changed');
  /** Waits for one frame more, while the clock stands still. */
  const next = async (reader: Reader): Promise<Changed> => {
    const { length } = changesIn(reader);
    await until(() => {
      service.clock.advance(0);
      return changesIn(reader).length > length;
    });
    return changesIn(reader)[length]!;
  };
  const hearNothing = async () => {
    for (let n = 0; n < 20; n += 1) {
      service.clock.advance(0);
      await sleep(10);
    }
  };
  /** Lets time pass until nothing is left to be told. */
  const settle = async (reader: Reader) => {
    for (let length = -1; length !== reader.frames.length;) {
      ({ length } = reader.frames);
      service.clock.advance(1);
      await hearNothing();
    }
    service.clock.advance(1);
  };
  const sell = async ({ application }: HelpScene): Promise<PaidSession> => {
    const userId = await service.createCustomer(1000);
    const { session, session_token: as } = await service.createSession(application, userId);
    return { id: session.id, as, userId };
  };
  const openScene = () => HelpScene.open(service, {}, { extension_options: moneyOptions });

  test('is told to look, and then of what has happened: to sessions, money, help requests and exceptions', async () => {
    const scene = await openScene();
    const reader = await follow(scene);
    const [snapshot] = reader.frames;
    const { providerId: provider_id } = scene;
    assert.deepEqual(snapshot, { type: 'figures.snapshot', provider_id, server_time: service.clock.now() });

    const session = await sell(scene);
    const sold = await next(reader);
    assert.deepEqual(sold, {
      type: 'figures.changed',
      ...{ provider_id, session_ids: [session.id], help_request_ids: [], is_complete: true },
      server_time: service.clock.now(),
    });
    const later = async (happens: () => Promise<unknown>) => {
      await settle(reader);
      await happens();
      return next(reader);
    };
    const order = await service.order(session);
    const paid = await later(() => service.deliver(completed(order)));
    assert.deepEqual(paid.session_ids, [session.id]);
    const complete = () => service.call('POST', `/sessions/${session.id}/complete`, { as: session.as });
    assert.deepEqual((await later(complete)).session_ids, [session.id]);
    // Its time is over: nothing happens to it any more, but to what it earned.
    const back = await later(() => service.deliver(refunded(order)));
    assert.equal(back.is_complete, true);
    const request = await later(async () => expectOk(await scene.ask(await scene.customer())));
    assert.equal(request.help_request_ids.length, 1);
    const exception = { id: crypto.randomUUID(), kind: 'job_failed', subject: session.id } as const;
    await service.database.kysely
      .insertInto('exceptions')
      .values({ ...exception, detail: '', provider_id, created_at: 0 })
      .execute();
    const resolve = { body: { note: 'done' } };
    await later(async () =>
      expectOk(await service.call('POST', `/exceptions/${exception.id}/resolve`, resolve)),
    );
    assert.ok(!reader.lines.some((line) => line.startsWith('id:')));
  });

  test('hears at most once a second of however much, names some of it and says so, and nothing of others', async () => {
    const scene = await openScene();
    const other = await openScene();
    const [reader, beside] = [await follow(scene), await follow(other)];
    await settle(reader);
    const first = await sell(scene);
    assert.deepEqual((await next(reader)).session_ids, [first.id]);
    const [second, third] = [await sell(scene), await sell(scene)];
    expectOk(await service.call('POST', `/sessions/${second.id}/pause`, { as: second.as }));
    const { length } = reader.frames;
    await hearNothing();
    assert.equal(reader.frames.length, length);
    service.clock.advance(1);
    assert.deepEqual((await next(reader)).session_ids.sort(), [second.id, third.id].sort());
    await settle(reader);
    await appendEvents(service.database.kysely, scene.providerId, 101);
    const many = await next(reader);
    assert.equal(many.is_complete, false);
    assert.equal(many.help_request_ids.length, 100);
    assert.deepEqual(beside.types, ['figures.snapshot']);
  });

  test(
    'that was cut off from the news is told to look at everything',
    { skip: source.kind === 'PGlite' },
    async () => {
      const reader = await follow(await openScene());
      await settle(reader);
      await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like ${`listen %${eventsChannel}%`}`.execute(
        service.database.kysely,
      );
      const all = await next(reader);
      assert.deepEqual([all.session_ids, all.is_complete], [[], false]);
    },
  );

  test('ends with the credential that opened it, and opens for nobody else', async () => {
    const scene = await openScene();
    const other = await openScene();
    const member = await scene.tokenOf('member', 'nadia');
    const [byKey, byMember] = [await follow(scene), await follow(scene, member)];
    const revoking = '/access-tokens?subject_kind=member&subject_id=nadia';
    expectOk(await service.call('DELETE', revoking, { as: scene.application.secretKey }));
    await until(() => byMember.isOver);
    assert.equal(byKey.isOver, false);
    expectOk(
      await service.call('POST', `/applications/${scene.application.id}/secret-key`, {
        body: { overlap_seconds: 0 },
      }),
    );
    await until(() => byKey.isOver);

    const { as: page } = await sell(other);
    const helper = await other.helper();
    for (const what of ['events', 'attention']) {
      const path = `/providers/${scene.providerId}/${what}`;
      for (const [as, status] of [
        [other.application.secretKey, 404],
        [await other.tokenOf('member', 'nadia'), 404],
        [page, 403],
        [helper.token, 403],
        [null, 401],
      ] as const)
        assert.equal((await service.call('GET', path, { as })).status, status, `${what}: ${status}`);
      assert.equal((await service.call('GET', `/providers/nobody/${what}`)).status, 404);
    }
  });

  test('counts what waits for somebody, and says where it is listed', async () => {
    const scene = await openScene();
    const { providerId: id, application } = scene;
    let as = await scene.tokenOf('member', 'nadia');
    const read = async () => {
      const answer = await service.call<{
        attention: { kind: string; count: number; list: string | null }[];
      }>('GET', `/providers/${id}/attention`, { as });
      return expectOk(answer).attention;
    };
    const counts = async () => Object.fromEntries((await read()).map(({ kind, count }) => [kind, count]));
    const none = await counts();
    assert.ok(
      Object.values(none).every((count) => count === 0),
      JSON.stringify(none),
    );

    const { kysely } = service.database;
    const now = service.clock.now();
    const session = await sell(scene);
    const exception = { kind: 'job_failed', detail: '', provider_id: id } as const;
    await kysely
      .insertInto('exceptions')
      .values([
        { id: `${id}-1`, ...exception, subject: `${id}-1`, created_at: now },
        { id: `${id}-2`, ...exception, subject: `${id}-2`, created_at: now },
        {
          id: `${id}-3`,
          ...exception,
          subject: `${id}-3`,
          created_at: now,
          resolved_at: now,
          resolved_by: 'x',
        },
      ])
      .execute();
    const endpoints = ['failing', 'disabled', 'off', 'fine'].map((name) =>
      service.call<{ id: string }>('POST', '/webhook-endpoints', {
        as: application.secretKey,
        body: { url: `https://app.example/${name}`, events: ['session.ended'] },
      }),
    );
    const [failing, disabled, off] = (await Promise.all(endpoints)).map((answer) => expectOk(answer).id);
    const set = (endpoint: string, fields: Json) =>
      kysely.updateTable('webhook_endpoints').set(fields).where('id', '=', endpoint).execute();
    await set(failing!, { failing_since: now });
    await set(disabled!, { failing_since: now, disabled_at: now, disabled_reason: 'failing' });
    await set(off!, { failing_since: now, disabled_at: now, disabled_reason: 'owner' });
    expectOk(await scene.ask(await scene.customer()));
    const missed = expectOk(await scene.ask(await scene.customer()));
    await kysely
      .updateTable('help_requests')
      .set({ status: 'expired', reason: 'nobody_free', due_at: null, ended_at: now })
      .where('id', '=', missed.id)
      .execute();
    const [lost, inquired] = [
      await service.order(session),
      await sell(scene).then((one) => service.order(one)),
    ];
    for (const order of [lost, inquired]) await service.deliver(completed(order));
    await service.deliver(disputed(lost, 'closed', 'lost'));
    await service.deliver(disputed(inquired, 'created', 'warning_needs_response'));
    await kysely
      .insertInto('payment_authorizations')
      .values({
        id: `authorization-${id}`,
        request_id: missed.id,
        status: 'authorized',
        ...{ amount: 500, currency: 'eur', description: '', success_url: '', cancel_url: '' },
        ...{ payment_intent_id: `pi_${id}`, capture_before: now + 3_600_000, due_at: 4e15 },
        ...{ created_at: now, expires_at: now },
      })
      .execute();

    assert.deepEqual(await counts(), {
      exceptions_open: 2,
      webhook_endpoints_failing: 2,
      help_requests_open: 1,
      help_requests_missed: 1,
      authorizations_lapsing: 1,
      disputes_open: 1,
      disputes_lost: 1,
    });
    for (const { kind, list } of await read()) {
      assert.equal(list === null, kind.startsWith('disputes'), kind);
      if (list)
        assert.ok(JSON.stringify(expectOk(await service.call('GET', list, { as }))).length > 40, kind);
    }
    service.clock.advance(86_400 * 31);
    as = application.secretKey;
    const { help_requests_missed, disputes_lost, exceptions_open } = await counts();
    assert.deepEqual([help_requests_missed, disputes_lost, exceptions_open], [0, 0, 2]);
  });
});

/** Events of that many help requests, announced with one change. */
const appendEvents = (kysely: Kysely<Tables>, providerId: string, count: number) =>
  sql`
    with appended as (
      insert into events (subject, provider_id, type, payload, created_at)
      select 'request:r' || n, ${providerId}, 'help_request.opened', '{}', 0 from generate_series(1, ${count}::int) n
      returning id, subject
    ) select count(pg_notify(${eventsChannel}, id || ' ' || subject)) from appended`.execute(kysely);

describeOnOneDatabase('Following a provider', (source) => {
  test('costs one question a second, whoever changes however much, and none while nobody does', async () => {
    const database = await openDatabase(await source.create());
    let asked = 0;
    const counter: KyselyPlugin = {
      transformQuery({ node }) {
        if (node.kind === 'RawNode' && node.sqlFragments.join('').includes('array_agg(distinct subject)'))
          asked += 1;
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    };
    const service = createSessionService({
      database: { ...database, kysely: database.kysely.withPlugin(counter) },
      operatorKey,
      publicUrl: 'http://session.test',
    });
    await service.start();
    const server = await serve(service, { port: 0 });
    try {
      for (const id of ['busy', 'calm'])
        expectOk(await callerOf(server.url)('POST', '/providers', { body: { id, name: id } }));
      await appendEvents(database.kysely, 'busy', 2_000);
      await sleep(300);
      assert.equal(asked, 0);
      const [busy, calm] = await Promise.all(
        ['busy', 'calm'].map((id) =>
          FrameReader.open<DashboardFrame>(`${server.url}/api/v1/providers/${id}/events`, operatorKey),
        ),
      );
      const startedAt = performance.now();
      for (let n = 0; n < 25; n += 1) {
        await appendEvents(database.kysely, 'busy', 100);
        await sleep(80);
      }
      const seconds = Math.ceil((performance.now() - startedAt) / 1000);
      await until(() => busy!.frames.length >= seconds);
      assert.ok(asked >= 2 && asked <= seconds + 1, `${asked} times in ${seconds} s`);
      assert.ok(busy!.frames.length <= seconds + 2, `${busy!.frames.length} frames in ${seconds} s`);
      assert.deepEqual(calm!.types, ['figures.snapshot']);
      for (const reader of [busy!, calm!]) reader.leave();
    } finally {
      const closed = server.close();
      await service.close();
      await closed;
      await database.close();
    }
  });
});
