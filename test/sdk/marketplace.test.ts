import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import {
  ApiError,
  ConflictError,
  type CustomerRecord,
  type InsufficientTokensError,
  Marketplace,
  type Session,
} from '../../src/sdk/index.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  type TestApplication,
  type TestService,
} from '../service/fixtures.js';
import { HelpScene } from '../service/help-desk.js';

let service: TestService;
let application: TestApplication;
let marketplace: Marketplace;
let operator: Marketplace;
before(async () => {
  service = await startTestService();
  application = await service.createApplication();
  marketplace = new Marketplace({ secretKey: application.secretKey, apiUrl: service.url });
  operator = new Marketplace({ secretKey: operatorKey, apiUrl: service.url });
});
after(() => service.close());

const sell = (userId: string, metadata?: Record<string, string>) =>
  marketplace.sessions.create({ applicationId: application.id, userId, durationSeconds: 600, metadata });

describe('A marketplace', () => {
  test('sells a session: in camelCase, with dates, metadata as it is', async () => {
    const customer = await service.createCustomer(1000);
    const { session, sessionToken, launchUrl, serverTime } = await sell(customer, { order_id: '4711' });
    assert.ok(session.createdAt instanceof Date);
    assert.ok(Math.abs(session.expiresAt!.getTime() - (serverTime + 600_000)) < 5_000);
    assert.equal(session.endedAt, null);
    assert.ok(launchUrl!.endsWith(sessionToken));
    assert.equal(session.extensionOptions[0]!.additionalSeconds, 900);
    const { metadata } = await service.database.kysely
      .selectFrom('sessions')
      .select('metadata')
      .where('id', '=', session.id)
      .executeTakeFirstOrThrow();
    assert.deepEqual(metadata, { order_id: '4711' });
  });

  test('reads the answer too, as the wire says it', async () => {
    const { session } = await sell(await service.createCustomer(1000));
    const call = marketplace.sessions.retrieve(session.id);
    const { data, response, requestId } = await call.withResponse();
    assert.equal(data.session.id, session.id);
    assert.equal(requestId, response.headers.get('x-request-id'));
    const wire = (await (await call.asResponse()).json()) as { session: { created_at: number } };
    assert.equal(wire.session.created_at * 1000, session.createdAt.getTime());
    assert.equal(await call.then(({ session: { id } }) => id).finally(() => {}), session.id);
  });

  test('names a change by an ETag', async () => {
    const { data, response } = await operator.applications.retrieve(application.id).withResponse();
    const headers = { 'If-Match': response.headers.get('etag')! };
    assert.equal((await operator.applications.update(data.id, { name: 'New' }, { headers })).name, 'New');
    await assert.rejects(operator.applications.update(data.id, { name: 'Newer' }, { headers }), {
      name: 'ApiError',
      code: 'PRECONDITION_FAILED',
    });
  });

  test('takes a deletion’s empty answer', async () => {
    assert.equal(await operator.customers.delete(await service.createCustomer(0)), undefined);
  });

  test('follows a provider, and reads what has happened, also as a file', async () => {
    const { provider_id: id } = expectOk(
      await service.call<{ provider_id: string }>('GET', `/applications/${application.id}`),
    );
    const leaving = new AbortController();
    const events = marketplace.providers.events(id, { signal: leaving.signal });
    assert.equal((await events.next()).value!.type, 'figures.snapshot');
    const { session } = await sell(await service.createCustomer(1000));
    const { value } = await events.next();
    assert.ok(value?.type === 'figures.changed' && value.sessionIds.includes(session.id));
    leaving.abort();
    await assert.rejects(events.next(), { name: 'AbortError' });
    const [first] = await marketplace.sessions.timeline(session.id).toArray({ limit: 1 });
    assert.equal(first!.type, 'session.started');
    const { attention } = await marketplace.providers.attention(id);
    assert.ok(attention.every(({ count }) => count === 0));

    const readAll = async ({ providers }: Marketplace, provider = id) => {
      let whole = '';
      const params = { userId: session.userId, timeZone: 'Asia/Kathmandu' };
      for await (const text of providers.sessionsCsv(provider, params)) whole += text;
      return whole;
    };
    const [names, row, ...others] = (await readAll(marketplace)).split('\r\n');
    assert.match(names!, /^session_id,.*,created_at,/);
    assert.ok(row!.startsWith(session.id) && row!.includes('+05:45'));
    assert.deepEqual(others, ['']);
    await assert.rejects(readAll(operator, 'nobody'), { code: 'PROVIDER_NOT_FOUND' });
    const torn = new Marketplace({
      secretKey: operatorKey,
      apiUrl: service.url,
      fetch: () => {
        const start = (controller: ReadableStreamDefaultController<Uint8Array>) =>
          controller.error(new Error('torn'));
        return new Response(new ReadableStream({ start }));
      },
    });
    await assert.rejects(readAll(torn), { name: 'ConnectionError', code: 'NETWORK_FAILED' });
  });

  test('exports a customer, and says where the export broke off', async () => {
    const customer = await service.createCustomer(1000);
    const { session } = await sell(customer);
    const readAll = async ({ customers }: Marketplace) => {
      const records: CustomerRecord[] = [];
      for await (const record of customers.export(customer)) records.push(record);
      return records;
    };
    const records = await readAll(operator);
    assert.deepEqual([...new Set(records.map(({ record }) => record))].sort(), [
      'change',
      'customer',
      'session',
      'wallet_entry',
    ]);
    assert.equal(records.find(({ record }) => record === 'session')!.id, session.id);
    await assert.rejects(operator.customers.export('nobody').next(), { code: 'CUSTOMER_NOT_FOUND' });

    for (const text of ['{"record":"customer"}\n{"record":"sess', '{"record":"customer"}\n', '<html>\n']) {
      const torn = new Marketplace({
        secretKey: operatorKey,
        apiUrl: service.url,
        fetch: () => new Response(text),
      });
      await assert.rejects(readAll(torn), {
        name: 'ConnectionError',
        code: 'NETWORK_FAILED',
      });
    }
  });

  test('takes an address with and without /api/v1, and a service of its own process', async () => {
    const customer = await service.createCustomer(0);
    for (const apiUrl of [service.url, `${service.url}/`, `${service.url}/api/v1`, `${service.url}/api/v1/`])
      assert.equal(
        (await new Marketplace({ secretKey: operatorKey, apiUrl }).customers.retrieve(customer)).id,
        customer,
      );
    const within = new Marketplace({
      secretKey: operatorKey,
      apiUrl: 'http://session.test',
      fetch: (request) => service.service.fetch(request),
    });
    assert.equal((await within.customers.retrieve(customer)).id, customer);
  });

  test('hears a session live, to its end', async () => {
    const { session } = await sell(await service.createCustomer(1000));
    const types: string[] = [];
    for await (const event of marketplace.sessions.events(session.id)) {
      types.push(event.type);
      assert.ok(event.createdAt instanceof Date);
      if (event.type === 'session.snapshot') await marketplace.sessions.pause(session.id);
      if (event.type === 'session.paused') {
        assert.ok(event.pauseEndsAt instanceof Date);
        await marketplace.sessions.end(session.id);
      }
      if (event.type === 'session.ended') assert.equal(event.session.id, session.id);
    }
    assert.deepEqual(types, ['session.snapshot', 'session.paused', 'session.ended']);
  });

  test('hears a help request to its end, and what a helper’s desk shows', async (t) => {
    const scene = await HelpScene.open(service);
    const { helpers, helpRequests } = new Marketplace({
      secretKey: scene.application.secretKey,
      apiUrl: service.url,
    });
    const helper = await scene.helper();
    await scene.desk(helper).then((desk) => desk.leave());
    const { categoryId } = scene;
    const request = await helpRequests.create({
      applicationId: scene.application.id,
      userId: await scene.customer(),
      categoryId,
      description: 'It drips.',
    });
    const stopping = new AbortController();
    t.after(() => stopping.abort());
    const desk = helpers.events(helper.id, stopping);
    const shown = (await desk.next()).value!;
    assert.ok(shown.type === 'desk.snapshot');
    assert.deepEqual([shown.requests[0]?.id, shown.unreadCount], [request.id, 1]);
    assert.ok(shown.requests[0]!.createdAt instanceof Date);
    const types: string[] = [];
    for await (const event of helpRequests.events(request.id)) {
      types.push(event.type);
      assert.equal(event.request.id, request.id);
      if (event.type === 'help_request.snapshot') await helpRequests.cancel(request.id);
    }
    assert.deepEqual(types, ['help_request.snapshot', 'help_request.cancelled']);
    const changed = (await desk.next()).value!;
    assert.ok(changed.type === 'help_request.changed' && changed.request.status === 'cancelled');
    stopping.abort();
    await assert.rejects(desk.next(), { name: 'AbortError' });
    const told = await helpers.notifications(helper.id).toArray({ limit: 10 });
    assert.deepEqual(
      told.map(({ type, readAt }) => [type, readAt]),
      [['offered', null]],
    );
    assert.equal((await helpers.readNotifications(helper.id, { upTo: told[0]!.id })).unreadCount, 0);
    assert.deepEqual(await helpers.notifications(helper.id, { unread: 'true' }).toArray({ limit: 1 }), []);
  });

  test('asks for a page what the page would ask, about its own application’s sessions alone', async () => {
    const sold = await sell(await service.createCustomer(1000));
    const { session } = sold;
    const { sessions } = await HelpScene.open(service).then(
      (scene) => new Marketplace({ secretKey: scene.application.secretKey, apiUrl: service.url }),
    );
    for (const params of [{ jti: session.id }, { sessionJwt: sold.sessionToken }]) {
      const answer = await marketplace.sessions.validate(params);
      assert.deepEqual([answer.valid, answer.session.id], [true, session.id]);
      assert.ok(answer.session.expiresAt instanceof Date);
    }
    await assert.rejects(sessions.validate({ jti: session.id }), { code: 'SESSION_NOT_FOUND' });
    const beat = await marketplace.sessions.heartbeat(session.id, { timestamp: Date.now(), active: true });
    assert.equal(beat.session?.id, session.id);
    await assert.rejects(sessions.heartbeat(session.id, { timestamp: 0, active: true }), {
      code: 'SESSION_NOT_FOUND',
    });
  });

  test('stops listening, and is told where there is nothing to hear', async () => {
    const { session } = await sell(await service.createCustomer(1000));
    const stopping = new AbortController();
    const heard = marketplace.sessions.events(session.id, stopping);
    assert.equal((await heard.next()).value?.type, 'session.snapshot');
    stopping.abort();
    await assert.rejects(heard.next(), { name: 'AbortError' });
    await assert.rejects(marketplace.sessions.events('none').next(), { code: 'SESSION_NOT_FOUND' });
  });
});

describe('Pages', () => {
  let customer: string;
  let ids: string[];
  before(async () => {
    customer = await service.createCustomer(100_000);
    ids = [];
    for (let count = 0; count < 7; count += 1) ids.unshift((await sell(customer)).session.id);
  });
  const list = () => marketplace.sessions.list({ userId: customer, limit: 3 });
  const idsOf = (sessions: readonly Session[]) => sessions.map(({ id }) => id);

  test('are passed through by iterating', async () => {
    const found: string[] = [];
    for await (const { id } of list()) found.push(id);
    assert.deepEqual(found, ids);
  });

  test('are asked for one by one', async () => {
    const first = await list();
    assert.deepEqual(idsOf(first.data), ids.slice(0, 3));
    assert.ok(first.hasNextPage());
    const second = await first.getNextPage();
    assert.deepEqual(idsOf(second.data), ids.slice(3, 6));
    const { data: last, response } = await second.getNextPage().withResponse();
    assert.deepEqual(idsOf(last.data), ids.slice(6));
    assert.equal(response.status, 200);
    assert.ok(!last.hasNextPage());
    assert.throws(() => last.getNextPage(), TypeError);
    const behind: string[] = [];
    for await (const { id } of second) behind.push(id);
    assert.deepEqual(behind, ids.slice(3));
  });

  test('are taken together up to a limit, and no further page is asked for', async () => {
    assert.deepEqual(idsOf(await list().toArray({ limit: 4 })), ids.slice(0, 4));
    assert.deepEqual(await list().toArray({ limit: 0 }), []);
    let asked = 0;
    const counting = new Marketplace({
      secretKey: application.secretKey,
      apiUrl: service.url,
      onRequest: () => (asked += 1),
    });
    await counting.sessions.list({ userId: customer, limit: 3 }).toArray({ limit: 3 });
    assert.equal(asked, 1);
  });

  test('go on behind a cursor', async () => {
    const { nextCursor } = await list();
    const rest = marketplace.sessions.list({ userId: customer, cursor: nextCursor! });
    assert.deepEqual(idsOf((await rest).data), ids.slice(3));
  });
});

describe('A mistake in the program', () => {
  const right = { secretKey: 'sk_test_abc', apiUrl: 'https://market.example' };
  const wrong: [object, RegExp][] = [
    [{ ...right, secretKey: undefined }, /secretKey is missing: pass it, or set MARKETPLACE_SECRET_KEY/],
    [{ ...right, secretKey: '' }, /secretKey is missing/],
    [{ ...right, secretKey: 'sk_test_abc\n' }, /secretKey is missing/],
    [{ ...right, apiUrl: undefined }, /apiUrl is missing: pass it, or set MARKETPLACE_API_URL/],
    [{ ...right, apiUrl: 'market.example' }, /apiUrl must be/],
    [{ ...right, apiUrl: 'https://key@market.example' }, /apiUrl must be/],
    [{ ...right, timeoutMs: 0 }, /timeoutMs must be/],
    [{ ...right, timeoutMs: Infinity }, /timeoutMs must be/],
    [{ ...right, maxRetries: -1 }, /maxRetries from 0 on/],
  ];
  for (const [options, message] of wrong)
    test(`is a TypeError: ${message.source}`, () => {
      assert.throws(() => new Marketplace(options), { name: 'TypeError', message });
    });

  test('an id that would lead elsewhere reaches nobody', () => {
    for (const id of ['', '.', '..', undefined as unknown as string])
      assert.throws(() => marketplace.sessions.retrieve(id), TypeError);
    assert.throws(() => marketplace.request('GET', 'sessions'), TypeError);
  });

  test('a secret key in a browser is refused before anything is sent', async () => {
    const page = { document: {}, importScripts: undefined };
    for (const browser of [page, { importScripts() {} }, { navigator: { product: 'ReactNative' } }]) {
      const kept = Object.keys(browser).map(
        (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
      );
      for (const [name, value] of Object.entries(browser))
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
      try {
        assert.throws(() => new Marketplace(right), {
          code: 'SECRET_KEY_IN_BROWSER',
          message: 'Marketplace is for servers: in a browser everybody could read its secret key.',
        });
      } finally {
        for (const [name, descriptor] of kept)
          if (descriptor) Object.defineProperty(globalThis, name, descriptor);
          else Reflect.deleteProperty(globalThis, name);
      }
    }
  });

  test('shows nothing of the key', () => {
    const shown =
      inspect(new Marketplace(right), { depth: 9, showHidden: true }) + JSON.stringify(marketplace);
    assert.ok(!shown.includes(right.secretKey) && !shown.includes(application.secretKey));
  });
});

test('Errors narrow by class and by code', async () => {
  const customer = await service.createCustomer(1000);
  const error: unknown = await marketplace.sessions
    .create({ applicationId: application.id, userId: customer, durationSeconds: 600, tokensToDeduct: 1 })
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof ApiError && error instanceof ConflictError);
  // @ts-expect-error -- no conflict has that code
  assert.equal(error.code === 'INSUFFICIENT_TOKENS', false);
  assert.equal(error.code === 'SESSION_PRICE_CHANGED', true);
  const narrowed = (reason: InsufficientTokensError): 'INSUFFICIENT_TOKENS' => reason.code;
  assert.equal(typeof narrowed, 'function');
});
