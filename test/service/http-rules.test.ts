// The rules of HTTP that hold for every route: the routes are those of /openapi.json, so that a new one is held to them too.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { CreateSessionAnswer, Problem } from '../../src/protocol/api.js';
import { describeOnOneDatabase } from './databases.js';
import { operatorKey, startTestService, until, type TestService } from './fixtures.js';
import { assertProblem, type RawAnswer } from './openapi/answers.js';
import { fittingRequest } from './openapi/arbitrary-request.js';
import { readOperations, type Operation } from './openapi/operations.js';
import { rowsAbout } from './openapi/rows-about.js';
import { seedTenant, type Tenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { TestClock } from './test-clock.js';

/** What others may keep: it is the same for everybody. */
const isPublic = /\/(keys\/public|\.well-known\/jwks\.json)$/;
/** Where a session token is the body, there is no credential to be without. */
const withoutHeader = '/api/v1/sessions/validate';

describe('Whatever the route', () => {
  // In the middle of a minute, so that limits do not begin anew.
  const clock = new TestClock(Date.UTC(2026, 0, 1, 0, 0, 30));
  let service: TestService;
  let operations: Operation[];
  let tenant: Tenant;
  before(async () => {
    const { now, timer } = clock;
    const rateLimits = { session: Infinity, application: Infinity };
    service = await startTestService({ now, timer, rateLimits });
    operations = await readOperations(service);
    tenant = await seedTenant(service, operations);
  });
  after(() => service.close());

  const nameOf = ({ method, path }: Operation) => `${method} ${path}`;
  /** Those that take a body, if any, as JSON. */
  const withJson = () => operations.filter(({ method, takesBytes }) => method !== 'GET' && !takesBytes);
  const guarded = () => operations.filter(({ schemes }) => schemes.length > 0);
  /** One good request, changed as a rule wants it. */
  const ask = (operation: Operation, credential: string | null, change: Partial<AskedHeaders> = {}) => {
    const [request] = fc.sample(fittingRequest(operation, tenant.known), 1);
    const { body = request!.body, method = operation.method, ...headers } = change;
    return send(
      service,
      { method },
      {
        target: request!.target,
        body: method === 'HEAD' || method === 'GET' ? undefined : body,
        headers: {
          ...request!.headers,
          ...(credential !== null && { Authorization: `Bearer ${credential}` }),
          ...(headers as Record<string, string>),
        },
      },
    );
  };
  interface AskedHeaders extends Record<string, string> {
    body: string;
    method: string;
  }
  const refused = (answer: RawAnswer, status: number, code: string, what: string) => {
    assert.deepEqual([answer.status, assertProblem(answer)], [status, code], what);
  };

  test('a refusal is problem+json, whose status is the HTTP status', async () => {
    const statuses = new Set<number>();
    const note = (answer: RawAnswer) => {
      assertProblem(answer);
      statuses.add(answer.status);
    };
    const {
      session_id: [id] = [],
      user_id: [userId] = [],
      application_id: [applicationId] = [],
    } = tenant.known;
    const post = (path: string, as: string, body: unknown, headers: object = {}) =>
      send(
        service,
        { method: 'POST' },
        {
          target: path,
          body: JSON.stringify(body),
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${as}`, ...headers },
        },
      );
    const sale = { application_id: applicationId, user_id: userId, duration_seconds: 600 };
    note(await post('/sessions', operatorKey, sale));
    note(await post('/sessions', 'wrong', sale));
    note(await post('/sessions', tenant.token, sale, { 'Idempotency-Key': 'a' }));
    note(await post('/sessions/none/end', operatorKey, {}));
    note(await post('/keys/public', operatorKey, {}));
    note(await post('/customers', operatorKey, { id: userId }));
    note(await post(`/sessions/${id}/pause`, operatorKey, {}, { 'Content-Type': 'text/plain' }));
    note(await post(`/sessions/${id}/pause`, operatorKey, { more: 'x'.repeat(70_000) }));
    await post('/sessions', operatorKey, sale, { 'Idempotency-Key': 'twice' });
    const other = { ...sale, duration_seconds: 601 };
    note(await post('/sessions', operatorKey, other, { 'Idempotency-Key': 'twice' }));
    const poor = await service.createCustomer(1);
    note(await post('/sessions', operatorKey, { ...sale, user_id: poor }, { 'Idempotency-Key': 'b' }));
    assert.deepEqual([...statuses].sort(), [400, 401, 402, 403, 404, 405, 409, 413, 415, 422]);
  });

  test('without a credential the answer is 401 with WWW-Authenticate', async () => {
    for (const operation of guarded()) {
      if (operation.path === withoutHeader) continue;
      const answer = await ask(operation, null);
      refused(answer, 401, 'CREDENTIAL_MISSING', nameOf(operation));
      assert.match(answer.headers.get('www-authenticate')!, /^Bearer /);
    }
  });

  test('a method that it does not have is 405, and Allow names those that it has', async () => {
    const patternOf = ({ path }: Operation) => new RegExp(`^${path.replace(/{[^}]+}/g, '[^/]+')}$`);
    for (const operation of operations) {
      // `/sessions/validate` is a path of `/sessions/{id}` as well.
      const others = operations.filter((other) => patternOf(other).test(operation.path));
      const methods = new Set([...others.map(({ method }) => method), 'OPTIONS']);
      if (methods.has('GET')) methods.add('HEAD');
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (methods.has(method)) continue;
        const answer = await ask(operation, operatorKey, { method, 'Content-Type': 'application/json' });
        refused(answer, 405, 'METHOD_NOT_ALLOWED', `${method} ${operation.path}`);
        assert.equal(answer.headers.get('allow'), [...methods].sort().join(', '));
      }
    }
  });

  test('a body of more than 64 kB is 413', async () => {
    for (const operation of withJson())
      refused(
        await ask(operation, operatorKey, {
          body: JSON.stringify('x'.repeat(65_536)),
          'Content-Type': 'application/json',
        }),
        413,
        'BODY_TOO_LARGE',
        nameOf(operation),
      );
  });

  test('a body of another type, or of a coding, is 415', async () => {
    for (const operation of withJson())
      for (const header of [
        { 'Content-Type': 'text/plain' },
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      ] as Partial<AskedHeaders>[])
        refused(
          await ask(operation, operatorKey, { body: '{}', ...header }),
          415,
          'CONTENT_TYPE_UNSUPPORTED',
          nameOf(operation),
        );
  });

  test('a body of bytes may be of any type, and of no coding; its length is said', async () => {
    const takers = operations.filter(({ takesBytes }) => takesBytes);
    assert.ok(takers.length > 0);
    for (const operation of takers) {
      const named = { 'x-file-name': 'name' };
      for (const type of ['text/html', 'application/json', 'image/png'])
        assert.equal((await ask(operation, operatorKey, { ...named, 'Content-Type': type })).status, 201);
      const coded = await ask(operation, operatorKey, { ...named, 'Content-Encoding': 'gzip' });
      refused(coded, 415, 'CONTENT_TYPE_UNSUPPORTED', nameOf(operation));
      assert.equal(coded.headers.get('accept'), '*/*');
      const unsaid = await fetch(`${service.url}/sessions/${tenant.known.session_id![0]}/files`, {
        method: 'POST',
        headers: { ...named, Authorization: `Bearer ${operatorKey}` },
        body: new Blob(['x']).stream(),
        duplex: 'half',
      } as RequestInit);
      const answer = { status: unsaid.status, headers: unsaid.headers, text: await unsaid.text() };
      refused(answer, 411, 'LENGTH_REQUIRED', nameOf(operation));
    }
  });

  test('a secret key that comes from a browser is refused', async () => {
    for (const operation of guarded()) {
      if (operation.path === withoutHeader) continue;
      for (const as of [operatorKey, tenant.secretKey])
        for (const mark of [{ Origin: 'https://app.example' }, { 'Sec-Fetch-Site': 'same-origin' }])
          refused(
            await ask(operation, as, mark as Partial<AskedHeaders>),
            403,
            'SECRET_KEY_IN_BROWSER',
            nameOf(operation),
          );
    }
  });

  test('state never changes by GET or HEAD, whoever asks, and no answer is kept but the keys', async () => {
    // What is due by itself is done by then, and nothing more is until the clock goes on.
    const everything = () => rowsAbout(service.database, ['']);
    const before = await everything();
    let told = 0;
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      for (const as of [operatorKey, tenant.secretKey, tenant.token]) {
        // Who listens to live events is there while he does: that is what presence is.
        if (operation.path.endsWith('/events') && as !== operatorKey) continue;
        for (const method of ['GET', 'HEAD']) {
          const { status, headers } = await ask(operation, as, { method });
          if (status === 200) told += 1;
          const kept = isPublic.test(operation.path) ? 'public, max-age=300' : 'no-store';
          assert.equal(headers.get('cache-control'), kept, nameOf(operation));
          assert.equal(headers.get('x-content-type-options'), 'nosniff', nameOf(operation));
        }
      }
    }
    assert.deepEqual(await everything(), before);
    assert.ok(told > operations.length / 2, 'most of it was answered');
  });

  test('nothing that needs a credential may be kept by a cache, least of all a session', async () => {
    const { userId, applicationId } = {
      userId: tenant.known.user_id![0]!,
      applicationId: tenant.known.application_id![0]!,
    };
    const application = { id: applicationId, secretKey: tenant.secretKey };
    const uncached = async (method: string, path: string, as: string | null, body?: object) => {
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const answer = await service.call<CreateSessionAnswer>(method, path, { as, body, headers });
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status}`);
      assert.equal(answer.headers.get('cache-control'), 'no-store', `${method} ${path}`);
      return answer.body;
    };
    for (const operation of guarded().filter(({ method }) => method === 'GET'))
      for (const as of [operatorKey, tenant.secretKey, tenant.token])
        assert.equal((await ask(operation, as)).headers.get('cache-control'), 'no-store', nameOf(operation));
    const sale = { application_id: applicationId, user_id: userId, duration_seconds: 600 };
    await uncached('POST', '/sessions', tenant.secretKey, sale);
    const { session, session_token: token } = await service.createSession(application, userId);
    const path = `/sessions/${session.id}`;
    await uncached('POST', '/sessions/validate', null, { session_jwt: token });
    await uncached('POST', `${path}/heartbeat`, token, { timestamp: 0, active: true });
    await uncached('POST', `${path}/pause`, token);
    await uncached('POST', `${path}/resume`, token);
    await uncached('POST', `${path}/extend`, token, { additional_seconds: 900 });
    await uncached('PUT', `${path}/renew`, token, { additional_minutes: 15 });
    await uncached('GET', path, token);
    await uncached('POST', `${path}/launch`, tenant.secretKey);
    await uncached('POST', `${path}/end`, tenant.secretKey);
  });
});

describe('One request too many', () => {
  test('is 429 with Retry-After and the RateLimit fields', async () => {
    const clock = new TestClock(Date.UTC(2026, 0, 1, 0, 0, 30));
    const { now, timer } = clock;
    const rateLimits = { session: 1, application: 1 };
    const service = await startTestService({ now, timer, rateLimits });
    try {
      const application = await service.createApplication();
      const userId = await service.createCustomer(1000);
      const body = { application_id: application.id, user_id: userId, duration_seconds: 60 };
      const { session, session_token } = (
        await service.call<CreateSessionAnswer>('POST', '/sessions', {
          body,
          headers: { 'Idempotency-Key': 'k' },
        })
      ).body;
      for (const [policy, as] of [
        ['session', session_token],
        ['application', application.secretKey],
      ]) {
        const read = () => service.call<Problem>('GET', `/sessions/${session.id}`, { as: as! });
        assert.equal((await read()).status, 200);
        const { status, headers, body: problem } = await read();
        assert.deepEqual([status, problem.status, problem.code], [429, 429, 'RATE_LIMITED']);
        assert.equal(headers.get('content-type'), 'application/problem+json');
        assert.equal(headers.get('retry-after'), '30');
        assert.equal(headers.get('ratelimit'), `"${policy}";r=0;t=30`);
        assert.equal(headers.get('ratelimit-policy'), `"${policy}";q=1;w=60`);
      }
    } finally {
      await service.close();
    }
  });
});

describeOnOneDatabase('An Idempotency-Key whose request is still under way', (source) => {
  // An embedded database does one thing after the other.
  if (source.kind === 'PGlite') return;

  test('is 409 with Retry-After, and its answer afterwards that of the one request', async () => {
    const service = await startTestService({ database: await source.create() });
    try {
      const application = await service.createApplication();
      const userId = await service.createCustomer(1000);
      const buy = () =>
        service.call<CreateSessionAnswer & Problem>('POST', '/sessions', {
          as: application.secretKey,
          headers: { 'Idempotency-Key': 'same' },
          body: { application_id: application.id, user_id: userId, duration_seconds: 600 },
        });
      // Whichever of the two comes first waits for the wallet.
      let letGo = () => {};
      let hasWallet = false;
      const holding = service.database.kysely.transaction().execute(async (trx) => {
        await trx
          .selectFrom('accounts')
          .select('id')
          .where('id', '=', `wallet:${userId}`)
          .forUpdate()
          .execute();
        hasWallet = true;
        await new Promise<void>((resolve) => (letGo = resolve));
      });
      await until(() => hasWallet);
      const both = [buy(), buy()];
      const early = await Promise.race(both).finally(() => letGo());
      await holding;
      assert.deepEqual([early.status, early.body.code], [409, 'IDEMPOTENCY_KEY_IN_USE']);
      assert.equal(early.headers.get('retry-after'), '1');
      const sold = (await Promise.all(both)).find(({ status }) => status === 201)!;
      assert.equal((await buy()).body.session.id, sold.body.session.id);
    } finally {
      await service.close();
    }
  });
});
