import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { sql } from 'kysely';
import { after, before, test } from 'node:test';
import type { ValidateAnswer } from '../../src/protocol/api.js';
import { announceSubject, eventsChannel } from '../../src/service/foundation/events/announcements.js';
import { describeOnEachDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { expectOk, startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { TestBrowser } from './test-browser.js';
import { TestClock } from './test-clock.js';

const lengths = { extension_options: [{ additional_seconds: 900, tokens: 1 }], max_duration_seconds: 86_400 };

describeOnEachDatabase('Live events', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication(lengths);
    userId = await service.createCustomer(1_000_000);
  });
  after(() => service.close());

  async function buy() {
    const { session, session_token: token } = await service.createSession(application, userId, {
      duration_seconds: 3600,
    });
    return { token, path: `/api/v1/sessions/${session.id}`, id: session.id };
  }
  const listen = (path: string, as: string, lastEventId?: number | string) =>
    EventReader.open(`${service.url}${path}/events`, {
      Authorization: `Bearer ${as}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': String(lastEventId) }),
    });
  const change = (path: string, action: string, as: string, body: object = {}) =>
    service
      .call('POST', `${path}/${action}`, { as, body, headers: { 'Idempotency-Key': crypto.randomUUID() } })
      .then(expectOk);
  const extend = (path: string, as: string) => change(path, 'extend', as, { additional_seconds: 900 });
  const eventsOf = (id: string) =>
    service.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('subject', '=', `session:${id}`)
      .where('type', 'not like', 'participant.%')
      .orderBy('id')
      .execute();

  test('are named in the capabilities of a validation', async () => {
    const { token } = await buy();
    const { body } = await service.call<ValidateAnswer>('POST', '/sessions/validate', {
      as: null,
      body: { session_jwt: token },
    });
    const offered = ['events', 'presence', 'waiting', 'idempotency', 'chat', 'files', 'metrics', 'room'];
    assert.deepEqual(body.capabilities, offered);
  });

  test('begin with the session as it stands, tell each change with the whole session, and end with it', async () => {
    const { token, path, id } = await buy();
    const reader = await listen(path, token);
    const { headers } = reader.response;
    assert.equal(headers.get('content-type'), 'text/event-stream');
    assert.equal(headers.get('cache-control'), 'no-store');
    const [first] = await reader.atLeast(1);
    assert.deepEqual(reader.others, ['retry: 3000']);
    assert.equal(first!.event, 'session.snapshot');
    assert.equal(first!.id, (await eventsOf(id)).at(-1)!.id);
    assert.equal(first!.data.session.status, 'active');
    assert.equal(first!.data.server_time, clock.now());

    await change(path, 'pause', token);
    await reader.atLeast(2);
    await change(path, 'resume', token);
    await reader.atLeast(3);
    await extend(path, token);
    await reader.atLeast(4);
    await change(path, 'end', token);
    await reader.untilOver();
    assert.deepEqual(reader.types, [
      'session.snapshot',
      'session.paused',
      'session.resumed',
      'session.extended',
      'session.ended',
    ]);
    assert.deepEqual(
      reader.frames.map(({ data }) => data.session.status),
      ['active', 'paused', 'active', 'active', 'completed'],
    );
    assert.deepEqual(
      reader.ids,
      (await eventsOf(id)).map((event) => event.id),
    );
    const [extended, ended] = reader.frames.slice(3).map(({ data }) => data);
    assert.ok(extended?.type === 'session.extended' && ended?.type === 'session.ended', 'in that order');
    assert.equal(extended.additional_seconds, 900);
    assert.equal(extended.session.expires_at, extended.expires_at);
    assert.equal(extended.session_id, id);
    assert.equal(extended.created_at, clock.now() / 1000);
    assert.equal(ended.final_cost, ended.session.final_cost);
    await until(() => service.service.openStreams === 0);
  });

  test('go on after Last-Event-ID, without a snapshot, in order', async () => {
    const { token, path, id } = await buy();
    for (let i = 0; i < 3; i++) await extend(path, token);
    const all = (await eventsOf(id)).map((event) => event.id);
    const reader = await listen(path, token, all[1]!);
    await reader.atLeast(2);
    assert.deepEqual(reader.ids, all.slice(2));
    await extend(path, token);
    await reader.atLeast(3);
    assert.equal(reader.types.includes('session.snapshot'), false);
    reader.leave();
    const whole = await listen(path, token, 0);
    await whole.atLeast(5);
    assert.equal(whole.types[0], 'session.started');
    whole.leave();
  });

  test('of an ended session are the rest, or a snapshot, or nothing to come back for', async () => {
    const { token, path, id } = await buy();
    await change(path, 'end', token);
    const [started, ended] = await eventsOf(id);
    const rest = await listen(path, token, started!.id);
    await rest.untilOver();
    assert.deepEqual(rest.types, ['session.ended']);
    const snapshot = await listen(path, token);
    await snapshot.untilOver();
    assert.deepEqual(snapshot.types, ['session.snapshot']);
    assert.equal(snapshot.frames[0]!.data.session.status, 'completed');
    assert.equal(snapshot.frames[0]!.id, ended!.id);
    const nothing = await service.call('GET', `${path}/events`, {
      as: token,
      headers: { 'Last-Event-ID': String(ended!.id) },
    });
    assert.equal(nothing.status, 204);
  });

  test('refuse a Last-Event-ID that is none, or none of this session', async () => {
    const { token, path, id } = await buy();
    const newest = (await eventsOf(id)).at(-1)!.id;
    for (const wrong of ['x', '-1', '1.5', '0x1', '1e3', '9'.repeat(30), String(newest + 1), '1, 2']) {
      const answer = await service.call('GET', `${path}/events`, {
        as: token,
        headers: { 'Last-Event-ID': wrong },
      });
      assert.equal(answer.body.code, 'EVENT_ID_INVALID', wrong);
      assert.equal(answer.status, 400);
    }
  });

  test('are for who may read the session, with a proof where it is bound', async () => {
    const { token, path, id } = await buy();
    const own = new TestBrowser(service, clock.now);
    expectOk(await own.validate(token));
    const refusals: [string, Promise<{ status: number; body: Record<string, unknown> }>][] = [
      ['PROOF_REQUIRED', service.call('GET', `${path}/events`, { as: token })],
      ['CREDENTIAL_MISSING', service.call('GET', `${path}/events`, { as: null })],
      ['SESSION_BOUND_ELSEWHERE', new TestBrowser(service, clock.now).call('GET', `${path}/events`, token)],
      ['TOKEN_SESSION_MISMATCH', service.call('GET', `${path}/events`, { as: (await buy()).token })],
      [
        'SESSION_NOT_FOUND',
        service.call('GET', `${path}/events`, { as: (await service.createApplication()).secretKey }),
      ],
    ];
    for (const [code, answer] of refusals) assert.equal((await answer).body.code, code);

    const headers = { Authorization: `DPoP ${token}`, DPoP: own.proof('GET', `${path}/events`, token) };
    const bound = await EventReader.open(`${service.url}${path}/events`, {
      ...headers,
      Origin: 'https://app.example',
    });
    assert.equal(bound.response.headers.get('access-control-allow-origin'), 'https://app.example');
    const server = await listen(path, application.secretKey);
    await Promise.all([bound.atLeast(1), server.atLeast(1)]);

    // A launch lets another browser in: the stream of the former one ends, the server's goes on.
    expectOk(await service.call('POST', `${path}/launch`, { as: application.secretKey }));
    await bound.untilOver();
    await service.call('POST', `/sessions/${id}/end`);
    await server.untilOver();
    assert.deepEqual(server.types, ['session.snapshot', 'session.ended']);
    assert.deepEqual(bound.types, ['session.snapshot']);
  });

  test('are kept alive by a comment every 15 s without an event', async () => {
    const { token, path } = await buy();
    const reader = await listen(path, token);
    await reader.atLeast(1);
    for (let second = 1; second < 15; second++) clock.advance(1);
    assert.deepEqual(reader.others, ['retry: 3000']);
    clock.advance(1);
    await until(() => reader.others.length === 2);
    clock.advance(10);
    await extend(path, token);
    await reader.atLeast(2);
    clock.advance(10);
    clock.advance(4);
    clock.advance(1);
    await until(() => reader.others.length === 3);
    assert.deepEqual(reader.others, ['retry: 3000', ':', ':']);
    reader.leave();
    await until(() => service.service.openStreams === 0);
  });

  test('are lost and doubled by nobody who leaves and comes back while changes run', async () => {
    const { token, path, id } = await buy();
    const changes = (async () => {
      for (let round = 0; round < 12; round++) {
        await Promise.all([extend(path, token), extend(path, application.secretKey)]);
        await change(path, 'pause', token);
        await change(path, 'resume', token);
      }
      await change(path, 'end', token);
    })();
    const seen: number[] = [];
    let lastId = (await eventsOf(id))[0]!.id;
    for (let visit = 1; ; visit++) {
      const reader = await listen(path, token, lastId).catch(() => undefined);
      if (!reader) break;
      await until(() => reader.frames.length >= visit % 4 || reader.isOver);
      reader.leave();
      seen.push(...reader.ids);
      lastId = seen.at(-1) ?? lastId;
      if (reader.types.includes('session.ended')) break;
    }
    await changes;
    assert.deepEqual(
      seen,
      (await eventsOf(id)).slice(1).map((event) => event.id),
    );
  });

  test('leave nothing behind of 200 readers who went away', async () => {
    const { token, path } = await buy();
    const others = await Promise.all(Array.from({ length: 19 }, buy));
    const readers = await Promise.all(
      [{ token, path }, ...others].flatMap((one) =>
        Array.from({ length: 10 }, () => listen(one.path, one.token)),
      ),
    );
    await Promise.all(readers.map((reader) => reader.atLeast(1)));
    assert.equal(service.service.openStreams, 200);
    await extend(path, token);
    await Promise.all(readers.slice(0, 10).map((reader) => reader.atLeast(2)));
    assert.ok(
      readers.slice(10).every(({ frames }) => frames.length === 1),
      'another session was woken',
    );
    for (const reader of readers) reader.leave();
    await until(() => service.service.openStreams === 0);
  });

  test('of one session are for 16 readers at most: one more ends the oldest', async () => {
    const { token, path } = await buy();
    const readers = [];
    for (let i = 0; i < 17; i++) {
      readers.push(await listen(path, token));
      await readers[i]!.atLeast(1);
    }
    await readers[0]!.untilOver();
    assert.equal(service.service.openStreams, 16);
    for (const reader of readers) reader.leave();
    await until(() => service.service.openStreams === 0);
  });

  test('keep no stream open for who asks for the head only', async () => {
    const { token, path } = await buy();
    const response = await fetch(`${service.url}${path}/events`, {
      method: 'HEAD',
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.equal(service.service.openStreams, 0);
  });

  test('drop a reader who takes nothing, and go on where he comes back', async () => {
    const { token, path, id } = await buy();
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    socket.on('error', () => {});
    socket.write(`GET ${path}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await until(() => received.includes('session.snapshot'));
    socket.pause();
    // More than the buffers of both ends hold.
    const count = 3000;
    await sql`
      insert into events (subject, type, payload, created_at)
      select ${`session:${id}`}, 'session.extended', jsonb_build_object('padding', repeat('x', 4000)), ${clock.now()}
      from generate_series(1, ${count}::int)`.execute(service.database.kysely);
    await announceSubject(service.database.kysely, `session:${id}`);
    const stuck = async () => {
      clock.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
      return service.service.openStreams === 0;
    };
    await until(stuck);
    socket.resume();
    await once(socket, 'close');
    const ids = [...received.matchAll(/^id: (\d+)\nevent: \S+\ndata: .*\n\n/gm)].map(([, found]) =>
      Number(found),
    );
    assert.ok(ids.length > 1 && ids.length < count, `${ids.length} came through`);

    const reader = await listen(path, token, ids.at(-1)!);
    // As it does outside of a test: a read that failed is tried again with the next second.
    const ticking = setInterval(() => clock.advance(1), 1000);
    await reader.atLeast(count + 1 - ids.length).finally(() => clearInterval(ticking));
    assert.deepEqual(
      [...ids, ...reader.ids],
      (await eventsOf(id)).map((event) => event.id),
    );
    reader.leave();
  });
});

describeOnEachDatabase('A service that closes', (source) => {
  test('ends its streams, and takes no new ones', async () => {
    const service = await startTestService({ database: await source.create() });
    const application = await service.createApplication();
    const { session, session_token } = await service.createSession(
      application,
      await service.createCustomer(1000),
    );
    const url = `${service.url}/sessions/${session.id}/events`;
    const readers = await Promise.all(
      Array.from({ length: 5 }, () => EventReader.open(url, { Authorization: `Bearer ${session_token}` })),
    );
    await Promise.all(readers.map((reader) => reader.atLeast(1)));
    await service.service.close();
    await Promise.all(readers.map((reader) => reader.untilOver()));
    const late = await service.call('GET', `/sessions/${session.id}/events`, { as: session_token });
    assert.equal(late.body.code, 'SERVICE_UNAVAILABLE');
    const startedAt = Date.now();
    await service.close();
    assert.ok(Date.now() - startedAt < 4000, 'an idle connection held it up');
  });
});

describeOnEachDatabase('Several services on one database', (source) => {
  // An embedded database belongs to one process.
  if (source.kind === 'PGlite') return;

  test('stream what any of them changed, once and in order, also after the listener was cut off', async () => {
    const database = await source.create();
    const services = await Promise.all([1, 2].map(() => startTestService({ database })));
    const [one, two] = services as [TestService, TestService];
    try {
      const application = await one.createApplication(lengths);
      const userId = await one.createCustomer(100_000);
      const sold = await Promise.all(
        Array.from({ length: 4 }, () => one.createSession(application, userId, { duration_seconds: 3600 })),
      );
      const readers = await Promise.all(
        sold.flatMap(({ session, session_token }) =>
          services.map(({ url }) =>
            EventReader.open(`${url}/sessions/${session.id}/events`, {
              Authorization: `Bearer ${session_token}`,
            }),
          ),
        ),
      );
      await Promise.all(readers.map((reader) => reader.atLeast(1)));
      const extendAll = () =>
        Promise.all(
          sold.flatMap(({ session, session_token }) =>
            services.map((service) =>
              service
                .call('POST', `/sessions/${session.id}/extend`, {
                  as: session_token,
                  body: { additional_seconds: 900 },
                  headers: { 'Idempotency-Key': crypto.randomUUID() },
                })
                .then(expectOk),
            ),
          ),
        );
      await extendAll();
      await Promise.all(readers.map((reader) => reader.atLeast(3)));

      const cut = await sql<{ pid: number }>`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like ${`listen %${eventsChannel}%`}`.execute(
        two.database.kysely,
      );
      assert.equal(cut.rows.length, 2);
      await extendAll();
      await Promise.all(sold.map(({ session }) => two.call('POST', `/sessions/${session.id}/end`)));
      await Promise.all(readers.map((reader) => reader.untilOver()));
      const rows = await one.database.kysely
        .selectFrom('events')
        .selectAll()
        .where('type', 'not like', 'participant.%')
        .orderBy('id')
        .execute();
      for (const [index, reader] of readers.entries()) {
        const { id } = sold[Math.floor(index / 2)]!.session;
        const [, ...changes] = rows.filter(({ subject }) => subject === `session:${id}`).map((row) => row.id);
        // The first id is the snapshot's: that of the last event then, perhaps that somebody had joined.
        assert.deepEqual(reader.ids.slice(1), changes);
        assert.equal(reader.types.at(-1), 'session.ended');
      }
    } finally {
      await Promise.all(services.map((service) => service.close()));
    }
  });
});
