// Events of any subject: appended once, read by whoever follows the subject, and done something with by each consumer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql, type Transaction } from 'kysely';
import { eventFrame } from '../../src/service/features/streams/frame.js';
import { OpenStreams } from '../../src/service/features/streams/index.js';
import { defaultLimits, type ServiceContext } from '../../src/service/foundation/context.js';
import type { EventRow, Tables } from '../../src/service/foundation/database/schema.js';
import { appendEvents, type NewEvent } from '../../src/service/foundation/events/append-events.js';
import type { EventConsumer } from '../../src/service/foundation/events/consumer.js';
import type { Subject } from '../../src/service/foundation/events/subject.js';
import { systemTimer } from '../../src/service/foundation/jobs/timer.js';
import { Metrics } from '../../src/service/foundation/metrics.js';
import { describeOnEachDatabase } from './databases.js';
import { startTestService, until, type TestService } from './fixtures.js';

describeOnEachDatabase('Events', (source) => {
  let service: TestService;
  let context: ServiceContext;
  before(async () => {
    service = await startTestService({ database: await source.create() });
    const { database } = service;
    context = {
      database,
      kysely: database.kysely,
      box: null,
      takesMoney: false,
      keepsFiles: false,
      hasRooms: false,
      now: Date.now,
      timer: systemTimer,
      publicUrl: service.url,
      limits: defaultLimits,
      logger: { info() {}, error() {} },
      metrics: new Metrics(),
      eventConsumers: [],
    };
  });
  after(() => service.close());

  const disabled = (subject: Subject, endpoint_id = 'e'): NewEvent => ({
    subject,
    type: 'webhook.disabled',
    payload: { endpoint_id, url: 'https://app.example', disabled_reason: 'gone' },
    createdAt: 1_767_225_600_000,
  });
  const append = (events: NewEvent[], eventConsumers: EventConsumer[] = []) =>
    service.database.kysely.transaction().execute((trx) => appendEvents({ eventConsumers }, trx, events));
  const eventsOf = (subject: Subject) =>
    service.database.kysely
      .selectFrom('events')
      .select(['subject', 'provider_id', 'type'])
      .where('subject', '=', subject)
      .orderBy('id')
      .execute();

  test('have a subject, and whose they are; those of a session carry its revision', async () => {
    const application = await service.createApplication({ provider_id: 'provider-of-events' });
    const { session } = await service.createSession(application, await service.createCustomer(1000));
    await append([disabled('provider:p7'), disabled('marketplace')]);
    const type = 'webhook.disabled';
    assert.deepEqual(await eventsOf('provider:p7'), [{ subject: 'provider:p7', provider_id: 'p7', type }]);
    assert.deepEqual((await eventsOf('marketplace')).at(-1), {
      subject: 'marketplace',
      provider_id: null,
      type,
    });
    const started = await service.database.kysely
      .selectFrom('events')
      .select(['provider_id', 'payload'])
      .where('subject', '=', `session:${session.id}`)
      .where('type', '=', 'session.started')
      .executeTakeFirstOrThrow();
    const payload = { session_id: session.id, expires_at: session.expires_at, revision: 1 };
    assert.deepEqual(started, { provider_id: 'provider-of-events', payload });
  });

  test('come to each consumer in its order, all of a change at once, in the transaction of the change', async () => {
    const heard: { name: string; events: readonly EventRow[]; visible: number }[] = [];
    const count = async (db: Transaction<Tables>) => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from events where subject = 'provider:consumed'`.execute(db);
      return rows[0]!.n;
    };
    const hearsAs =
      (name: string): EventConsumer =>
      async (trx, events) =>
        void heard.push({ name, events, visible: await count(trx) });
    const news = [disabled('provider:consumed', 'one'), disabled('provider:consumed', 'two')];
    await append(news, [hearsAs('first'), hearsAs('second')]);
    assert.deepEqual(
      heard.map(({ name, visible }) => [name, visible]),
      [
        ['first', 2],
        ['second', 2],
      ],
    );
    const [one, two] = heard[0]!.events;
    assert.ok(one!.id < two!.id);
    assert.deepEqual(
      heard[1]!.events.map(({ subject, type, payload }) => ({ subject, type, payload })),
      news.map(({ subject, type, payload }) => ({ subject, type, payload })),
    );
  });

  test('are undone with their change where a consumer fails', async () => {
    const fails: EventConsumer = () => Promise.reject(new Error('it has no room'));
    await assert.rejects(append([disabled('provider:undone')], [fails]), /it has no room/);
    assert.deepEqual(await eventsOf('provider:undone'), []);
  });

  test('of any subject are streamed: one that a feature names, and what it tells of it', async () => {
    const streams = new OpenStreams(context);
    await streams.start();
    const read = (subject: Subject, lastId: number) => {
      const tell = async (events: readonly EventRow[]) => ({
        frames: events.map((event) => eventFrame(event)),
        isOver: false,
      });
      const credential = { applicationId: undefined };
      const body = streams.open({ source: { subject, tell }, lastId, withSnapshot: false, credential });
      const heard: string[] = [];
      const reading = (async () => {
        for await (const chunk of body) heard.push(new TextDecoder().decode(chunk));
      })();
      const endpoints = () =>
        [...heard.join('').matchAll(/"endpoint_id":"(\w+)"/g)].map(([, found]) => found);
      return { reading, heard, endpoints };
    };
    await append([disabled('provider:streamed', 'before')]);
    const all = read('provider:streamed', 0);
    const others = read('provider:others', 0);
    const ofMarketplace = read('marketplace', (await newest())!);
    await append([disabled('provider:streamed', 'after'), disabled('marketplace', 'own')]);
    await until(() => all.endpoints().length === 2 && ofMarketplace.endpoints().length === 1);
    assert.deepEqual(all.endpoints(), ['before', 'after']);
    assert.deepEqual(ofMarketplace.endpoints(), ['own']);
    assert.match(
      all.heard.join(''),
      /\nid: \d+\nevent: webhook.disabled\ndata: {"type":"webhook.disabled","created_at":1767225600,"url":/,
    );
    await streams.stop();
    await Promise.all([all, others, ofMarketplace].map(({ reading }) => reading));
    assert.deepEqual(others.endpoints(), []);
  });

  const newest = async () =>
    (
      await service.database.kysely
        .selectFrom('events')
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirstOrThrow()
    ).id;

  if (source.kind === 'PostgreSQL')
    test('of one subject become visible in the order of their ids, whoever appends at the same time', async () => {
      const seen: string[][] = [];
      let isOver = false;
      const look = async () => {
        while (!isOver) {
          const { rows } = await sql<{ name: string }>`
            select payload ->> 'endpoint_id' as name from events where subject = 'provider:busy' order by id`.execute(
            service.database.kysely,
          );
          seen.push(rows.map(({ name }) => name));
        }
      };
      const looking = look();
      const slow: EventConsumer = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      await Promise.all(
        Array.from({ length: 24 }, (_, n) => append([disabled('provider:busy', `n${n}`)], [slow])),
      );
      isOver = true;
      await looking;
      const all = (await eventsOf('provider:busy')).length;
      assert.equal(all, 24);
      seen.forEach((names, n) => {
        const next = seen[n + 1] ?? names;
        assert.deepEqual(next.slice(0, names.length), names, 'nothing comes in before what was read');
      });
    });
});
