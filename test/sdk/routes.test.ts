import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  authenticateRequest,
  createSessionRoute,
  createWebhookRoute,
  Marketplace,
  SessionError,
} from '../../src/sdk/index.js';
import { newSecret, signedHeaders } from '../../src/service/features/webhooks/signature.js';
import {
  operatorKey,
  startTestService,
  type TestApplication,
  type TestService,
} from '../service/fixtures.js';

describe('A webhook route', () => {
  const secret = newSecret();
  const body = JSON.stringify({ type: 'session.ended', timestamp: '2026-01-01T00:00:00.000Z', data: {} });
  const delivery = (text = body) =>
    new Request('https://app.example/hooks', {
      method: 'POST',
      body: text,
      headers: signedHeaders([secret], 'msg_1', body, Date.now()),
    });

  test('hands each event to the handler of its type, once that of all is done', async () => {
    const calls: string[] = [];
    const route = createWebhookRoute({
      secret,
      onEvent: async ({ type }, { id }) => void calls.push(`all ${type} ${id}`),
      on: {
        'session.ended': ({ data }) => void calls.push(`ended ${typeof data.final_cost}`),
        'session.started': () => void calls.push('started'),
      },
    });
    assert.equal((await route(delivery())).status, 204);
    assert.deepEqual(calls, ['all session.ended msg_1', 'ended undefined']);
  });

  test('refuses what is not the service’s, and has sent again what could not be handled', async () => {
    const errors: unknown[] = [];
    const failure = new Error('the books are closed');
    const route = createWebhookRoute({
      secret,
      onEvent: () => {
        throw failure;
      },
      onError: (error) => errors.push(error),
    });
    const refused = await route(delivery(`${body} `));
    assert.equal(refused.status, 400);
    assert.equal(((await refused.json()) as { code: string }).code, 'WEBHOOK_SIGNATURE_INVALID');
    assert.deepEqual(errors, []);
    const failed = await route(delivery());
    assert.equal(failed.status, 500);
    assert.ok(!(await failed.text()).includes(failure.message));
    assert.deepEqual(errors, [failure]);
    assert.equal((await route(new Request('https://app.example/hooks'))).status, 405);
  });

  test('without a secret says which', async () => {
    await assert.rejects(createWebhookRoute()(delivery()), /pass it, or set MARKETPLACE_WEBHOOK_SECRET/);
  });
});

describe('For a customer who comes back', () => {
  let service: TestService;
  let application: TestApplication;
  let marketplace: Marketplace;
  before(async () => {
    service = await startTestService();
    application = await service.createApplication();
    marketplace = new Marketplace({ secretKey: application.secretKey, apiUrl: service.url });
  });
  after(() => service.close());

  const ask = (headers: Record<string, string> = {}, method = 'POST') =>
    new Request('https://app.example/api/session', { method, headers });
  const sell = async () => {
    const userId = await service.createCustomer(1000);
    return { userId, ...(await service.createSession(application, userId)) };
  };

  test('a session route answers a token of the live session, and keeps it out of caches', async () => {
    const { userId, session } = await sell();
    const route = createSessionRoute({ marketplace }, () => ({ userId }));
    const response = await route(ask({ 'Sec-Fetch-Site': 'same-origin' }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'private, no-store');
    assert.equal(response.headers.get('vary'), 'Cookie, Authorization');
    const { sessionToken, expiresAt } = (await response.json()) as {
      sessionToken: string;
      expiresAt: string;
    };
    assert.ok(Date.parse(expiresAt) > Date.now());
    const answer = await service.call<{ session: { id: string } }>('POST', '/api/v1/sessions/validate', {
      as: null,
      body: { session_jwt: sessionToken },
    });
    assert.equal(answer.body.session.id, session.id);
  });

  test('and says who gets none', async () => {
    const { userId, session } = await sell();
    const stranger = await service.createCustomer(0);
    const errors: unknown[] = [];
    const options = { marketplace, onError: (error: unknown) => void errors.push(error) };
    const statusFor = async (
      user: Parameters<typeof createSessionRoute>[1],
      request = ask(),
      others: Partial<typeof options> = {},
    ) => (await createSessionRoute({ ...options, ...others }, user)(request)).status;
    assert.equal(await statusFor(() => null), 401);
    assert.equal(await statusFor(() => ({ userId }), ask({ 'Sec-Fetch-Site': 'cross-site' })), 403);
    assert.equal(await statusFor(() => ({ userId }), ask({}, 'GET')), 405);
    assert.equal(await statusFor(() => ({ userId: stranger, sessionId: session.id })), 404);
    assert.equal(await statusFor(() => ({ userId, sessionId: session.id })), 200);
    assert.deepEqual(errors, []);
    const broken = new Error('the login store is away');
    assert.equal(await statusFor(() => Promise.reject(broken)), 500);
    const away = new SessionError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 30 });
    const delayed = await createSessionRoute(options, () => Promise.reject(away))(ask());
    assert.deepEqual([delayed.status, delayed.headers.get('retry-after')], [503, '30']);
    const nobody = new Marketplace({ secretKey: 'sk_test_none', apiUrl: service.url, maxRetries: 0 });
    assert.equal(await statusFor(() => ({ userId }), ask(), { marketplace: nobody }), 502);
    assert.equal(errors.length, 3);
    await marketplace.sessions.end(session.id);
    assert.equal(await statusFor(() => ({ userId, sessionId: session.id })), 404);
  });

  test('one who has no session gets a token of his own, which opens nothing', async () => {
    const userId = `user-${crypto.randomUUID()}`;
    const route = createSessionRoute(
      { marketplace, expiresIn: 600, allowedOperations: ['read_sessions'] },
      () => ({
        userId,
        organizationId: 'acme',
      }),
    );
    const answer = (await (await route(ask())).json()) as { sessionToken: string; expiresAt: string };
    const lifeMs = Date.parse(answer.expiresAt) - Date.now();
    assert.ok(Math.abs(lifeMs - 600_000) < 60_000);
    const refused = await service.call('POST', '/api/v1/sessions/validate', {
      as: null,
      body: { session_jwt: answer.sessionToken },
    });
    assert.equal(refused.body.code, 'NO_LIVE_SESSION');
    const operator = new Marketplace({ secretKey: operatorKey, apiUrl: service.url });
    assert.equal((await operator.customers.retrieve(userId)).organizationId, 'acme');
    const result = await authenticateRequest(
      new Request('https://app.example/', { headers: { Authorization: `Bearer ${answer.sessionToken}` } }),
      { audience: application.id, jwksUri: `${service.url}/.well-known/jwks.json` },
    );
    assert.equal(result.reason, 'NO_LIVE_SESSION');
    assert.match(result.message!, /^The customer is signed in and has no live session: sell one/);
  });

  test('a session token is made by one line, and revoked', async () => {
    const { userId, session } = await sell();
    const made = await marketplace.createSessionToken({ externalUserId: userId, metadata: { deskId: '7' } });
    assert.equal(made.sessionId, session.id);
    assert.ok(made.expiresAt instanceof Date);
    assert.deepEqual(made.allowedOperations.slice(0, 2), ['use_session', 'pause_session']);
    const codeNow = async () =>
      (
        await service.call('POST', '/api/v1/sessions/validate', {
          as: null,
          body: { session_jwt: made.sessionToken },
        })
      ).body.code;
    assert.equal(await codeNow(), undefined);
    await marketplace.sessionTokens.revoke(made.id);
    assert.equal(await codeNow(), 'TOKEN_REVOKED');
    await marketplace.sessionTokens.revokeAll({ externalUserId: userId });
    await assert.rejects(marketplace.sessionTokens.revoke(made.id), { code: 'SESSION_TOKEN_NOT_FOUND' });
  });

  test('a request is authenticated by its session token, in the header or in the launch address', async () => {
    const { session, session_token: token } = await sell();
    const options = { audience: application.id, jwksUri: `${service.url}/.well-known/jwks.json` };
    const bearing = (text: string) =>
      new Request('https://app.example/api/paid', { headers: { Authorization: `Bearer ${text}` } });
    const launched = new Request(`https://app.example/?session=${token}`);
    for (const request of [bearing(token), launched]) {
      const result = await authenticateRequest(request, options);
      assert.ok(result.isAuthenticated);
      assert.equal(result.claims.jti, session.id);
    }
    const reasonOf = async (request: Request, others: object = {}) => {
      const result = await authenticateRequest(request, { ...options, ...others });
      assert.equal(result.toWebHeaders().has('www-authenticate'), !result.isAuthenticated);
      return result.reason;
    };
    assert.equal(await reasonOf(new Request('https://app.example/')), 'TOKEN_MISSING');
    assert.equal(await reasonOf(bearing('none')), 'TOKEN_MALFORMED');
    assert.equal(await reasonOf(bearing(token), { audience: 'another' }), 'TOKEN_AUDIENCE_MISMATCH');
    const [head, claims, signature] = token.split('.') as [string, string, string];
    const forged = `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    assert.equal(await reasonOf(bearing(forged)), 'TOKEN_SIGNATURE_INVALID');
    const payload = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
    const bound = { ...payload, cnf: { jkt: 'A'.repeat(43) } };
    const ofBrowser = `${head}.${Buffer.from(JSON.stringify(bound)).toString('base64url')}.${signature}`;
    const refused = await authenticateRequest(bearing(ofBrowser), options);
    assert.equal(refused.reason, 'PROOF_REQUIRED');
    assert.match(refused.message!, /set proofOfPossession of the application to off/);
    const challenge = refused.toWebHeaders().get('www-authenticate')!;
    assert.match(
      challenge,
      /^Bearer error="invalid_token", error_description="This session token is bound[^"]+"$/,
    );
    const without = await authenticateRequest(new Request('https://app.example/'), options);
    assert.equal(without.toWebHeaders().get('www-authenticate'), 'Bearer');
    await marketplace.sessions.end(session.id);
    assert.equal(await reasonOf(bearing(token)), null, 'without the service a token counts until it expires');
    assert.equal(await reasonOf(bearing(token), { marketplace }), 'SESSION_ENDED');
  });
});
