// What the pages of a session signal to each other: to the other side alone, while it listens, on whichever instance.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { sql } from 'kysely';
import { signalTypes, type RoomAnswer, type SignalFrame } from '../../src/protocol/room.js';
import { ServerSentEvents, type ServerSentEvent } from '../../src/protocol/server-sent-events.js';
import { embedded } from '../../src/service/index.js';
import { Marketplace } from '../../src/sdk/index.js';
import { describeOnEachDatabase } from './databases.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';

const turn = { urls: ['turn:turn.example', 'turns:turn.example:443?transport=tcp'], secret: 'of the relay' };

/** One page that listens to a session; of what it hears signals are told apart. */
class Page {
  readonly signals: SignalFrame[] = [];
  readonly events: ServerSentEvent[] = [];
  readonly #abort = new AbortController();

  static async open(url: string, as: string, lastEventId?: string): Promise<Page> {
    const page = new Page();
    const headers = { Authorization: `Bearer ${as}`, ...(lastEventId && { 'Last-Event-ID': lastEventId }) };
    const response = await fetch(url, { headers, signal: page.#abort.signal });
    assert.equal(response.status, 200);
    void page.#read(response.body!).catch(() => {});
    return page;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const stream = new ServerSentEvents();
    for await (const bytes of body)
      for (const event of stream.push(bytes)) {
        if (event.type === 'session.signal') this.signals.push(JSON.parse(event.data) as SignalFrame);
        this.events.push(event);
      }
  }

  async heard(count: number): Promise<SignalFrame[]> {
    await until(() => this.signals.length >= count, 10_000);
    assert.equal(this.signals.length, count);
    return this.signals;
  }

  leave(): void {
    this.#abort.abort();
  }
}

describeOnEachDatabase('Signals of a session', (source) => {
  const clock = new TestClock(Date.now());
  const lines: string[] = [];
  const pages: Page[] = [];
  let service: TestService;
  /** Another instance on the same database. */
  let other: TestService;
  let application: TestApplication;
  before(async () => {
    const log = (message: string, fields?: object) => void lines.push(message + JSON.stringify(fields));
    const options = {
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      logger: { info: log, error: log },
      limits: { signalsPerMinute: 8 },
      roomProvider: embedded({ stunUrls: ['stun:turn.example'], turn }),
    };
    service = await startTestService(options);
    // An embedded database has one instance.
    other = source.kind === 'PostgreSQL' ? await startTestService(options) : service;
    application = await service.createApplication();
  });
  afterEach(() => pages.splice(0).forEach((page) => page.leave()));
  after(async () => {
    if (other !== service) await other.close();
    await service.close();
  });

  const buy = async (fields: Json = {}) => {
    const userId = await service.createCustomer(100_000);
    const { session, session_token: as } = await service.createSession(application, userId, fields);
    const ada = await accessToken('helper', 'ada', ['sessions.read', 'sessions.attend']);
    return { id: session.id, userId, as, ada, path: `/sessions/${session.id}` };
  };
  type Sold = Awaited<ReturnType<typeof buy>>;
  const accessToken = async (kind: string, id: string, scope: string[]) => {
    const body = { subject: { kind, id }, scope };
    const as = application.secretKey;
    return expectOk(await service.call<{ access_token: string }>('POST', '/access-tokens', { as, body }))
      .access_token;
  };
  const listen = async ({ path }: Sold, as: string, lastEventId?: string) => {
    const page = await Page.open(`${other.url}${path}/events`, as, lastEventId);
    pages.push(page);
    return page;
  };
  const signal = ({ path }: Sold, as: string | undefined, fields: Json = {}) =>
    service.call<{ code: string; errors?: { pointer: string }[] }>('POST', `${path}/signals`, {
      ...(as !== undefined && { as }),
      body: { type: 'join', sender_id: 'a', ...fields },
    });
  const room = ({ path }: Sold, as?: string, body: Json = {}) =>
    service.call<RoomAnswer & { code: string; errors: { pointer: string }[] }>('POST', `${path}/room`, {
      body,
      ...(as !== undefined && { as }),
    });
  /** Something that is told to everybody, behind which nothing that was sent before it is still on its way. */
  const extended = async ({ path, as }: Sold, ...those: Page[]) => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    expectOk(
      await service.call('POST', `${path}/extend`, { as, headers, body: { additional_seconds: 900 } }),
    );
    await until(() => those.every(({ events }) => events.some(({ type }) => type === 'session.extended')));
  };

  test('come to the other side as they are and in their order, and to nobody else', async () => {
    const sold = await buy();
    const eve = await accessToken('helper', 'eve', ['sessions.read']);
    const [customer, tab, helper, watcher] = await Promise.all(
      [sold.as, sold.as, sold.ada, eve].map((as) => listen(sold, as)),
    );
    const data = { type: 'offer', sdp: `v=0\r\n${'a=ü\u2028\r\n'.repeat(900)}` };
    const [lastCandidate] = [{ candidate: '', sdpMid: '0', nested: [{ deep: null }] }];
    const sent: Json[] = [
      { type: 'join', sender_id: 'page-1' },
      { type: 'description', sender_id: 'page-1', data },
      { type: 'candidate', sender_id: 'page-2', data: lastCandidate },
      { type: 'leave', sender_id: 'page-1' },
    ];
    assert.deepEqual(
      sent.map(({ type }) => type),
      signalTypes,
    );
    for (const one of sent) assert.equal((await signal(sold, sold.as, one)).status, 204);
    assert.deepEqual(
      await helper!.heard(4),
      sent.map(({ sender_id, ...others }) => ({ ...others, from: 'customer', sender_id })),
    );
    for (const by of [sold.ada, application.secretKey])
      assert.equal((await signal(sold, by, by === sold.ada ? {} : { participant: 'provider' })).status, 204);
    for (const page of [customer!, tab!])
      assert.deepEqual(await page.heard(2), [
        { type: 'join', from: 'provider', sender_id: 'a' },
        { type: 'join', from: 'provider', sender_id: 'a' },
      ]);
    await extended(sold, watcher!, helper!);
    assert.deepEqual(watcher!.signals, []);
    await helper!.heard(4);
  });

  test('are told while somebody listens, and never again: neither to who comes later, nor by Last-Event-ID', async () => {
    const sold = await buy();
    const helper = await listen(sold, sold.ada);
    await until(() => helper.events.length > 0);
    const { lastEventId } = helper.events[0]!;
    await signal(sold, sold.as, { sender_id: 'early' });
    await helper.heard(1);
    // A frame without an id leaves its reader where it was.
    assert.equal(helper.events.at(-1)!.lastEventId, lastEventId);
    helper.leave();
    const [later, again] = [await listen(sold, sold.ada), await listen(sold, sold.ada, lastEventId)];
    await extended(sold, later, again);
    await signal(sold, sold.as, { sender_id: 'late' });
    for (const page of [later, again])
      assert.deepEqual(
        (await page.heard(1)).map(({ sender_id }) => sender_id),
        ['late'],
      );
  });

  test('more of them than are read at a time all come, in their order', async () => {
    const sold = await buy();
    const helper = await listen(sold, sold.ada);
    await until(() => helper.events.length > 0);
    const { kysely } = service.database;
    await kysely.transaction().execute(async (trx) => {
      await sql`insert into signals (session_id, participant, sender_id, type, created_at)
        select ${sold.id}, 'customer', 'n-' || n, 'candidate', ${clock.now()}::bigint
        from generate_series(1, 45) as n order by n`.execute(trx);
      await sql`select pg_notify('session_outbox', ${`0 ${sold.id}`})`.execute(trx);
    });
    const names = (await helper.heard(45)).map(({ sender_id }) => sender_id);
    assert.deepEqual(
      names,
      Array.from({ length: 45 }, (_, n) => `n-${n + 1}`),
    );
  });

  test('a side that sends too many waits, the other one does not; a minute later all of them are gone', async () => {
    const sold = await buy();
    for (let n = 0; n < 8; n += 1) assert.equal((await signal(sold, sold.as)).status, 204);
    clock.advance(20);
    const refused = await signal(sold, sold.as);
    assert.deepEqual([refused.status, refused.body.code], [429, 'RATE_LIMITED']);
    assert.equal(refused.headers.get('retry-after'), '40');
    assert.equal((await signal(sold, sold.ada)).status, 204);
    clock.advance(40);
    assert.equal((await signal(sold, sold.as)).status, 204);
    const kept = () =>
      service.database.kysely.selectFrom('signals').select('id').where('session_id', '=', sold.id).execute();
    clock.advance(61);
    clock.advance(61);
    await until(async () => (await kept()).length === 0);
  });

  test('what is none, too large, or of nobody is refused, and a session that is over takes none', async () => {
    const sold = await buy();
    const pointers = async (as: string | undefined, fields: Json) => {
      const { status, body } = await signal(sold, as, fields);
      return [status, ...(body.errors ?? []).map(({ pointer }) => pointer)];
    };
    assert.deepEqual(await pointers(sold.as, { type: 'shout' }), [422, '/type']);
    assert.deepEqual(await pointers(sold.as, { sender_id: 'a b' }), [422, '/sender_id']);
    assert.deepEqual(await pointers(sold.as, { data: 'v=0' }), [422, '/data']);
    assert.deepEqual(await pointers(sold.as, { data: { sdp: 'x'.repeat(32_768) } }), [422, '/data']);
    assert.deepEqual(await pointers(sold.as, { data: { sdp: 'x'.repeat(32_700) } }), [204]);
    assert.deepEqual(await pointers(sold.as, { participant: 'provider' }), [422, '/participant']);
    assert.deepEqual(await pointers(sold.ada, { participant: 'customer' }), [422, '/participant']);
    for (const server of [application.secretKey, undefined])
      assert.deepEqual(await pointers(server, {}), [422, '/participant']);
    const reading = await accessToken('helper', 'eve', ['sessions.read']);
    for (const nobody of [reading, (await buy()).as])
      assert.equal((await signal(sold, nobody)).status, 403, 'neither who only looks on, nor a neighbour');
    const stranger = await service.createApplication({ provider_id: 'provider-2' });
    assert.equal((await signal(sold, stranger.secretKey, { participant: 'provider' })).status, 404);
    expectOk(await service.call('POST', `${sold.path}/end`, { as: sold.as }));
    for (const { status, body } of [await signal(sold, sold.ada), await room(sold, sold.ada)])
      assert.deepEqual([status, body.code], [410, 'SESSION_ENDED']);
  });

  test('a room is told to each side for itself, with a relay that counts for as long as the answer', async () => {
    const sold = await buy();
    const { headers, body: ofCustomer } = await room(sold, sold.as);
    assert.equal(headers.get('cache-control'), 'no-store');
    const seconds = Math.floor(clock.now() / 1000);
    const { ice_servers, opens_at, ends_at, ...others } = ofCustomer;
    // Ten minutes are left to the session.
    const expires_at = seconds + 600;
    assert.deepEqual(others, { provider: 'embedded', participant: 'customer', polite: true, expires_at });
    assert.deepEqual([opens_at, ends_at], [seconds, expires_at]);
    const username = `${expires_at}:${sold.id}`;
    const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
    assert.deepEqual(ice_servers, [
      { urls: ['stun:turn.example'] },
      { urls: turn.urls, username, credential },
    ]);
    const ofHelper = expectOk(await room(sold, sold.ada));
    assert.deepEqual([ofHelper.participant, ofHelper.polite], ['provider', false]);
    for (const server of [application.secretKey, operatorKey]) {
      assert.deepEqual((await room(sold, server)).body.errors[0]!.pointer, '/participant');
      const named = expectOk(await room(sold, server, { participant: 'provider' }));
      assert.equal(named.participant, 'provider');
    }
    assert.equal((await room(sold, sold.as, { participant: 'provider' })).status, 422);
    expectOk(await service.call('POST', `${sold.path}/pause`, { as: sold.as }));
    const paused = expectOk(await room(sold, sold.as));
    assert.deepEqual([paused.ends_at, paused.expires_at], [null, seconds + 900]);
    const waiting = await buy({ start: 'when_joined' });
    const beforeIt = expectOk(await room(waiting, waiting.as));
    assert.deepEqual([beforeIt.opens_at, beforeIt.ends_at], [null, null]);
  });

  test('nothing of it is an event, a webhook, a line of the log or a row that stays', async () => {
    const sold = await buy();
    const secret = `secret-${crypto.randomUUID()}`;
    expectOk(await signal(sold, sold.as, { type: 'description', data: { sdp: secret } }));
    const { ice_servers } = expectOk(await room(sold, sold.as));
    const words = [secret, ice_servers!.at(-1)!.credential!];
    const { kysely } = service.database;
    const tables = (await kysely.introspection.getTables()).filter(({ name }) => name !== 'signals');
    for (const { name } of tables) {
      const { rows } = await sql<{
        row: string;
      }>`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(kysely);
      for (const { row } of rows) assert.ok(!words.some((word) => row.includes(word)), name);
    }
    assert.ok(!words.some((word) => lines.join().includes(word)));
    const sdk = new Marketplace({ secretKey: application.secretKey, apiUrl: `${service.url}/api/v1` });
    await sdk.sessions.signal(sold.id, { type: 'join', senderId: 'server', participant: 'provider' });
    const { iceServers } = await sdk.sessions.openRoom(sold.id, { participant: 'provider' });
    assert.equal(iceServers!.length, 2);
  });
});

test('Settings of a room that nobody could use are refused at once', () => {
  for (const wrong of [
    { stunUrls: ['https://turn.example'] },
    { turn: { urls: ['turn.example'], secret: 's' } },
    { turn: { urls: ['turn:turn.example'], secret: '' } },
    { turn: { urls: [], secret: 's' } },
  ])
    assert.throws(() => embedded(wrong), TypeError);
});
