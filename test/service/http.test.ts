import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Problem, SessionAnswer } from '../../src/protocol/api.js';
import { describeOnOneDatabase } from './databases.js';
import {
  operatorKey,
  startTestService,
  type Call,
  type TestApplication,
  type TestService,
} from './fixtures.js';

describeOnOneDatabase('HTTP', (source) => {
  let service: TestService;
  let application: TestApplication;
  let other: TestApplication;
  let userId: string;
  let sessionId: string;
  let token: string;
  const errors: string[] = [];
  before(async () => {
    const logger = {
      info() {},
      error: (message: string, fields?: object) => errors.push(message + JSON.stringify(fields)),
    };
    service = await startTestService({ database: await source.create(), logger });
    application = await service.createApplication();
    other = await service.createApplication({ allowed_origins: ['https://other.example'] });
    userId = await service.createCustomer(100_000);
    const made = await service.createSession(application, userId);
    sessionId = made.session.id;
    token = made.session_token;
  });
  after(() => service.close());

  const refused = async (code: string, method: string, path: string, call: Call = {}) => {
    const answer = await service.call<Problem>(method, path, call);
    assert.equal(answer.body.code, code);
    assert.equal(answer.body.status, answer.status);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('x-request-id'), answer.body.request_id);
    return answer;
  };
  const create = (
    body: object,
    as = application.secretKey,
    headers = { 'Idempotency-Key': crypto.randomUUID() },
  ) => ({
    as,
    headers,
    body: { application_id: application.id, user_id: userId, duration_seconds: 60, ...body },
  });

  describe('credentials', () => {
    test('missing or unknown', async () => {
      const missing = await refused('CREDENTIAL_MISSING', 'GET', `/sessions/${sessionId}`, { as: null });
      assert.match(missing.headers.get('www-authenticate') ?? '', /^Bearer /);
      await refused('TOKEN_MISSING', 'POST', '/sessions/validate', { as: null, body: { jti: sessionId } });
      for (const as of ['wrong', `${operatorKey}x`, operatorKey.slice(1), `sk_live_${'a'.repeat(43)}`]) {
        const answer = await refused('CREDENTIAL_INVALID', 'GET', '/applications', { as });
        assert.ok(!JSON.stringify(answer.body).includes(as));
      }
      await refused('CREDENTIAL_MISSING', 'GET', '/applications', {
        as: null,
        headers: { Authorization: `Basic ${operatorKey}` },
      });
    });

    test('of an application reach its own sessions only', async () => {
      const as = other.secretKey;
      await refused('SESSION_NOT_FOUND', 'GET', `/sessions/${sessionId}`, { as });
      await refused('SESSION_NOT_FOUND', 'POST', `/sessions/${sessionId}/end`, { as });
      await refused('SESSION_NOT_FOUND', 'POST', '/sessions/validate', { as, body: { jti: sessionId } });
      await refused('APPLICATION_NOT_FOUND', 'POST', '/sessions', create({}, as));
      await refused('APPLICATION_NOT_FOUND', 'GET', `/sessions?application_id=${application.id}`, { as });
      await refused('APPLICATION_NOT_FOUND', 'GET', `/applications/${application.id}`, { as });
      assert.deepEqual((await service.call('GET', '/sessions', { as })).body.sessions, []);
      const own = await service.call<{ sessions: { id: string }[] }>('GET', `/sessions?user_id=${userId}`, {
        as: application.secretKey,
      });
      assert.deepEqual(
        own.body.sessions.map(({ id }) => id),
        [sessionId],
      );
    });

    test('of a session reach nothing else', async () => {
      const two = await service.createSession(application, userId);
      for (const path of ['', '/extensions']) {
        await refused('TOKEN_SESSION_MISMATCH', 'GET', `/sessions/${two.session.id}${path}`, { as: token });
      }
      for (const action of ['pause', 'resume', 'end', 'complete']) {
        await refused('TOKEN_SESSION_MISMATCH', 'POST', `/sessions/${two.session.id}/${action}`, {
          as: token,
        });
      }
      await refused('TOKEN_SESSION_MISMATCH', 'POST', '/sessions/validate', {
        as: token,
        body: { jti: two.session.id },
      });
      await refused('TOKEN_SESSION_MISMATCH', 'POST', '/sessions/extend', {
        as: token,
        body: { session_id: two.session.id, additional_minutes: 15 },
      });
      await refused('CREDENTIAL_INSUFFICIENT', 'GET', '/sessions', { as: token });
      await refused('CREDENTIAL_INSUFFICIENT', 'GET', '/applications', { as: token });
      await refused('CREDENTIAL_INSUFFICIENT', 'POST', '/sessions', create({}, token));
      await refused('CREDENTIAL_INSUFFICIENT', 'POST', `/customers/${userId}/credits`, {
        as: application.secretKey,
        body: { tokens: 1, reference: 'x' },
      });
    });

    test('that are secret are refused from a browser', async () => {
      for (const as of [operatorKey, application.secretKey]) {
        for (const mark of [
          ['Origin', 'https://app.example'],
          ['Sec-Fetch-Site', 'same-origin'],
        ]) {
          const headers = Object.fromEntries([mark]) as Record<string, string>;
          await refused('SECRET_KEY_IN_BROWSER', 'GET', '/sessions', { as, headers });
        }
        const fromServer = await service.call('GET', '/sessions', {
          as,
          headers: { 'Sec-Fetch-Mode': 'cors' },
        });
        assert.equal(fromServer.status, 200, 'the fetch of a server says so too');
      }
    });

    test('are kept as a hash only', async () => {
      const rows = await service.database.kysely.selectFrom('applications').selectAll().execute();
      assert.ok(!JSON.stringify(rows).includes(application.secretKey));
      const { body } = await service.call('GET', `/applications/${application.id}`);
      assert.equal(body.secret_key, undefined);
      assert.equal(body.secret_key_hash, undefined);
    });
  });

  describe('pages of other origins', () => {
    const preflight = (origin: string) =>
      service.call('OPTIONS', `/api/v1/sessions/${sessionId}/heartbeat`, {
        as: null,
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      });
    test('may ask where an application names them', async () => {
      const answer = await preflight('https://app.example');
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get('access-control-allow-origin'), 'https://app.example');
      assert.match(answer.headers.get('access-control-allow-headers')!, /Idempotency-Key/);
      assert.match(answer.headers.get('vary')!, /Origin/);
      const real = await service.call('GET', `/sessions/${sessionId}`, {
        as: token,
        headers: { Origin: 'https://app.example' },
      });
      assert.equal(real.status, 200);
      assert.equal(real.headers.get('access-control-allow-origin'), 'https://app.example');
      assert.match(real.headers.get('access-control-expose-headers')!, /Retry-After.*Date.*X-Request-Id/);
    });
    for (const origin of [
      'https://evil.example',
      'null',
      'https://app.example.evil',
      'http://app.example',
      'https://app.example:8443',
    ]) {
      test(`${origin} is refused`, async () => {
        const headers = { Origin: origin };
        const answer = await refused('ORIGIN_REFUSED', 'GET', `/sessions/${sessionId}`, {
          as: token,
          headers,
        });
        // The page may read why, so that its author learns what to mend.
        assert.equal(answer.headers.get('access-control-allow-origin'), origin);
        const body = { session_jwt: token };
        await refused('ORIGIN_REFUSED', 'POST', '/sessions/validate', { as: null, body, headers });
      });
    }
    test('are held against their own application, and may read why', async () => {
      const headers = { Origin: 'https://other.example' };
      assert.equal((await preflight('https://other.example')).status, 204);
      const answer = await refused('ORIGIN_REFUSED', 'GET', `/sessions/${sessionId}`, { as: token, headers });
      assert.equal(answer.headers.get('access-control-allow-origin'), 'https://other.example');
    });
  });

  describe('bodies', () => {
    const beat = `/sessions/00000000/heartbeat`;
    test('with an unknown, missing or wrong field name each of them', async () => {
      const answer = await refused('REQUEST_INVALID', 'POST', '/sessions', {
        as: application.secretKey,
        body: { application_id: 1, user_id: userId, surprise: true },
        headers: { 'Idempotency-Key': 'x' },
      });
      assert.deepEqual(answer.body.errors!.map(({ pointer }) => pointer).sort(), [
        '/application_id',
        '/duration_seconds',
        '/surprise',
      ]);
    });
    for (const duration_seconds of [59, 0, -60, 60.5, 86_401, 1e300, '60', null]) {
      test(`a length of ${String(duration_seconds)} is refused`, async () => {
        const answer = await refused('REQUEST_INVALID', 'POST', '/sessions', create({ duration_seconds }));
        assert.deepEqual(
          new Set(answer.body.errors!.map(({ pointer }) => pointer)),
          new Set(['/duration_seconds']),
        );
      });
    }
    test('longer than the application sells', async () => {
      const answer = await refused(
        'REQUEST_INVALID',
        'POST',
        '/sessions',
        create({ duration_seconds: 7201 }),
      );
      assert.equal(answer.body.errors![0]!.pointer, '/duration_seconds');
    });
    test('that are no JSON, of another type, or too large', async () => {
      for (const body of ['{', 'null x', '']) {
        await refused('BODY_MALFORMED', 'POST', `/sessions/${sessionId}/heartbeat`, { as: token, body });
      }
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonp',
        'application/json; charset=utf-16',
      ]) {
        for (const path of [beat.replace('00000000', sessionId), `/sessions/${sessionId}/pause`]) {
          await refused('CONTENT_TYPE_UNSUPPORTED', 'POST', path, {
            as: token,
            body: '{}',
            headers: { 'Content-Type': type },
          });
        }
      }
      await refused('CONTENT_TYPE_UNSUPPORTED', 'POST', `/sessions/${sessionId}/pause`, {
        as: token,
        body: '{}',
        headers: { 'Content-Encoding': 'gzip' },
      });
      const body = { timestamp: 0, active: true, more: 'x'.repeat(70_000) };
      await refused('BODY_TOO_LARGE', 'POST', `/sessions/${sessionId}/heartbeat`, { as: token, body });
    });
    test('with text that no database keeps', async () => {
      for (const text of ['a\0b', '\ud800', 'a\udc00']) {
        const body = { tokens: 1, reference: text };
        const answer = await refused('REQUEST_INVALID', 'POST', `/customers/${userId}/credits`, { body });
        assert.equal(answer.body.errors![0]!.pointer, '/reference');
        const metadata = { [text]: 'x', note: text };
        await refused('REQUEST_INVALID', 'POST', '/sessions', create({ metadata }));
      }
      await refused('REQUEST_INVALID', 'GET', '/sessions/%00');
      await refused('REQUEST_INVALID', 'GET', '/sessions?user_id=a%00');
    });
    test('too large without saying so before', async () => {
      const status = await new Promise((resolve, reject) => {
        const request = httpRequest(`${service.url}/sessions/validate`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
        });
        request.on('response', (response) => resolve(response.resume().statusCode));
        request.on('error', reject);
        for (let i = 0; i < 70; i++) request.write('x'.repeat(1024));
        request.end();
      });
      assert.equal(status, 413);
    });
  });

  describe('return addresses', () => {
    const wrong = [
      '//evil.example',
      '/\\evil.example',
      'https:evil.example',
      'https:/market.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://market.example@evil.example',
      'https://user:pw@market.example/',
      'https://market.example\\@evil.example',
      'https://market.example\t.evil.example',
      'https://market.example\n',
      ' https://market.example',
      'https://mаrket.example',
      'https://market.example.evil',
      'http://market.example',
      'https://market.example:444',
      'https://evil.example/https://market.example',
      '',
    ];
    for (const return_url of wrong) {
      test(`${JSON.stringify(return_url)} is refused`, async () => {
        await refused('RETURN_URL_REFUSED', 'POST', '/sessions', create({ return_url }));
      });
    }
    for (const return_url of [
      'https://market.example',
      'https://market.example/done?a=b#c',
      'HTTPS://MARKET.example/'.toLowerCase(),
      undefined,
    ]) {
      test(`${String(return_url)} is kept`, async () => {
        const answer = await service.call<SessionAnswer>('POST', '/sessions', create({ return_url }));
        assert.equal(answer.body.session.return_url, return_url ?? null);
      });
    }
  });

  describe('routes', () => {
    test('that are not there, and methods that are not', async () => {
      await refused('ROUTE_NOT_FOUND', 'GET', '/nothing');
      await refused('ROUTE_NOT_FOUND', 'GET', '/api/v2/sessions');
      const answer = await refused('METHOD_NOT_ALLOWED', 'DELETE', `/api/v1/sessions`);
      assert.equal(answer.headers.get('allow'), 'GET, HEAD, OPTIONS, POST');
      assert.equal(
        (await refused('METHOD_NOT_ALLOWED', 'GET', `/sessions/${sessionId}/end`)).headers.get('allow'),
        'OPTIONS, POST',
      );
    });
    test('answer with and without /api/v1', async () => {
      for (const path of [
        '/healthz',
        '/.well-known/jwks.json',
        '/openapi.json',
        '/keys/public',
        '/applications',
      ]) {
        for (const prefix of ['', '/api/v1'])
          assert.equal((await service.call('GET', prefix + path)).status, 200, path);
      }
    });
    test('things that do not exist', async () => {
      await refused('SESSION_NOT_FOUND', 'GET', '/sessions/none');
      await refused('CUSTOMER_NOT_FOUND', 'GET', '/customers/none');
      await refused('CUSTOMER_NOT_FOUND', 'POST', '/sessions', create({ user_id: 'none' }));
      await refused('APPLICATION_NOT_FOUND', 'GET', '/applications/none');
      await refused('APPLICATION_NOT_FOUND', 'PATCH', '/applications/none', { body: { name: 'x' } });
      await refused('ALREADY_EXISTS', 'POST', '/customers', { body: { id: userId } });
    });
    test('are described in OpenAPI 3.1', async () => {
      const { body } = await service.call<{ openapi: string; paths: Record<string, object> }>(
        'GET',
        '/openapi.json',
        { as: null },
      );
      assert.equal(body.openapi, '3.1.0');
      for (const path of [
        '/sessions',
        '/sessions/{id}/extend',
        '/sessions/validate',
        '/keys/public',
        '/customers/{id}/credits',
      ]) {
        assert.ok(body.paths[`/api/v1${path}`], path);
      }
    });
    test('change an application', async () => {
      const { body } = await service.call('PATCH', `/applications/${other.id}`, {
        body: { name: 'New', tokens_per_minute: 3 },
      });
      assert.equal(body.name, 'New');
      assert.equal(body.tokens_per_minute, 3);
      assert.deepEqual(body.allowed_origins, ['https://other.example']);
      await refused('REQUEST_INVALID', 'PATCH', `/applications/${other.id}`, { body: { id: 'x' } });
      for (const origin of [
        'https://a.example/',
        'a.example',
        'ftp://a.example',
        '*',
        'null',
        'HTTPS://a.example',
      ]) {
        await refused('REQUEST_INVALID', 'PATCH', `/applications/${other.id}`, {
          body: { allowed_origins: [origin] },
        });
      }
    });
    test('that fail inside tell a request id and nothing else', async () => {
      const { kysely } = service.database;
      const executor = kysely.getExecutor();
      const right = executor.executeQuery;
      executor.executeQuery = () => Promise.reject(new Error('a secret of the inside'));
      const answer = await service
        .call<Problem>('GET', '/applications')
        .finally(() => (executor.executeQuery = right));
      assert.equal(answer.status, 500);
      assert.equal(answer.body.code, 'SERVICE_ERROR');
      assert.ok(!JSON.stringify(answer.body).includes('inside'));
      assert.ok(errors.some((line) => line.includes(answer.body.request_id!) && line.includes('inside')));
    });
  });

  test('No secret and no token was logged', () => {
    for (const secret of [token, operatorKey, application.secretKey]) {
      assert.ok(!errors.some((line) => line.includes(secret)));
    }
  });
});
