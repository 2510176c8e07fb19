// Between the SDK and the real service everything may fail: the right error, or exactly one effect.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  ConflictError,
  ConnectionError,
  InvalidAnswerError,
  Marketplace,
  NotFoundError,
  RateLimitError,
  ServiceError,
  TimeoutError,
  type MarketplaceOptions,
} from '../../src/sdk/index.js';
import {
  operatorKey,
  startTestService,
  type TestApplication,
  type TestService,
} from '../service/fixtures.js';
import { FaultProxy, type Fault } from './fault-proxy.js';

let service: TestService;
let proxy: FaultProxy;
let application: TestApplication;
let customer: string;
before(async () => {
  service = await startTestService();
  proxy = await FaultProxy.start(service.url);
  application = await service.createApplication();
  customer = await service.createCustomer(1_000_000);
});
after(async () => {
  await proxy.stop();
  await service.close();
});
beforeEach(() => proxy.reset());

const connect = (options: MarketplaceOptions = {}) =>
  new Marketplace({ secretKey: application.secretKey, apiUrl: proxy.url, ...options });
const sale = () => ({ applicationId: application.id, userId: customer, durationSeconds: 600 });
const countSessions = async () =>
  (await connect().sessions.list({ userId: customer }).toArray({ limit: 1000 })).length;

/** How many sessions a sale makes with those faults on its way. */
async function soldThrough(faults: Fault[], options?: MarketplaceOptions) {
  const count = await countSessions();
  proxy.reset(faults);
  const outcome = await connect(options)
    .sessions.create(sale())
    .catch((error: unknown) => error as Error);
  const tries = proxy.seen.slice();
  return { outcome, tries, sold: (await countSessions()) - count };
}

const now = { 'Retry-After': '0' };

describe('A sale is made once, with the same key on each try', () => {
  const passing: Record<string, Fault[]> = {
    'after 429': [{ status: 429, headers: now }],
    'after 429 with a date': [
      { status: 429, headers: { 'Retry-After': new Date(Date.now() - 1000).toUTCString() } },
    ],
    'after 503 of a load balancer': [{ status: 503, headers: now, body: '<h1>Sorry</h1>' }],
    'after 502 and 504': [{ status: 502 }, { status: 504 }],
    'after a connection that broke behind the write': ['cut after the write'],
    'after an answer that came in half': ['cut within the answer'],
  };
  for (const [name, faults] of Object.entries(passing)) {
    test(name, async () => {
      const { outcome, tries, sold } = await soldThrough([...faults]);
      assert.ok(!(outcome instanceof Error), String(outcome));
      assert.equal(outcome.session.status, 'active');
      assert.equal(tries.length, faults.length + 1);
      const keys = new Set(tries.map(({ headers }) => headers['idempotency-key']));
      assert.equal(keys.size, 1);
      assert.match([...keys][0] as string, /^[\w-]{36}$/);
      assert.equal(sold, 1);
    });
  }

  test('with the key that the program gives', async () => {
    const options = { idempotencyKey: 'order-4711' };
    const first = await connect().sessions.create(sale(), options);
    const second = connect().sessions.create(sale(), options);
    assert.equal((await second).session.id, first.session.id);
    assert.equal((await second.asResponse()).headers.get('idempotent-replayed'), 'true');
    await assert.rejects(connect().sessions.create({ ...sale(), durationSeconds: 900 }, options), {
      name: 'UnprocessableError',
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('The error says what happened', () => {
  const once: MarketplaceOptions = { maxRetries: 0 };
  const failing: Record<string, [Fault, MarketplaceOptions, new (...args: never) => Error, object, number]> =
    {
      'no connection, and the sale was made': [
        'cut after the write',
        once,
        ConnectionError,
        { code: 'NETWORK_FAILED' },
        1,
      ],
      'nobody answers': ['hang', { timeoutMs: 200 }, TimeoutError, { code: 'TIMED_OUT' }, 0],
      'too many requests': [
        { status: 429, headers: { 'Retry-After': '7' } },
        once,
        RateLimitError,
        { code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 7 },
        0,
      ],
      'a wait that is longer than the time-out': [
        { status: 503, headers: { 'Retry-After': '60' } },
        { timeoutMs: 5_000 },
        ServiceError,
        { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 60 },
        0,
      ],
      'a redirect, which takes no secret key along': [
        { status: 307, headers: { Location: 'http://127.0.0.1:9/elsewhere' } },
        {},
        InvalidAnswerError,
        { code: 'ANSWER_INVALID', status: 307 },
        0,
      ],
      'a web page': [
        { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Welcome</h1>' },
        {},
        InvalidAnswerError,
        { code: 'ANSWER_INVALID', status: 200 },
        0,
      ],
      nothing: [{ status: 200 }, {}, InvalidAnswerError, { status: 200 }, 0],
      'JSON that is no object': [{ status: 200, body: '"ok"' }, {}, InvalidAnswerError, { status: 200 }, 0],
      'half of an object': [{ status: 200, body: '{"session":' }, {}, InvalidAnswerError, { status: 200 }, 0],
      'a refusal of something in between': [
        { status: 403, body: '<h1>Blocked</h1>' },
        {},
        InvalidAnswerError,
        { code: 'ANSWER_INVALID', status: 403 },
        0,
      ],
      'a failure of something in between': [
        { status: 500 },
        once,
        ServiceError,
        { code: 'SERVICE_ERROR' },
        0,
      ],
    };
  for (const [name, [fault, options, Class, fields, expected]] of Object.entries(failing)) {
    test(name, async () => {
      const { outcome, tries, sold } = await soldThrough([fault], options);
      assert.ok(outcome instanceof Class, String(outcome));
      for (const [field, value] of Object.entries(fields))
        assert.equal((outcome as unknown as Record<string, unknown>)[field], value);
      assert.equal(tries.length, 1);
      assert.equal(sold, expected);
      assert.ok(!String(outcome.stack).includes(application.secretKey), 'and nothing of the key');
    });
  }

  test('a list whose answer is no page', async () => {
    proxy.reset([{ status: 200, body: '{}' }]);
    await assert.rejects(connect().sessions.list(), {
      code: 'ANSWER_INVALID',
      message: /200 came without sessions/,
    });
  });

  test('the service’s own words, fields, code and request', async () => {
    const marketplace = connect();
    await assert.rejects(marketplace.sessions.retrieve('none'), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.equal(error.code satisfies string, 'SESSION_NOT_FOUND');
      assert.match(error.requestId!, /^[\w-]{36}$/);
      assert.match(error.message, new RegExp(`\\(404 SESSION_NOT_FOUND, request ${error.requestId}\\)$`));
      assert.equal(error.response.headers.get('content-type'), 'application/problem+json');
      return true;
    });
    await assert.rejects(marketplace.sessions.create({ ...sale(), durationSeconds: 1 }), {
      name: 'UnprocessableError',
      code: 'REQUEST_INVALID',
      errors: [{ pointer: '/duration_seconds', message: 'Too small: expected number to be >=60' }],
    });
    const poor = await service.createCustomer(0);
    await assert.rejects(marketplace.sessions.create({ ...sale(), userId: poor }), {
      name: 'InsufficientTokensError',
      code: 'INSUFFICIENT_TOKENS',
      topUpUrl: 'https://market.example/top-up',
    });
  });
});

describe('What takes no key', () => {
  const operator = (options: MarketplaceOptions = {}) => connect({ secretKey: operatorKey, ...options });

  test('is not asked for again after a lost answer', async () => {
    proxy.reset(['cut after the write']);
    const id = `user-${crypto.randomUUID()}`;
    await assert.rejects(operator().customers.create({ id }), ConnectionError);
    assert.equal(proxy.seen.length, 1);
    assert.equal((await operator().customers.retrieve(id)).id, id);
    await assert.rejects(operator().customers.create({ id }), ConflictError);
  });

  test('is asked for again where it was refused unread', async () => {
    proxy.reset([{ status: 429, headers: now }]);
    await operator().customers.create({ id: `user-${crypto.randomUUID()}` });
    assert.equal(proxy.seen.length, 2);
  });

  test('is deleted where an earlier try has deleted it', async () => {
    const id = await service.createCustomer(0);
    proxy.reset(['cut after the write']);
    assert.equal(await operator().customers.delete(id), undefined);
    await assert.rejects(operator().customers.delete(id), { code: 'CUSTOMER_NOT_FOUND' });
  });

  test('is written once by the name in its body, whatever is lost', async () => {
    const { session } = await connect().sessions.create(sale());
    const { messages } = connect().sessions;
    proxy.reset(['cut after the write', { status: 502 }]);
    const written = await messages.create(session.id, { text: 'Hello', clientId: 'one' });
    assert.equal(proxy.seen.length, 3);
    assert.deepEqual(await messages.list(session.id).toArray({ limit: 10 }), [written]);
    assert.deepEqual(await messages.list(session.id, { after: 1 }).toArray({ limit: 10 }), []);
  });

  test('is a file that is kept once, whatever is lost', async () => {
    const { session } = await connect().sessions.create(sale());
    const { files } = connect().sessions;
    proxy.reset(['cut after the write', { status: 502 }]);
    const content = new Blob(['bytes of a plan']);
    const kept = await files.upload(session.id, { name: 'plan „A“.txt', content });
    assert.equal(proxy.seen.length, 3);
    assert.deepEqual([kept.name, kept.size, kept.sentBy], ['plan „A“.txt', content.size, 'provider']);
    assert.deepEqual(
      (await files.list(session.id).toArray({ limit: 10 })).map(({ id }) => id),
      [kept.id],
    );
    await files.delete(session.id, kept.id);
    assert.deepEqual(await files.list(session.id).toArray({ limit: 10 }), []);
  });

  test('is a request of one’s own, unless it is given one', async () => {
    const body = { applicationId: application.id, userId: customer, durationSeconds: 600 };
    proxy.reset([{ status: 502 }]);
    await assert.rejects(connect().request('POST', '/sessions', { body }), ServiceError);
    proxy.reset([{ status: 502 }]);
    const idempotencyKey = crypto.randomUUID();
    const { session } = await connect().request<{ session: { createdAt: Date } }>('POST', '/sessions', {
      body,
      idempotencyKey,
    });
    assert.ok(session.createdAt instanceof Date);
    assert.equal(proxy.seen.length, 2);
  });
});

describe('A caller', () => {
  test('aborts a call, while it waits for an answer and between two tries', async () => {
    for (const fault of ['hang', { status: 503, headers: { 'Retry-After': '20' } }] satisfies Fault[]) {
      proxy.reset([fault]);
      const aborting = new AbortController();
      const reason = new Error('the customer has left');
      const call = connect().sessions.retrieve('any', { signal: aborting.signal });
      setTimeout(() => aborting.abort(reason), 100);
      await assert.rejects(call, reason);
      assert.equal(proxy.seen.length, 1);
    }
    await assert.rejects(connect().sessions.retrieve('any', { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
  });

  test('is answered within the time of the call, however often it is tried', async () => {
    proxy.reset(Array<Fault>(9).fill({ status: 503 }));
    const startedAt = performance.now();
    await assert.rejects(connect().sessions.retrieve('any', { timeoutMs: 600, maxRetries: 8 }), ServiceError);
    assert.ok(performance.now() - startedAt < 2_000);
  });

  test('hears of each try, and never of the key', async () => {
    const lines: string[] = [];
    const note = (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
    const heard: object[] = [];
    const marketplace = connect({
      logger: { debug: note, warn: note, error: note },
      onRequest: (attempt) => {
        heard.push(attempt);
        throw new Error('a hook that fails');
      },
      onResponse: (result) => heard.push(result),
      headers: { 'X-Trace': 'abc', Authorization: 'Bearer none' },
    });
    proxy.reset([{ status: 502 }]);
    const { session } = await marketplace.sessions.create({ ...sale(), metadata: { secret_note: 'ours' } });
    const told = JSON.stringify([lines, heard]);
    for (const hidden of [application.secretKey, 'ours', 'eyJ']) assert.ok(!told.includes(hidden), told);
    assert.deepEqual(
      heard.map((entry) => [(entry as { attempt: number }).attempt, (entry as { status?: number }).status]),
      [
        [1, undefined],
        [1, 502],
        [2, undefined],
        [2, 201],
      ],
    );
    assert.match(lines.join('\n'), /POST \/sessions, try 2: 201 after \d+ ms, request /);
    assert.equal(proxy.seen[0]!.headers['x-trace'], 'abc');
    assert.equal(proxy.seen[0]!.headers.authorization, `Bearer ${application.secretKey}`);
    const own = { headers: { 'X-Trace': 'def' } };
    await marketplace.sessions.retrieve(session.id, own);
    assert.equal(proxy.seen.at(-1)!.headers['x-trace'], 'def');
  });
});
