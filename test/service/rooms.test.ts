// Where the two sides of a session meet: each provider's links, the rooms that are opened, and that each of them is closed.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { RoomAnswer } from '../../src/protocol/room.js';
import { readRoomProvider } from '../../src/service/node/room-settings.js';
import { daily, embedded, jitsi, joinLinks, livekit, type RoomProvider } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import {
  expectOk,
  startTestService,
  until,
  type Json,
  type TestService,
  type TestServiceOptions,
} from './fixtures.js';
import { helpRequestFor, seedHelp } from './openapi/seed-help.js';
import { readHs256, RoomApi, startDaily } from './room-apis.js';
import { TestClock } from './test-clock.js';

const secret = 'a secret of the provider of rooms, long enough';

/** A provider of one's own, which does what it is told. */
class OwnProvider implements RoomProvider {
  readonly name: string = 'own';
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  /** What is done before it opens, and before it closes. */
  beforeOpen: (sessionId: string) => Promise<void> | void = () => {};
  beforeClose: (roomId: string) => Promise<void> | void = () => {};
  joinUrl = 'https://rooms.example/1';

  async open({ sessionId }: { sessionId: string }) {
    this.opened.push(sessionId);
    await this.beforeOpen(sessionId);
    return { roomId: `room-${sessionId}` };
  }

  async join() {
    return { joinUrl: this.joinUrl };
  }

  async close(roomId: string) {
    await this.beforeClose(roomId);
    this.closed.push(roomId);
  }
}

describeOnOneDatabase('The room of a session', (source) => {
  const services: TestService[] = [];
  const apis: RoomApi[] = [];
  after(async () => {
    for (const service of services) await service.close();
    for (const api of apis) await api.stop();
  });

  const start = async (roomProvider: RoomProvider, others: TestServiceOptions = {}) => {
    const clock = new TestClock(Date.now());
    const { now, timer } = clock;
    const database = others.database ?? (await source.create());
    const service = await startTestService({ now, timer, roomProvider, ...others, database });
    services.push(service);
    return { service, clock, database };
  };
  const sell = async (service: TestService, fields: Json = {}) => {
    const application = await service.createApplication();
    const userId = await service.createCustomer(10_000);
    const sold = await service.createSession(application, userId, fields);
    return {
      ...{ id: sold.session.id, as: sold.session_token, application, userId },
      join: (participant?: string) =>
        service.call<RoomAnswer & { code: string }>('POST', `/sessions/${sold.session.id}/room`, {
          as: participant ? application.secretKey : sold.session_token,
          body: participant ? { participant } : {},
        }),
      read: () =>
        service.call<RoomAnswer & { code: string }>('GET', `/sessions/${sold.session.id}/room`, {
          as: sold.session_token,
        }),
      end: () => service.call('POST', `/sessions/${sold.session.id}/end`, { as: sold.session_token }),
    };
  };
  const rowsOf = ({ database }: TestService) => database.kysely.selectFrom('rooms').selectAll().execute();
  /** Time passes little by little, until it is so. */
  const pass = (clock: TestClock, isSo: () => boolean | Promise<boolean>, seconds = 1) =>
    until(async () => {
      if (await isSo()) return true;
      clock.advance(seconds);
      return false;
    });

  test('behind links of one’s own: each side has its own, signed, and for as long as it counts', async () => {
    const link = (side: string) =>
      `https://meet.example/${side}/{session_id}?as={participant}&until={expires_at}&sig={signature}`;
    const { service, clock } = await start(joinLinks({ customer: link('c'), provider: link('p'), secret }));
    const { id, join } = await sell(service);
    const until = Math.floor(clock.now() / 1000) + 600;
    for (const [participant, answer] of [
      ['customer', expectOk(await join())],
      ['provider', expectOk(await join('provider'))],
    ] as const) {
      assert.deepEqual(
        [answer.provider, answer.participant, answer.expires_at],
        ['links', participant, until],
      );
      const url = new URL(answer.join_url!);
      assert.equal(url.pathname, `/${participant[0]}/${id}`);
      const signature = createHmac('sha256', secret)
        .update(`${id}\n${participant}\n${until}`)
        .digest('base64url');
      const given = Object.fromEntries(url.searchParams);
      assert.deepEqual(given, { as: participant, until: String(until), sig: signature });
    }
    clock.advance(5);
    const later = new URL(expectOk(await join('provider')).join_url!);
    assert.equal(later.searchParams.get('until'), String(until), 'never beyond the deadline');
  });

  test('of Jitsi: a token for the room, by which its server lets in', async () => {
    const { service, clock } = await start(jitsi({ host: 'meet.example:8443', appId: 'market', secret }));
    const { id, join } = await sell(service, { duration_seconds: 7_200 });
    const { join_url } = expectOk(await join());
    const url = new URL(join_url!);
    assert.deepEqual([url.host, url.pathname], ['meet.example:8443', `/${id}`]);
    assert.deepEqual(readHs256(url.searchParams.get('jwt')!, secret), {
      ...{ aud: 'jitsi', iss: 'market', sub: 'meet.example', room: id },
      context: { user: { id: 'customer' } },
      exp: Math.floor(clock.now() / 1000) + 900,
    });
    const plain = await jitsi({ host: 'meet.example' }).join(
      { roomId: id, sessionId: id, startedAt: null, endsAt: null },
      { participant: 'customer', id: 'customer', expiresAt: 0 },
    );
    assert.deepEqual(plain, { joinUrl: `https://meet.example/${id}` });
  });

  test('of LiveKit: made, joined with a token for it alone, and deleted at the end', async () => {
    const api = await RoomApi.start(() => [200, {}]);
    apis.push(api);
    const url = `ws://${api.host}`;
    const { service } = await start(livekit({ url, apiKey: 'key', apiSecret: secret }));
    const { id, join, end } = await sell(service);
    const { join_url } = expectOk(await join('provider'));
    await join();
    const page = new URL(join_url!);
    assert.deepEqual([page.origin, page.pathname], ['https://meet.livekit.io', '/custom']);
    assert.equal(page.searchParams.get('liveKitUrl'), url);
    const { exp, ...claims } = readHs256(page.searchParams.get('token')!, secret);
    assert.deepEqual(claims, { iss: 'key', sub: 'provider', video: { room: id, roomJoin: true } });
    assert.ok(Number(exp) > 0);
    expectOk(await end());
    await until(() => api.calls.length === 2);
    assert.deepEqual(
      api.calls.map(({ path, body }) => [path.split('/').pop(), body]),
      [
        ['CreateRoom', { name: id, empty_timeout: 3_600 }],
        ['DeleteRoom', { room: id }],
      ],
    );
    for (const { authorization } of api.calls) {
      const own = readHs256(authorization.replace('Bearer ', ''), secret);
      assert.deepEqual([own.iss, own.video], ['key', { roomCreate: true }]);
      assert.ok(Number(own.exp) > Date.now() / 1000);
    }
    await until(async () => (await rowsOf(service)).length === 0);
  });

  test('of Daily: private, one token each time; what hangs, fails or talks nonsense is told as that, and passes', async () => {
    const api = await startDaily();
    apis.push(api);
    const lines: string[] = [];
    const log = (message: string, fields?: object) => void lines.push(message + JSON.stringify(fields));
    const apiKey = 'key-of-daily';
    const { service, clock } = await start(daily({ apiKey, apiUrl: `http://${api.host}` }), {
      logger: { info: log, error: log },
    });
    const { id, join, end } = await sell(service);
    for (const behaviour of ['hangs', 'fails', 'garbage', 'endless'] as const) {
      api.behaviour = behaviour;
      const { status, body, headers } = await join();
      assert.deepEqual(
        [status, body.code, headers.get('retry-after')],
        [503, 'ROOM_UNAVAILABLE', '5'],
        behaviour,
      );
    }
    api.behaviour = 'well';
    api.take();
    const customer = new URL(expectOk(await join()).join_url!);
    const room = api.calls[0]!;
    assert.equal(room.authorization, `Bearer ${apiKey}`);
    assert.deepEqual([room.body.name, room.body.privacy], [id, 'private']);
    assert.deepEqual(
      { ...(api.calls[1]!.body.properties as Json), exp: 0 },
      { room_name: id, exp: 0, is_owner: false },
    );
    assert.equal(customer.origin + customer.pathname, `https://team.daily.example/${id}`);
    const provider = new URL(expectOk(await join('provider')).join_url!);
    assert.notEqual(provider.searchParams.get('t'), customer.searchParams.get('t'));
    assert.deepEqual(api.take(), ['POST /rooms', 'POST /meeting-tokens', 'POST /meeting-tokens']);
    api.behaviour = 'fails';
    const other = await sell(service);
    assert.equal((await other.join()).status, 503);
    // It was there already, only its answer was lost.
    api.behaviour = 'well';
    expectOk(await end());
    await until(() => api.calls.some(({ path }) => path === `/rooms/${id}`));
    const { properties } = api.calls.find(({ path }) => path === `/rooms/${id}`)!.body;
    const { exp, eject_at_room_exp } = properties as { exp: number; eject_at_room_exp: boolean };
    assert.ok(exp <= Date.now() / 1000 && eject_at_room_exp);
    await pass(clock, async () => (await rowsOf(service)).every(({ room_id }) => room_id !== null));
    const words = [apiKey, customer.searchParams.get('t')!];
    const tables = await service.database.kysely.selectFrom('failed_work').selectAll().execute();
    for (const word of words)
      assert.ok(!(lines.join() + JSON.stringify([tables, await rowsOf(service)])).includes(word));
  });

  test('what a provider of one’s own throws, or answers, lets nobody in and harms nobody', async () => {
    const provider = new OwnProvider();
    const { service } = await start(provider);
    const { join } = await sell(service);
    provider.joinUrl = 'javascript:alert(1)';
    assert.equal((await join()).body.code, 'ROOM_UNAVAILABLE');
    provider.joinUrl = 'https://rooms.example/1';
    assert.equal(expectOk(await join()).join_url, provider.joinUrl);
    const other = await sell(service);
    provider.beforeOpen = () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    };
    assert.equal((await other.join()).body.code, 'ROOM_UNAVAILABLE');
  });

  test('is opened once a helper has taken a request, before anybody asks for it', async () => {
    const provider = new OwnProvider();
    const { service } = await start(provider);
    const { application, userId } = await sell(service);
    const of = { application_id: [application.id], user_id: [userId] };
    const { secretKey } = application;
    const known = { ...of, ...(await seedHelp(service, { secretKey, known: of })) };
    const request = await helpRequestFor(service, 'withdraw', { secretKey, known });
    const { session_id } = expectOk(
      await service.call<{ session_id: string }>('GET', `/help-requests/${request}`, { as: secretKey }),
    );
    await until(() => provider.opened.includes(session_id));
    // The next one is taken back before it is open; no time passes, so it is not tried again either.
    let release = () => {};
    provider.beforeOpen = () => new Promise((resolve) => (release = resolve));
    const takenBack = await helpRequestFor(service, 'withdraw', { secretKey, known });
    await until(() => provider.opened.length === 2);
    expectOk(await service.call('POST', `/help-requests/${takenBack}/cancel`, { as: secretKey }));
    release();
    await until(() => provider.closed.length === 1);
    await until(async () => (await rowsOf(service)).every(({ room_id }) => room_id === `room-${session_id}`));
    expectOk(await service.call('POST', `/help-requests/${request}/cancel`, { as: secretKey }));
    await until(() => provider.closed.length === 2);
  });

  test('is opened by whoever asks to join, once; who only reads opens none', async () => {
    const provider = new OwnProvider();
    const { service } = await start(provider);
    const { id, join, read } = await sell(service);
    const { status, body } = await read();
    assert.deepEqual([status, body.code, await rowsOf(service)], [404, 'ROOM_NOT_OPEN', []]);
    const both = await Promise.all([join(), join('provider')]);
    assert.deepEqual(
      both.map((answer) => expectOk(answer).participant),
      ['customer', 'provider'],
    );
    const opened = provider.opened.length;
    assert.deepEqual(expectOk(await read()), both[0]!.body);
    expectOk(await join());
    assert.deepEqual(new Set(provider.opened), new Set([id]));
    assert.equal(provider.opened.length, opened);
  });

  test('that is being opened while its session ends is closed too', async () => {
    const provider = new OwnProvider();
    const { service } = await start(provider);
    const { id, join, end } = await sell(service);
    let release = () => {};
    provider.beforeOpen = () => new Promise((resolve) => (release = resolve));
    const asked = join();
    await until(() => provider.opened.length === 1);
    expectOk(await end());
    release();
    assert.equal((await asked).body.code, 'SESSION_ENDED');
    await until(() => provider.closed.length === 1);
    assert.deepEqual(provider.closed, [`room-${id}`]);
    await until(async () => (await rowsOf(service)).length === 0);
  });

  test('is closed at the deadline, by one instance of several; what fails is tried again and holds up nobody', async (t) => {
    if (source.kind !== 'PostgreSQL') return t.skip('an embedded database has one instance');
    const provider = new OwnProvider();
    const first = await start(provider);
    const { database, clock } = first;
    const { now, timer } = clock;
    const second = await start(provider, { database, now, timer });
    const sessions = [];
    for (let n = 0; n < 4; n += 1) sessions.push(await sell(n % 2 ? first.service : second.service));
    for (const { join } of sessions) expectOk(await join());
    const [bad, ...good] = sessions.map(({ id }) => `room-${id}`);
    let failures = 0;
    provider.beforeClose = (roomId) => {
      if (roomId === bad && (failures += 1) <= 3) throw new Error('not now');
    };
    clock.advance(599);
    assert.deepEqual(provider.closed, []);
    await pass(clock, () => provider.closed.length === 3, 0.5);
    assert.deepEqual([...provider.closed].sort(), good.sort());
    await pass(clock, () => provider.closed.length === 4, 0.5);
    assert.equal(failures, 4);
    await until(async () => (await rowsOf(first.service)).length === 0);
    clock.advance(120);
    assert.equal(provider.closed.length, 4, 'each of them once');
  });

  test('is closed by whoever starts next where nobody ran at its end', async (t) => {
    if (source.kind !== 'PostgreSQL') return t.skip('an embedded database has one instance');
    const provider = new OwnProvider();
    const { service, database, clock } = await start(provider);
    const { id, join } = await sell(service);
    expectOk(await join());
    await services.pop()!.close();
    clock.advance(3_600);
    const { now, timer } = clock;
    const next = await start(provider, { database, now, timer });
    await pass(clock, () => provider.closed.length === 1, 0.5);
    assert.deepEqual(provider.closed, [`room-${id}`]);
    await until(async () => (await rowsOf(next.service)).length === 0);
    // Ended by an instance of before, which tells no room of it.
    const other = await sell(next.service);
    expectOk(await other.join());
    const { kysely } = next.service.database;
    await sql`create function knows_no_rooms() returns trigger language plpgsql as $$ begin return null; end $$`.execute(
      kysely,
    );
    await sql`create trigger knows_no_rooms before update on rooms for each row
      when (new.is_over) execute function knows_no_rooms()`.execute(kysely);
    expectOk(await other.end());
    await sql`drop trigger knows_no_rooms on rooms`.execute(kysely);
    clock.advance(3_600);
    await pass(clock, () => provider.closed.length === 2, 0.5);
  });

  test('is not there where it is turned off', async () => {
    const { service } = await start(embedded(), { roomProvider: null });
    const { id, as, join } = await sell(service);
    assert.equal((await join()).status, 404);
    const { capabilities } = expectOk(
      await service.call<{ capabilities: string[] }>('POST', '/sessions/validate', {
        body: { session_jwt: as },
        as: null,
      }),
    );
    assert.ok(!capabilities.includes('room'));
    assert.equal((await service.call('POST', `/sessions/${id}/signals`, { as, body: {} })).status, 404);
  });
});

describe('Settings of rooms', () => {
  const nameOf = (environment: Record<string, string>) => readRoomProvider(environment)?.name;

  test('name one provider, and all that it needs', () => {
    assert.equal(nameOf({}), 'embedded');
    assert.equal(nameOf({ MARKETPLACE_ROOM_PROVIDER: 'off' }), undefined);
    const turn = { MARKETPLACE_TURN_URLS: 'turn:a.example, turns:a.example', MARKETPLACE_TURN_SECRET: 's' };
    assert.equal(nameOf(turn), 'embedded');
    const jitsiHost = { MARKETPLACE_ROOM_PROVIDER: 'jitsi', MARKETPLACE_JITSI_HOST: 'meet.example' };
    assert.equal(nameOf(jitsiHost), 'jitsi');
    const keys = { LIVEKIT_URL: 'wss://a.example', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };
    assert.equal(nameOf({ MARKETPLACE_ROOM_PROVIDER: 'livekit', ...keys }), 'livekit');
    assert.equal(nameOf({ MARKETPLACE_ROOM_PROVIDER: 'daily', DAILY_API_KEY: 'k' }), 'daily');
    const links = {
      MARKETPLACE_ROOM_LINK_CUSTOMER: 'https://a.example/{session_id}',
      MARKETPLACE_ROOM_LINK_PROVIDER: 'https://a.example/{session_id}',
    };
    assert.equal(nameOf({ MARKETPLACE_ROOM_PROVIDER: 'links', ...links }), 'links');
    for (const wrong of [
      { MARKETPLACE_ROOM_PROVIDER: 'toString' },
      { MARKETPLACE_ROOM_PROVIDER: 'daily' },
      { MARKETPLACE_TURN_URLS: 'turn:a.example' },
      { MARKETPLACE_STUN_URLS: 'a.example' },
      { ...jitsiHost, MARKETPLACE_JITSI_SECRET: 's' },
      { ...jitsiHost, MARKETPLACE_JITSI_HOST: 'meet.example/path' },
      { MARKETPLACE_ROOM_PROVIDER: 'livekit', ...keys, LIVEKIT_URL: 'https://a.example' },
      {
        MARKETPLACE_ROOM_PROVIDER: 'links',
        ...links,
        MARKETPLACE_ROOM_LINK_CUSTOMER: 'https://a.example/{signature}',
      },
      {
        MARKETPLACE_ROOM_PROVIDER: 'links',
        ...links,
        MARKETPLACE_ROOM_LINK_CUSTOMER: 'https://a.example/{name}',
      },
      {
        MARKETPLACE_ROOM_PROVIDER: 'links',
        ...links,
        MARKETPLACE_ROOM_LINK_CUSTOMER: 'a.example/{session_id}',
      },
    ])
      assert.throws(() => readRoomProvider(wrong), TypeError, JSON.stringify(wrong));
  });
});
