// The real client library of Supabase against a local server in the shapes of its Auth API, and the real session service.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Marketplace, type RouteHandler } from '../../src/sdk/index.js';
import {
  createSessionHandler,
  createSessionRoute,
  type SupabaseSessionRouteOptions,
} from '../../src/sdk/supabase/index.js';
import { startTestService, type TestApplication, type TestService } from '../service/fixtures.js';
import { SupabaseAuth, type AuthUser } from './supabase-auth.js';

let auth: SupabaseAuth;
let service: TestService;
let application: TestApplication;
let marketplace: Marketplace;
before(async () => {
  auth = await SupabaseAuth.start();
  service = await startTestService();
  application = await service.createApplication();
  marketplace = new Marketplace({ secretKey: application.secretKey, apiUrl: service.url });
});
after(async () => {
  await service.close();
  await auth.close();
});

const errors: unknown[] = [];
const routeWith = (options: SupabaseSessionRouteOptions = {}): RouteHandler =>
  createSessionRoute({
    marketplace,
    supabaseUrl: auth.url,
    supabaseKey: auth.publishableKey,
    onError: (error) => errors.push(error),
    ...options,
  });

const ask = (headers: Record<string, string> = {}, method = 'POST') =>
  new Request('https://app.example/api/session', { method, headers });
const withToken = (token: string) => ask({ Authorization: `Bearer ${token}` });

/** The status; every answer is for one person, and for no cache. */
async function statusOf(route: RouteHandler, request: Request): Promise<number> {
  const response = await route(request);
  assert.equal(response.headers.get('cache-control'), 'private, no-store');
  assert.equal(response.headers.get('vary'), 'Cookie, Authorization');
  return response.status;
}

/** Whose session token was answered. */
async function customerOf(response: Response): Promise<string> {
  assert.equal(response.status, 200);
  const { sessionToken } = (await response.json()) as { sessionToken: string };
  return (JSON.parse(Buffer.from(sessionToken.split('.')[1]!, 'base64url').toString()) as { sub: string })
    .sub;
}

/** What a browser sends once it has taken an answer's cookies. */
function cookiesAfter(cookies: string, response: Response): string {
  const jar = new Map(cookies.split('; ').map((pair) => pair.split('=', 2) as [string, string]));
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
    if (/Max-Age=0/.test(line)) jar.delete(name!);
    else jar.set(name!, value!);
  }
  return [...jar].map((pair) => pair.join('=')).join('; ');
}

/** Signs in with an access token whose time is over. */
async function signInLongAgo(user: AuthUser): Promise<string> {
  auth.expiresIn = -60;
  try {
    return await auth.signIn(user);
  } finally {
    auth.expiresIn = 3600;
  }
}

describe('Whoever is signed in with Supabase gets a session token', () => {
  test('by cookies', async () => {
    const user = auth.addUser();
    const response = await routeWith()(ask({ Cookie: `theme=dark; ${await auth.signIn(user)}` }));
    assert.deepEqual(response.headers.getSetCookie(), []);
    assert.equal(await customerOf(response), user.id);
  });

  test('by cookies in pieces, and by none where one is missing', async () => {
    const user = auth.addUser({ user_metadata: { about: '🏝️ é '.repeat(800) } });
    const cookies = await auth.signIn(user);
    const pieces = cookies.split('; ');
    assert.ok(pieces.length > 3, `${pieces.length} cookies`);
    assert.equal(await customerOf(await routeWith()(ask({ Cookie: cookies }))), user.id);
    assert.equal(await statusOf(routeWith(), ask({ Cookie: pieces.slice(1).join('; ') })), 401);
  });

  test('by the Authorization header, which goes first', async () => {
    const user = auth.addUser();
    const other = await auth.signIn(auth.addUser());
    const headers = { Authorization: `bearer ${await auth.accessToken(user)}`, Cookie: other };
    assert.equal(await customerOf(await routeWith()(ask(headers))), user.id);
    assert.equal(await statusOf(routeWith(), ask({ Authorization: 'Bearer nonsense', Cookie: other })), 401);
    assert.equal(await statusOf(routeWith(), ask({ Authorization: 'Basic bm8=', Cookie: other })), 200);
  });

  test('with what Supabase has refreshed on the way', async () => {
    const user = auth.addUser();
    const cookies = await signInLongAgo(user);
    const response = await routeWith()(ask({ Cookie: cookies }));
    assert.equal(await customerOf(response), user.id);
    const [line, ...others] = response.headers.getSetCookie();
    assert.deepEqual(others, []);
    assert.match(line!, /^sb-127-auth-token=base64-\S+; Max-Age=\d{8}; Path=\/; SameSite=Lax$/);
    const refreshed = cookiesAfter(cookies, response);
    const before = auth.asked.length;
    assert.deepEqual((await routeWith()(ask({ Cookie: refreshed }))).headers.getSetCookie(), []);
    assert.deepEqual(auth.asked.slice(before), ['GET /user']);
    // The refresh token of before counts for nothing: that is why the new one must reach the browser.
    const again = await routeWith()(ask({ Cookie: cookies }));
    assert.equal(again.status, 401);
    assert.equal(cookiesAfter(cookies, again), '');
  });

  test('as the customer, the organization and the session that the application says', async () => {
    const user = auth.addUser({
      app_metadata: { customer: `customer-${crypto.randomUUID()}`, team: 'blue' },
    });
    const cookie = await auth.signIn(user);
    const customer = String(user.app_metadata.customer);
    const extractUserId: SupabaseSessionRouteOptions['extractUserId'] = async ({ appMetadata }) =>
      String(appMetadata.customer);
    const extractOrganizationId: SupabaseSessionRouteOptions['extractOrganizationId'] = ({ appMetadata }) =>
      String(appMetadata.team);
    const response = await routeWith({ extractUserId, extractOrganizationId })(ask({ Cookie: cookie }));
    assert.equal(await customerOf(response), customer);
    const { organization_id } = await service.database.kysely
      .selectFrom('customers')
      .select('organization_id')
      .where('id', '=', customer)
      .executeTakeFirstOrThrow();
    assert.equal(organization_id, 'blue');
    const named = routeWith({ extractSessionId: (_, request) => new URL(request.url).pathname.slice(1) });
    assert.equal(await statusOf(named, ask({ Cookie: cookie })), 404);
    assert.equal(await statusOf(routeWith({ extractUserId: () => null }), ask({ Cookie: cookie })), 401);
  });

  test('on Node’s own servers, with each cookie in a header of its own', async () => {
    const user = auth.addUser({ user_metadata: { about: 'x'.repeat(2000) } });
    const cookies = await signInLongAgo(user);
    const server = createServer(
      createSessionHandler({ marketplace, supabaseUrl: auth.url, supabaseKey: auth.publishableKey }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/api/session`, {
        method: 'POST',
        headers: { Cookie: cookies },
      });
      assert.ok(response.headers.getSetCookie().length > 1);
      assert.equal(await customerOf(response), user.id);
    } finally {
      server.close();
    }
  });
});

describe('Nobody else gets one', () => {
  const garbage = async () => {
    const [header, payload, signature] = (await auth.accessToken(auth.addUser())).split('.');
    const encoded = (text: string) => Buffer.from(text).toString('base64url');
    return [
      'a.b.c',
      `${header}.${payload}`,
      `${header}.${encoded('null')}.${signature}`,
      `${header}.${encoded('{"sub":"somebody","exp":99999999999}')}.${signature}`,
      `${encoded('{"alg":"none"}')}.${payload}.${signature}`,
      `${encoded('{"alg":7}')}.${payload}.${signature}`,
      `${header}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${signature}`,
      `${header}.${payload}.${'A'.repeat(86)}`,
      'é.é.é',
    ];
  };

  for (const verify of ['user', 'claims'] as const) {
    test(`checked by ${verify}: not without a login, with garbage, from another site, or by GET`, async () => {
      const route = routeWith({ verify });
      errors.length = 0;
      assert.equal(await statusOf(route, ask()), 401);
      for (const token of await garbage()) {
        const isHeader = /^[\x20-\x7e]+$/.test(token);
        if (isHeader) assert.equal(await statusOf(route, withToken(token)), 401, token);
        const session = {
          access_token: token,
          refresh_token: 'x',
          expires_at: 9_999_999_999,
          token_type: 'bearer',
        };
        const value = `base64-${Buffer.from(JSON.stringify(session)).toString('base64url')}`;
        assert.equal(await statusOf(route, ask({ Cookie: `sb-127-auth-token=${value}` })), 401, token);
      }
      assert.equal(await statusOf(route, ask({ Cookie: 'sb-127-auth-token=base64-nonsense' })), 401);
      assert.deepEqual(errors, [], 'nothing of it is a failure');
      const cookie = await auth.signIn(auth.addUser());
      const before = auth.asked.length;
      assert.equal(await statusOf(route, ask({ Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' })), 403);
      assert.equal(await statusOf(route, ask({ Cookie: cookie }, 'GET')), 405);
      assert.equal(auth.asked.length, before, 'Supabase is not asked');
    });

    test(`checked by ${verify}: anonymous users only where they are allowed`, async () => {
      const cookie = await auth.signIn(auth.addUser({ is_anonymous: true }));
      assert.equal(await statusOf(routeWith({ verify }), ask({ Cookie: cookie })), 401);
      assert.equal(await statusOf(routeWith({ verify, allowAnonymous: true }), ask({ Cookie: cookie })), 200);
    });
  }

  test('who has signed out or is banned, at once; by claims alone once the token runs out', async () => {
    const user = auth.addUser();
    const cookies = await auth.signIn(user);
    auth.signOut(user);
    const response = await routeWith()(ask({ Cookie: cookies }));
    assert.equal(response.status, 401);
    assert.equal(cookiesAfter(cookies, response), '', 'the cookies are cleared');
    assert.equal(await statusOf(routeWith({ verify: 'claims' }), ask({ Cookie: cookies })), 200);
    const banned = auth.addUser({ is_banned: true });
    assert.equal(await statusOf(routeWith(), ask({ Cookie: await auth.signIn(banned) })), 401);
  });

  test('by claims: a token for others, of another issuer, of no user, of the service itself, or of before', async () => {
    const route = routeWith({ verify: 'claims' });
    const user = auth.addUser();
    assert.equal(await statusOf(route, withToken(await auth.accessToken(user))), 200);
    const wrong = [
      { aud: 'elsewhere' },
      { aud: undefined },
      { iss: 'https://other.supabase.co/auth/v1' },
      { iss: undefined },
      { role: 'service_role' },
      { role: 'anon' },
      { sub: undefined },
      { sub: '' },
      { is_anonymous: true },
      { exp: Math.floor(Date.now() / 1000) - 1 },
      { exp: undefined },
    ];
    for (const claims of wrong) {
      const request = withToken(await auth.accessToken(user, claims));
      assert.equal(await statusOf(route, request), 401, JSON.stringify(claims));
    }
    const issuer = 'https://login.example/auth/v1';
    const own = withToken(await auth.accessToken(user, { iss: issuer }));
    assert.equal(await statusOf(routeWith({ verify: 'claims', issuer }), own), 200);
  });
});

describe('A failure is none of the customer’s', () => {
  test('Supabase does not answer: 503 and when to come back; it does not know the application: 500; both are told', async () => {
    const request = async () => ask({ Cookie: await auth.signIn(auth.addUser()) });
    errors.length = 0;
    for (const [outageStatus, status] of [
      [503, 503],
      [500, 503],
      [429, 503],
      [404, 500],
    ] as const) {
      const asked = await request();
      auth.outageStatus = outageStatus;
      const answer = await routeWith()(asked);
      auth.outageStatus = undefined;
      const retryAfter = status === 503 ? '5' : null;
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [status, retryAfter]);
      assert.equal(answer.headers.get('cache-control'), 'private, no-store');
    }
    assert.equal(await statusOf(routeWith({ supabaseKey: 'sb_publishable_wrong' }), await request()), 500);
    const closed = routeWith({
      supabaseUrl: 'http://127.0.0.1:9',
      cookieOptions: { name: 'sb-127-auth-token' },
    });
    assert.equal(await statusOf(closed, await request()), 503);
    assert.equal(errors.length, 6);
  });

  test('the session service does not: 502', async () => {
    const away = new Marketplace({ secretKey: 'sk_test_x', apiUrl: 'http://127.0.0.1:9', maxRetries: 0 });
    const cookie = await auth.signIn(auth.addUser());
    assert.equal(await statusOf(routeWith({ marketplace: away }), ask({ Cookie: cookie })), 502);
    const refused = new Marketplace({ secretKey: 'sk_test_wrong', apiUrl: service.url });
    assert.equal(await statusOf(routeWith({ marketplace: refused }), ask({ Cookie: cookie })), 502);
  });

  test('a setting is missing: says which', async () => {
    errors.length = 0;
    assert.equal(await statusOf(routeWith({ supabaseUrl: '' }), ask()), 500);
    assert.match(String(errors[0]), /supabaseUrl is missing: pass it, or set SUPABASE_URL/);
  });
});
