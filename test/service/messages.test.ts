// What the two sides of a session write to each other: once each, in one order for everybody, and nowhere else than there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describeOnEachDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

interface Message {
  id: string;
  position: number;
  sent_by: string;
  role: string | null;
  participant_id: string | null;
  client_id: string;
  text: string;
}
interface Page {
  messages: Message[];
  next_cursor: string | null;
}
interface Sold {
  id: string;
  as: string;
  userId: string;
}

const clientId = () => crypto.randomUUID();
const [minuteSeconds, hourSeconds, daySeconds] = [60, 3_600, 86_400];

const post = (service: TestService, id: string, as: string | undefined, body: Json) =>
  service.call<Message & { code: string }>('POST', `/sessions/${id}/messages`, {
    ...(as !== undefined && { as }),
    body,
  });
const readPage = async (service: TestService, id: string, query = '', as?: string) =>
  expectOk(
    await service.call<Page>('GET', `/sessions/${id}/messages${query}`, as === undefined ? {} : { as }),
  );

describeOnEachDatabase('Messages of a session', (source) => {
  const clock = new TestClock(Date.now());
  const lines: string[] = [];
  let receiver: WebhookReceiver;
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    receiver = await WebhookReceiver.start();
    const log = (message: string, fields?: object) => void lines.push(message + JSON.stringify(fields));
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      webhooks: { allowedHosts: [receiver.host] },
      logger: { info: log, error: log },
      limits: { messagesPerMinute: 5, messagesPerSession: 12 },
      retention: { messages: 1 },
    });
    application = await service.createApplication({
      max_duration_seconds: daySeconds,
      max_pause_seconds: daySeconds / 2,
    });
    const body = { url: receiver.url, events: ['message.created'] };
    expectOk(await service.call('POST', '/webhook-endpoints', { as: application.secretKey, body }));
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  const buy = async (fields: Json = {}): Promise<Sold> => {
    const userId = await service.createCustomer(100_000);
    const { session, session_token: as } = await service.createSession(application, userId, fields);
    return { id: session.id, as, userId };
  };
  const write = ({ id, as }: Sold, text: string, by: string | undefined = as, client_id = clientId()) =>
    post(service, id, by, { text, client_id });
  const operator = ({ id }: Sold, text: string) =>
    post(service, id, undefined, { text, client_id: clientId() });
  const person = async (kind: string, id: string, scope: string[]) =>
    expectOk(
      await service.call<{ access_token: string }>('POST', '/access-tokens', {
        as: application.secretKey,
        body: { subject: { kind, id }, scope },
      }),
    ).access_token;
  const end = ({ id }: Sold) => service.call('POST', `/sessions/${id}/end`).then(expectOk);
  const textsOf = ({ messages }: Page) => messages.map(({ text }) => text);

  test('are read by both sides in one order, with who has written each', async () => {
    const sold = await buy();
    const helper = await person('helper', 'ada', ['messages.read', 'messages.send']);
    expectOk(await write(sold, 'It drips.'));
    expectOk(await write(sold, 'Where?', application.secretKey));
    expectOk(await write(sold, 'I am on my way.', helper));
    expectOk(await operator(sold, 'We look on.'));
    const page = await readPage(service, sold.id, '', sold.as);
    assert.deepEqual(
      page.messages.map(({ position, sent_by, role, participant_id, text }) => [
        position,
        sent_by,
        role,
        participant_id,
        text,
      ]),
      [
        [1, 'customer', 'customer', sold.userId, 'It drips.'],
        [2, 'provider', 'provider', 'provider-1', 'Where?'],
        [3, 'provider', 'helper', 'ada', 'I am on my way.'],
        [4, 'marketplace', null, null, 'We look on.'],
      ],
    );
    for (const as of [application.secretKey, helper])
      assert.deepEqual(await readPage(service, sold.id, '', as), page);
    const first = await readPage(service, sold.id, '?limit=2&after=1');
    assert.deepEqual(textsOf(first), ['Where?', 'I am on my way.']);
    const rest = await readPage(service, sold.id, `?limit=2&cursor=${first.next_cursor}`);
    assert.deepEqual([textsOf(rest), rest.next_cursor], [['We look on.'], null]);
  });

  test('are told on the stream and by a webhook, by their ids alone', async () => {
    const sold = await buy();
    receiver.received.length = 0;
    const stream = await EventReader.open(`${service.url}/sessions/${sold.id}/events`, {
      Authorization: `Bearer ${sold.as}`,
    });
    await stream.atLeast(1);
    const { id } = expectOk(await write(sold, 'Hush, xylophone.', application.secretKey));
    const frames = await stream.atLeast(2);
    const { message_id, position, sent_by } = frames[1]!.data as unknown as Json;
    assert.equal(frames[1]!.event, 'message.created');
    assert.deepEqual([message_id, position, sent_by], [id, 1, 'provider']);
    const [delivery] = await receiver.atLeast(1);
    const { data } = JSON.parse(delivery!.body) as { data: Json };
    assert.deepEqual([data.message_id, data.session_id, data.sent_by], [id, sold.id, 'provider']);
    stream.leave();

    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(service.database.kysely);
    for (const { name } of tables) {
      const { rows } = await sql`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(
        service.database.kysely,
      );
      assert.equal(JSON.stringify(rows).includes('xylophone'), name === 'messages', name);
    }
    const metrics = await fetch(`${service.url}/metrics`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    const told = [await metrics.text(), ...lines, JSON.stringify(frames), delivery!.body].join('\n');
    assert.ok(!told.includes('xylophone'));
  });

  test('are written once by one client_id, from two tabs at a time, and answered again after the end', async () => {
    const sold = await buy();
    const name = clientId();
    const sent = await Promise.all(Array.from({ length: 6 }, () => write(sold, 'Once.', sold.as, name)));
    const ids = new Set(sent.map((answer) => expectOk(answer).id));
    assert.equal(ids.size, 1);
    assert.equal(sent.filter(({ headers }) => headers.get('idempotent-replayed') !== null).length, 5);
    // The other side has names of its own.
    expectOk(await write(sold, 'Mine.', application.secretKey, name));
    const other = await write(sold, 'Twice.', sold.as, name);
    assert.deepEqual([other.status, other.body.code], [409, 'MESSAGE_ID_REUSED']);
    await end(sold);
    assert.deepEqual([...ids], [expectOk(await write(sold, 'Once.', sold.as, name)).id]);
    const late = await write(sold, 'Late.', application.secretKey);
    assert.deepEqual([late.status, late.body.code], [410, 'SESSION_ENDED']);
    assert.deepEqual(textsOf(await readPage(service, sold.id)), ['Once.', 'Mine.']);
  });

  test('are kept as they are given, and none is what cannot be read', async () => {
    const sold = await buy();
    const texts = ['<b onclick="x()">&amp;</b>', ' two\r\n\tlines \n', '🦄 שלום \u2067x\u2069 ​'];
    for (const text of texts) assert.equal(expectOk(await write(sold, text)).text, text);
    assert.deepEqual(textsOf(await readPage(service, sold.id)), texts);
    const refused = [
      '',
      ' \n\t',
      'a\u0000b',
      'bell\u0007',
      'esc\u001b[31m',
      '\u0085',
      '\ud800',
      'x'.repeat(4001),
    ];
    for (const text of refused) {
      const { status, body } = await write(sold, text);
      assert.deepEqual([status, body.code], [422, 'REQUEST_INVALID'], JSON.stringify(text));
    }
    assert.equal(expectOk(await write(sold, 'x'.repeat(4000))).position, 4);
    const startedAt = performance.now();
    await write(sold, `${' '.repeat(60_000)}\u0007`);
    assert.ok(performance.now() - startedAt < 2_000, 'what never fits is refused at once');
  });

  test('are written while the session waits, runs or is paused', async () => {
    const sold = await buy({ start: 'when_joined' });
    expectOk(await write(sold, 'waiting'));
    expectOk(await service.call('POST', `/sessions/${sold.id}/start`, { as: application.secretKey }));
    expectOk(await write(sold, 'active'));
    expectOk(await service.call('POST', `/sessions/${sold.id}/pause`));
    expectOk(await write(sold, 'paused'));
    assert.equal((await readPage(service, sold.id)).messages.length, 3);
  });

  test('come from each sender so often a minute, and so many a session', async () => {
    const sold = await buy();
    for (let n = 0; n < 5; n += 1) expectOk(await write(sold, `${n}`));
    const refused = await write(sold, 'too soon');
    assert.deepEqual([refused.status, refused.body.code], [429, 'RATE_LIMITED']);
    assert.equal(refused.headers.get('retry-after'), '60');
    for (let n = 5; n < 10; n += 1) expectOk(await write(sold, `${n}`, application.secretKey));
    clock.advance(minuteSeconds);
    for (let n = 10; n < 12; n += 1) expectOk(await write(sold, `${n}`));
    const { status, body } = await write(sold, 'too many');
    assert.deepEqual([status, body.code], [409, 'MESSAGE_LIMIT_REACHED']);
  });

  test('are for who may: neither another application nor another session, and none writes without leave', async () => {
    const [sold, other] = [await buy(), await buy()];
    const stranger = await service.createApplication({ provider_id: 'provider-2' });
    for (const [by, code] of [
      [stranger.secretKey, 'SESSION_NOT_FOUND'],
      [other.as, 'TOKEN_SESSION_MISMATCH'],
      [await person('helper', 'bob', ['messages.read']), 'CREDENTIAL_INSUFFICIENT'],
      [await person('customer', sold.userId, ['messages.read']), 'CREDENTIAL_INSUFFICIENT'],
    ] as const)
      assert.equal((await write(sold, 'Hello?', by)).body.code, code);
    expectOk(await write(sold, 'Mine.'));
    const account = await person('customer', sold.userId, ['messages.read']);
    assert.deepEqual(textsOf(await readPage(service, sold.id, '', account)), ['Mine.']);
    const foreign = await person('customer', other.userId, ['messages.read']);
    const { status } = await service.call('GET', `/sessions/${sold.id}/messages`, { as: foreign });
    assert.equal(status, 404);
  });

  test('are handed over with their customer, and go with him', async () => {
    const sold = await buy();
    expectOk(await write(sold, 'Heliotrope.'));
    expectOk(await write(sold, 'Heliotrope too.', application.secretKey));
    await end(sold);
    const exported = await fetch(`${service.url}/customers/${sold.userId}/export`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    const records = (await exported.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const written = records.filter(({ record }) => record === 'message').map(({ text }) => text);
    assert.deepEqual(written, ['Heliotrope.', 'Heliotrope too.']);
    assert.equal((await service.call('DELETE', `/customers/${sold.userId}`)).status, 204);
    const { rows } = await sql`select 1 from messages where text like 'Heliotrope%'`.execute(
      service.database.kysely,
    );
    assert.equal(rows.length, 0);
    assert.deepEqual(await readPage(service, sold.id), { messages: [], next_cursor: null });
  });

  test('go a day after they were written, once the session is over', async () => {
    const [over, running] = [await buy(), await buy({ duration_seconds: daySeconds })];
    expectOk(await service.call('POST', `/sessions/${running.id}/pause`));
    for (const sold of [over, running]) expectOk(await write(sold, 'Remember?'));
    await end(over);
    clock.advance(23 * hourSeconds);
    assert.equal((await readPage(service, over.id)).messages.length, 1);
    clock.advance(hourSeconds);
    await until(async () => {
      // It looks once an hour.
      clock.advance(300);
      return (await readPage(service, over.id)).messages.length === 0;
    });
    assert.equal((await readPage(service, running.id)).messages.length, 1);
  });
});

describe('Messages by two instances on one PostgreSQL', () => {
  let postgres: RealPostgres;
  const instances: TestService[] = [];
  before(async () => {
    postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const limits = { messagesPerMinute: 1_000 };
    for (let n = 0; n < 2; n += 1) instances.push(await startTestService({ database, limits }));
  });
  after(async () => {
    for (const instance of instances) await instance.close();
    await postgres.stop();
  });

  test('are there once each and in one order, whatever is sent how often by whom at a time', async () => {
    const [one] = instances;
    const application = await one!.createApplication();
    const userId = await one!.createCustomer(1_000_000);
    const sending = fc.record({
      name: fc.integer({ min: 0, max: 5 }),
      bySide: fc.integer({ min: 0, max: 1 }),
      at: fc.integer({ min: 0, max: 1 }),
    });
    const property = fc.asyncProperty(
      fc.array(sending, { minLength: 1, maxLength: 20 }),
      async (sendings) => {
        const { session, session_token } = await one!.createSession(application, userId);
        const sides = [session_token, application.secretKey];
        const streams = await Promise.all(
          instances.map(({ url }) =>
            EventReader.open(`${url}/sessions/${session.id}/events`, { Authorization: `Bearer ${sides[0]}` }),
          ),
        );
        const sent = await Promise.all(
          sendings.map(({ name, bySide, at }) =>
            post(instances[at]!, session.id, sides[bySide], {
              text: `${bySide} ${name}`,
              client_id: `n-${name}`,
            }),
          ),
        );
        const wanted = new Set(sendings.map(({ name, bySide }) => `${bySide} ${name}`));
        const pages = await Promise.all(instances.map((each) => readPage(each, session.id)));
        const [page] = pages;
        assert.deepEqual(pages[1], page);
        assert.deepEqual(
          page!.messages.map(({ position }) => position),
          [...wanted].map((_, n) => n + 1),
        );
        assert.deepEqual(new Set(page!.messages.map(({ text }) => text)), wanted);
        for (const answer of sent) {
          const { id, text } = expectOk(answer);
          assert.equal(page!.messages.find((each) => each.text === text)!.id, id);
        }
        for (const stream of streams) {
          // The first frame is where the session stands.
          const frames = (await stream.atLeast(1 + wanted.size)).slice(1);
          assert.deepEqual(
            frames.map(({ data }) => (data as unknown as Json).message_id),
            page!.messages.map(({ id }) => id),
          );
          stream.leave();
        }
        expectOk(await one!.call('POST', `/sessions/${session.id}/end`));
      },
    );
    await fc.assert(property, { numRuns: 8, endOnFailure: true, includeErrorInReport: true });
  });
});
