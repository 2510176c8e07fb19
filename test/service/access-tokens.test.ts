// What an access token of a person may do, where, and for how long.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { SecretKeyCredential } from '../../src/service/features/applications/index.js';
import {
  grantable,
  grantablePermissions,
  subjectKinds,
  type GrantablePermission,
  type SubjectKind,
} from '../../src/service/features/access-tokens/subjects.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import { expectOk, operatorKey, startTestService, until, type Json, type TestService } from './fixtures.js';
import type { KnownValues } from './openapi/arbitrary-request.js';
import { readOperations, type Operation } from './openapi/operations.js';
import { helpRequestFor } from './openapi/seed-help.js';
import { seedTenant, type Tenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { TestClock } from './test-clock.js';
import { currentKey, decode, encode, signHs256, signParts, type SigningKey } from './token-workshop.js';

const origin = 'https://app.example';

/** The operations that each permission opens; every other one is refused. */
const operationsOf: Record<GrantablePermission, string[]> = {
  'sessions.list': ['GET /sessions'],
  'sessions.read': [
    'POST /sessions/validate',
    'GET /sessions/{id}',
    'GET /sessions/{id}/events',
    'GET /sessions/{id}/extensions',
    'GET /sessions/{id}/timeline',
  ],
  // It says as whom somebody listens, too.
  'sessions.attend': ['POST /sessions/{id}/room', 'GET /sessions/{id}/room', 'POST /sessions/{id}/signals'],
  'messages.read': ['GET /sessions/{id}/messages'],
  'messages.send': ['POST /sessions/{id}/messages'],
  'files.read': ['GET /sessions/{id}/files'],
  'files.upload': ['POST /sessions/{id}/files'],
  'applications.read': ['GET /applications/{id}'],
  'applications.configure': ['PATCH /applications/{id}'],
  'secret-keys.roll': ['POST /applications/{id}/secret-key'],
  'installations.verify': [
    'POST /applications/{id}/checks',
    'POST /applications/{id}/rehearsals',
    'POST /sessions/{id}/fast-forward',
  ],
  'providers.read': ['GET /providers/{id}'],
  'figures.read': [
    'GET /providers/{id}/stats',
    'GET /providers/{id}/analytics',
    'GET /providers/{id}/page-metrics',
    'GET /providers/{id}/sessions',
    'GET /providers/{id}/sessions.csv',
    'GET /providers/{id}/help-stats',
    'GET /providers/{id}/attention',
    'GET /providers/{id}/events',
  ],
  'helpers.read': ['GET /helpers', 'GET /helpers/{id}', 'GET /helpers/{id}/stats'],
  'helpers.attend': [
    'PUT /helpers/{id}/availability',
    'GET /helpers/{id}/events',
    'GET /helpers/{id}/notifications',
    'POST /helpers/{id}/notifications/read',
  ],
  'help-categories.read': ['GET /help-categories'],
  'help-requests.read': ['GET /help-requests', 'GET /help-requests/{id}', 'GET /help-requests/{id}/events'],
  'help-requests.cancel': ['POST /help-requests/{id}/cancel'],
  'help-requests.answer': ['claim', 'decline', 'withdraw', 'start', 'outcome'].map(
    (answer) => `POST /help-requests/{id}/${answer}`,
  ),
  'webhooks.read': [
    'GET /webhook-endpoints',
    'GET /providers/{id}/webhooks',
    'GET /webhook-endpoints/{id}',
    'GET /webhook-endpoints/{id}/deliveries',
    'GET /webhook-endpoints/{id}/deliveries/{delivery_id}',
  ],
  'exceptions.read': ['GET /exceptions', 'GET /exceptions/{id}'],
};

interface Issued {
  id: string;
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

describeOnOneDatabase('Access tokens', (source) => {
  const clock = new TestClock();
  let instances: TestService[];
  let service: TestService;
  let operations: Operation[];
  let tenant: Tenant;
  let other: Tenant;
  let key: SigningKey;

  before(async () => {
    const { now, timer } = clock;
    const database = await source.create();
    // All operations are asked by each person within one minute of this clock.
    const rateLimits = { person: 1_000 };
    const start = () => startTestService({ database, now, timer, rateLimits });
    // An embedded database belongs to one process.
    instances = source.kind === 'PGlite' ? [await start()] : await Promise.all([start(), start()]);
    service = instances[0]!;
    operations = await readOperations(service);
    tenant = await seedTenant(service, operations);
    other = await seedTenant(service, operations);
    key = await currentKey(service.database);
  });
  after(() => Promise.all(instances.map((each) => each.close())));

  const one = ({ known }: Tenant, name: string) => known[name]![0]! as string;
  const personOf = (kind: SubjectKind, from = tenant) =>
    kind === 'customer' ? one(from, 'user_id') : `${kind}-${crypto.randomUUID()}`;
  const ask = (body: Json, { as = tenant.secretKey, headers = {} } = {}) =>
    service.call<Issued>('POST', '/access-tokens', { as, body, headers });
  const issue = async (kind: SubjectKind, fields: Json = {}, as = tenant.secretKey) =>
    expectOk(await ask({ subject: { kind, id: personOf(kind) }, scope: grantable[kind], ...fields }, { as }));
  const memberToken = async () => (await issue('member')).access_token;
  const readSessions = (as: string, headers: Record<string, string> = {}, on = service) =>
    on.call<{ code?: string; sessions?: Json[] }>('GET', '/sessions', { as, headers });
  const assertRefused = async (token: string, code: string, on = service) => {
    const { status, body } = await readSessions(token, {}, on);
    assert.equal(body.code, code);
    assert.ok([401, 403].includes(status));
  };
  const revoke = (path: string, as = tenant.secretKey) => service.call('DELETE', path, { as });

  test('are as RFC 9068 says, and as they were asked for', async () => {
    const id = personOf('member');
    const answer = await ask({
      subject: { kind: 'member', id },
      scope: ['figures.read', 'sessions.list'],
      expires_in_seconds: 600,
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { access_token, ...said } = answer.body;
    assert.deepEqual(said, {
      id: said.id,
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'figures.read sessions.list',
    });
    const [header, claims] = access_token.split('.').slice(0, 2).map(decode);
    assert.deepEqual(header, { alg: 'ES256', typ: 'at+jwt', kid: key.kid });
    const iat = Math.floor(clock.now() / 1000);
    assert.deepEqual(claims, {
      iss: 'http://session.test',
      aud: 'http://session.test',
      sub: id,
      client_id: one(tenant, 'application_id'),
      jti: said.id,
      iat,
      exp: iat + 600,
      scope: 'figures.read sessions.list',
      provider_id: one(tenant, 'provider_id'),
      subject_kind: 'member',
    });
    assert.equal((await issue('member')).expires_in, 3600, 'an hour, unless said otherwise');
  });

  /** What is sent to an operation that looks at its body; undefined to the others. */
  const bodyOf = (name: string): Json | undefined =>
    name === 'POST /sessions/validate'
      ? { jti: one(tenant, 'session_id') }
      : name === 'POST /sessions/{id}/messages'
        ? { text: 'Hello', client_id: crypto.randomUUID() }
        : bodies[name];
  const bodies: Record<string, Json> = {
    'POST /sessions/{id}/signals': { type: 'join', sender_id: 'page' },
    'PATCH /applications/{id}': {},
    'POST /sessions/{id}/fast-forward': { remaining_seconds: 20 },
    'PUT /helpers/{id}/availability': { availability: 'available' },
    'POST /helpers/{id}/notifications/read': { up_to: 0 },
    'POST /help-requests/{id}/outcome': { outcome: 'resolved' },
  };
  /** An application of tests, with a rehearsal. */
  const rehearsed = async (): Promise<KnownValues> => {
    const provider_id = one(tenant, 'provider_id');
    const { id, secretKey: as } = await service.createApplication({ provider_id, environment: 'test' });
    const { session } = expectOk(
      await service.call<{ session: { id: string } }>('POST', `/applications/${id}/rehearsals`, { as }),
    );
    return { 'applications/{id}': [id], 'sessions/{id}': [session.id] };
  };
  /** What there is of the tenant, with a help request of which that can be asked. */
  const knownFor = async (name: string, kind: SubjectKind): Promise<KnownValues> => {
    if (/\/applications\/|fast-forward/.test(name)) return { ...tenant.known, ...(await rehearsed()) };
    const [, what] = /\/help-requests\/\{id\}\/(\w+)$/.exec(name) ?? [];
    if (what === undefined || what === 'cancel' || kind !== 'helper') return tenant.known;
    // Their sessions are of somebody else.
    const known = { ...tenant.known, user_id: [await service.createCustomer(10)] };
    // One that he has is heard of by the helper.
    const id = await helpRequestFor(service, what === 'events' ? 'withdraw' : what, { ...tenant, known });
    return { ...tenant.known, 'help-requests/{id}': [id] };
  };

  describe('operation by operation', () => {
    for (const kind of subjectKinds) {
      for (const permission of grantable[kind]) {
        test(`${permission} of a ${kind}: what it opens, and nothing else`, async () => {
          const isOfHelp = kind === 'helper' && /^help/.test(permission);
          const id = isOfHelp ? one(tenant, 'helper_id') : personOf(kind);
          // All tokens of one person share a rate limit by the minute.
          if (isOfHelp || kind === 'customer') clock.advance(31);
          const { access_token } = await issue(kind, { subject: { kind, id }, scope: [permission] });
          const opened = new Set(operationsOf[permission]);
          for (const operation of operations.filter(({ schemes }) => schemes.length > 0)) {
            const name = `${operation.method} ${operation.path.replace('/api/v1', '')}`;
            const body = bodyOf(name);
            const { status, text } = await send(service, operation, {
              target: fill(operation.path, opened.has(name) ? await knownFor(name, kind) : tenant.known),
              body: operation.takesBytes ? 'bytes' : body && JSON.stringify(body),
              headers: {
                Authorization: `Bearer ${access_token}`,
                ...(body && { 'Content-Type': 'application/json' }),
                ...(operation.takesBytes && { 'X-File-Name': 'name' }),
              },
            });
            if (opened.delete(name)) assert.ok(status < 300, `${name} is refused: ${text}`);
            else assert.match(text, /"CREDENTIAL_INSUFFICIENT"/, `${name} is not refused: ${status}`);
          }
          assert.deepEqual([...opened], [], 'each operation is in the document');
        });
      }
    }
  });

  test('are given nothing that a secret key has not', () => {
    assert.deepEqual(
      grantablePermissions.filter((permission) => !SecretKeyCredential.permissions.includes(permission)),
      [],
    );
    for (const permission of grantablePermissions)
      assert.doesNotMatch(permission, /create|change|manage|extend|launch|resolve/);
  });

  test('of a customer reach the own sessions at this provider alone, whatever is asked', async () => {
    const application = { id: one(tenant, 'application_id'), secretKey: tenant.secretKey };
    const strangersId = await service.createCustomer(10_000);
    const strangers = (await service.createSession(application, strangersId)).session.id;
    const elsewhere = { id: one(other, 'application_id'), secretKey: other.secretKey };
    const away = (await service.createSession(elsewhere, one(tenant, 'user_id'))).session.id;
    const { access_token: as } = await issue('customer');
    const list = async (query: string) =>
      (await service.call<{ sessions: Json[] }>('GET', `/sessions${query}`, { as })).body.sessions;
    const own = [one(tenant, 'session_id')];
    for (const query of ['', `?user_id=${one(tenant, 'user_id')}`, `?application_id=${application.id}`])
      assert.deepEqual(
        (await list(query)).map(({ id }) => id),
        own,
      );
    assert.deepEqual(await list(`?application_id=${elsewhere.id}`), []);
    const ofStranger = await service.call('GET', `/sessions?user_id=${strangersId}`, { as });
    assert.equal(ofStranger.body.code, 'CUSTOMER_NOT_FOUND');
    for (const id of [strangers, away]) {
      for (const path of [`/sessions/${id}`, `/sessions/${id}/events`, `/sessions/${id}/extensions`])
        assert.equal((await service.call('GET', path, { as })).body.code, 'SESSION_NOT_FOUND');
      const validation = await service.call('POST', '/sessions/validate', { as, body: { jti: id } });
      assert.equal(validation.body.code, 'SESSION_NOT_FOUND');
    }
  });

  test('of a member reach all applications of the provider, and no other', async () => {
    const second = await service.createApplication({ provider_id: one(tenant, 'provider_id') });
    const as = await memberToken();
    assert.equal((await service.call('GET', `/applications/${second.id}`, { as })).status, 200);
    const foreign = await service.call('GET', `/applications/${one(other, 'application_id')}`, { as });
    assert.equal(foreign.body.code, 'APPLICATION_NOT_FOUND');
  });

  test('are refused on every instance once one is revoked, and the person’s others are not', async () => {
    const subject = { kind: 'member', id: personOf('member') };
    const first = await issue('member', { subject });
    const second = await issue('member', { subject });
    const foreign = await revoke(`/access-tokens/${first.id}`, other.secretKey);
    assert.equal(foreign.body.code, 'ACCESS_TOKEN_NOT_FOUND');
    assert.equal((await readSessions(first.access_token)).status, 200);
    assert.equal((await revoke(`/access-tokens/${first.id}`)).status, 204);
    for (const instance of instances) {
      await assertRefused(first.access_token, 'ACCESS_TOKEN_REVOKED', instance);
      assert.equal((await readSessions(second.access_token, {}, instance)).status, 200);
    }
    assert.equal((await revoke(`/access-tokens/${first.id}`)).body.code, 'ACCESS_TOKEN_NOT_FOUND');
  });

  test('of one person are revoked together, and those of others count', async () => {
    const id = personOf('helper');
    const scope = ['providers.read'];
    const read = async (as: string) =>
      (await service.call('GET', `/providers/${one(tenant, 'provider_id')}`, { as })).status;
    const own = await Promise.all(
      [1, 2].map(() => issue('helper', { subject: { kind: 'helper', id }, scope })),
    );
    const member = await issue('member', { subject: { kind: 'member', id }, scope });
    const others = `/access-tokens?subject_kind=helper&subject_id=${id}`;
    assert.equal((await revoke(others, other.secretKey)).status, 204, 'of that name at another provider');
    for (const { access_token } of own) assert.equal(await read(access_token), 200);
    assert.equal((await revoke(others)).status, 204);
    for (const { access_token } of own) await assertRefused(access_token, 'ACCESS_TOKEN_REVOKED');
    assert.equal(await read(member.access_token), 200);
    const later = await issue('helper', { subject: { kind: 'helper', id }, scope });
    assert.equal(await read(later.access_token), 200);
    for (const path of [
      '/access-tokens',
      '/access-tokens?subject_kind=helper',
      '/access-tokens?subject_id=a',
    ])
      assert.equal((await revoke(path)).body.code, 'REQUEST_INVALID', 'nobody’s at all');
  });

  test('are over at their end, and then forgotten', async () => {
    const { id, access_token } = await issue('member', { expires_in_seconds: 60 });
    clock.advance(59);
    assert.equal((await readSessions(access_token)).status, 200);
    clock.advance(1);
    await assertRefused(access_token, 'ACCESS_TOKEN_EXPIRED');
    clock.advance(7200);
    await until(async () => {
      const rows = await service.database.kysely.selectFrom('access_tokens').select('id').execute();
      return !rows.some((row) => row.id === id);
    });
  });

  test('come from a server, or from a page of the provider’s applications', async () => {
    const as = await memberToken();
    assert.equal((await readSessions(as)).status, 200);
    const fromPage = await readSessions(as, { Origin: origin });
    assert.equal(fromPage.status, 200);
    assert.equal(fromPage.headers.get('access-control-allow-origin'), origin);
    const foreign = await readSessions(as, { Origin: 'https://elsewhere.example' });
    assert.equal(foreign.body.code, 'ORIGIN_REFUSED');
    await service.createApplication({
      provider_id: one(other, 'provider_id'),
      allowed_origins: ['https://of-another.example'],
    });
    const ofAnother = await readSessions(as, { Origin: 'https://of-another.example' });
    assert.equal(ofAnother.body.code, 'ORIGIN_REFUSED', 'registered by another provider');
    const preflight = await service.call('OPTIONS', '/sessions', { as: null, headers: { Origin: origin } });
    assert.match(preflight.headers.get('access-control-allow-methods')!, /\bPATCH\b.*\bDELETE\b/);
    const issuedInPage = await ask({}, { headers: { Origin: origin } });
    assert.equal((issuedInPage.body as unknown as Json).code, 'SECRET_KEY_IN_BROWSER');
  });

  test('of one person share one rate limit', async () => {
    const subject = { kind: 'member', id: personOf('member') };
    const left = async () => {
      const { access_token } = await issue('member', { subject });
      const { headers } = await readSessions(access_token);
      assert.match(headers.get('ratelimit-policy')!, /^"person";q=1000/);
      return Number(/r=(\d+)/.exec(headers.get('ratelimit')!)![1]);
    };
    assert.deepEqual([await left(), await left()], [999, 998]);
  });

  describe('streams', () => {
    let path: string;
    let sessionToken: string;
    before(async () => {
      const application = { id: one(tenant, 'application_id'), secretKey: tenant.secretKey };
      const sold = await service.createSession(application, one(tenant, 'user_id'), {
        duration_seconds: 7200,
      });
      path = `/sessions/${sold.session.id}/events`;
      sessionToken = sold.session_token;
    });
    const listen = async (token: string, headers: Record<string, string> = {}) => {
      const readers = await Promise.all(
        instances.map(({ url }) =>
          EventReader.open(url + path, { Authorization: `Bearer ${token}`, ...headers }),
        ),
      );
      await Promise.all(readers.map((reader) => reader.atLeast(1)));
      return readers;
    };
    const areOver = (readers: EventReader[]) => Promise.all(readers.map((reader) => reader.untilOver()));
    const stay = (readers: EventReader[]) => {
      for (const reader of readers) {
        assert.equal(reader.isOver, false);
        reader.leave();
      }
    };

    test('end when their token is revoked, and no others', async () => {
      const [revoked, kept] = [await issue('customer'), await issue('customer')];
      const [ending, staying] = [await listen(revoked.access_token), await listen(kept.access_token)];
      await revoke(`/access-tokens/${revoked.id}`);
      await areOver(ending);
      stay(staying);
    });

    test('end when all of the person are revoked, also by the operator at every provider', async () => {
      const id = personOf('customer');
      const person = `/access-tokens?subject_kind=customer&subject_id=${id}`;
      for (const as of [tenant.secretKey, operatorKey]) {
        const ending = await listen((await issue('customer')).access_token);
        const staying = await listen(await memberToken());
        assert.equal((await revoke(person, as)).status, 204);
        await areOver(ending);
        stay(staying);
      }
    });

    test('end when their token is over, and when the page’s origin is taken away', async () => {
      const short = await listen((await issue('member', { expires_in_seconds: 60 })).access_token);
      const application = await service.createApplication({
        provider_id: one(tenant, 'provider_id'),
        allowed_origins: ['https://once.example'],
      });
      const ofPage = await listen(await memberToken(), { Origin: 'https://once.example' });
      const plain = await listen(await memberToken());
      clock.advance(60);
      await areOver(short);
      const body = { allowed_origins: [] };
      expectOk(await service.call('PATCH', `/applications/${application.id}`, { body }));
      await areOver(ofPage);
      stay(plain);
    });

    test('of a person who looks on tell nobody that a side is there: a member is an observer, a customer nobody', async () => {
      const page = await listen(sessionToken);
      const onlookers = [
        ...(await listen(await memberToken())),
        ...(await listen((await issue('customer')).access_token)),
      ];
      const ofKey = await listen(tenant.secretKey);
      const rolesOf = ({ presence }: EventReader) =>
        presence.map(({ data }) => (data as unknown as Json).role);
      // The one by the secret key, which came last.
      await until(() => page.every((reader) => rolesOf(reader).includes('provider')));
      for (const reader of page) assert.ok(!rolesOf(reader).includes('customer'));
      for (const readers of [page, onlookers, ofKey]) stay(readers);
    });
  });

  test('of a customer who is erased count no more', async () => {
    const id = await service.createCustomer(1000);
    const { access_token } = await issue('customer', { subject: { kind: 'customer', id } });
    assert.equal((await readSessions(access_token)).status, 200);
    assert.equal((await service.call('DELETE', `/customers/${id}`)).status, 204);
    await assertRefused(access_token, 'ACCESS_TOKEN_REVOKED');
  });

  describe('made otherwise', () => {
    let header: Json;
    let claims: Json;
    before(async () => {
      [header, claims] = (await memberToken()).split('.').slice(0, 2).map(decode) as [Json, Json];
    });
    const sign = (otherHeader: unknown = header, payload: unknown = claims) =>
      signParts(key.privateKey, otherHeader, payload);

    const wrong: Record<string, () => string> = {
      'without a signature': () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
      'without three parts': () => sign().split('.').slice(0, 2).join('.'),
      'with a part too much': () => `${sign()}.AAAA`,
      'by another key under our name': () =>
        signParts(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, header, claims),
      'by an unknown key': () => sign({ ...header, kid: 'unknown' }),
      'without kid': () => sign({ ...header, kid: undefined }),
      'with one claim changed': () =>
        sign()
          .split('.')
          .with(1, encode({ ...claims, sub: 'somebody' }))
          .join('.'),
      'by HMAC with the public key': () =>
        signHs256(key.publicKey.export({ format: 'pem', type: 'spki' }), { ...header, alg: 'HS256' }, claims),
      'by HMAC, said to be ES256': () =>
        signHs256(key.publicKey.export({ format: 'pem', type: 'spki' }), header, claims),
      'with a claim doubled': () => sign(header, JSON.stringify(claims).replace(/^\{/, '{"sub":"other",')),
      'with a text that no database holds': () => sign(header, { ...claims, jti: 'a\0b' }),
      'that lives for more than a day': () => sign(header, { ...claims, exp: Number(claims.iat) + 86_401 }),
      'that ends before it begins': () => sign(header, { ...claims, exp: claims.iat }),
      'of the future': () =>
        sign(header, { ...claims, iat: Number(claims.iat) + 7200, exp: Number(claims.iat) + 9000 }),
    };
    for (const alg of [
      'none',
      'None',
      '',
      null,
      undefined,
      'es256',
      'HS256',
      'RS256',
      'ES384',
      'EdDSA',
      ['ES256'],
    ])
      wrong[`with alg ${JSON.stringify(alg)}`] = () => sign({ ...header, alg });
    for (const member of ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'cty'])
      wrong[`with ${member}`] = () => sign({ ...header, [member]: 'x' });
    for (const name of [
      'iss',
      'aud',
      'sub',
      'jti',
      'iat',
      'exp',
      'scope',
      'client_id',
      'provider_id',
      'subject_kind',
    ])
      for (const value of [undefined, {}, ['http://session.test'], ''])
        wrong[`with ${name} ${JSON.stringify(value)}`] = () => sign(header, { ...claims, [name]: value });
    for (const [name, make] of Object.entries(wrong)) {
      test(`${name}: refused`, async () => {
        assert.equal((await readSessions(sign())).status, 200, 'the control must pass');
        await assertRefused(make(), 'ACCESS_TOKEN_INVALID');
      });
    }

    test('of another type: each is taken for what it says, and for nothing else', async () => {
      await assertRefused(sign({ ...header, typ: 'session+jwt' }), 'TOKEN_CLAIM_MISSING');
      for (const typ of ['JWT', undefined])
        await assertRefused(sign({ ...header, typ }), 'TOKEN_CLAIM_MISSING');
      for (const typ of ['AT+JWT', 'application/at+jwt', 'dpop+jwt'])
        await assertRefused(sign({ ...header, typ }), 'TOKEN_TYPE_REFUSED');
      const [sessionHeader, sessionClaims] = tenant.token.split('.').slice(0, 2).map(decode);
      await assertRefused(sign({ ...sessionHeader, typ: 'at+jwt' }, sessionClaims), 'ACCESS_TOKEN_INVALID');
      const both = { ...claims, ...sessionClaims };
      await assertRefused(sign({ ...header, typ: 'at+jwt' }, both), 'ACCESS_TOKEN_INVALID');
      const inBody = await service.call('POST', '/sessions/validate', {
        as: null,
        body: { session_jwt: sign() },
      });
      assert.equal(inBody.body.code, 'TOKEN_TYPE_REFUSED');
      const asProof = await service.call('GET', '/sessions', {
        as: null,
        headers: { Authorization: `DPoP ${sign()}` },
      });
      assert.equal(asProof.body.code, 'ACCESS_TOKEN_INVALID');
    });

    test('with more than its kind is given: the rest is not given', async () => {
      const scope = 'sessions.read sessions.create access-tokens.manage webhooks.manage';
      const as = sign(header, { ...claims, scope });
      for (const path of ['/access-tokens', '/sessions', '/webhook-endpoints'])
        assert.equal(
          (await service.call('POST', path, { as, body: {} })).body.code,
          'CREDENTIAL_INSUFFICIENT',
        );
      assert.equal((await service.call('GET', `/sessions/${one(tenant, 'session_id')}`, { as })).status, 200);
    });
  });

  test('are issued once for a key, kept nowhere, and written down', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const request = { subject: { kind: 'member', id: personOf('member') }, scope: ['figures.read'] };
    const first = await ask(request, { headers });
    const again = await ask(request, { headers });
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.equal(again.body.id, first.body.id);
    const claimsOf = ({ access_token }: Issued) => decode(access_token.split('.')[1]!);
    assert.deepEqual(claimsOf(again.body), claimsOf(first.body));
    const changed = await ask({ ...request, scope: ['sessions.read'] }, { headers });
    assert.equal((changed.body as unknown as Json).code, 'IDEMPOTENCY_KEY_REUSED');
    await revoke(`/access-tokens/${first.body.id}`);
    const { kysely } = service.database;
    const { rows } = await sql<{ action: string; actor: string; fields: string[] }>`
      select action, actor, fields from audit_entries where subject = ${`/access-tokens/${first.body.id}`}
      order by action desc`.execute(kysely);
    const actor = `application:${one(tenant, 'application_id')}`;
    assert.deepEqual(rows, [
      { action: 'POST /access-tokens', actor, fields: ['subject', 'scope'] },
      { action: 'DELETE /access-tokens/{id}', actor, fields: [] },
    ]);
    for (const table of ['access_tokens', 'idempotency_keys', 'audit_entries']) {
      const { rows: texts } = await sql<{ text: string }>`
        select to_jsonb(kept)::text as text from ${sql.table(table)} as kept`.execute(kysely);
      const signature = first.body.access_token.split('.')[2]!;
      assert.ok(texts.every(({ text }) => !text.includes(signature)));
    }
  });

  test('are asked for as the document says', async () => {
    const member = { kind: 'member', id: personOf('member') };
    const codeOf = async (body: Json, as = tenant.secretKey) => {
      const answer = await ask(body, { as });
      const { code, errors } = answer.body as unknown as { code: string; errors?: { pointer: string }[] };
      return [code, ...(errors ?? []).map(({ pointer }) => pointer)].join(' ');
    };
    const scope = ['providers.read'];
    const customer = { kind: 'customer', id: one(tenant, 'user_id') };
    assert.equal(
      await codeOf({ subject: customer, scope: ['sessions.read', 'figures.read'] }),
      'REQUEST_INVALID /scope/1',
    );
    assert.equal(await codeOf({ subject: member, scope: [] }), 'REQUEST_INVALID /scope');
    assert.equal(await codeOf({ subject: member, scope: [...scope, ...scope] }), 'REQUEST_INVALID /scope');
    assert.equal(await codeOf({ subject: member, scope: ['sessions.create'] }), 'REQUEST_INVALID /scope/0');
    for (const expires_in_seconds of [59, 86_401, 0.5])
      assert.equal(
        await codeOf({ subject: member, scope, expires_in_seconds }),
        'REQUEST_INVALID /expires_in_seconds',
      );
    assert.equal(
      await codeOf({ subject: { kind: 'customer', id: 'nobody' }, scope: ['sessions.read'] }),
      'CUSTOMER_NOT_FOUND',
    );
    assert.equal(await codeOf({ subject: member, scope }, operatorKey), 'REQUEST_INVALID /provider_id');
    assert.equal(
      await codeOf({ subject: member, scope, provider_id: 'none' }, operatorKey),
      'PROVIDER_NOT_FOUND',
    );
    const foreign = { subject: member, scope, provider_id: one(other, 'provider_id') };
    assert.equal(await codeOf(foreign), 'PROVIDER_NOT_FOUND');
    assert.equal((await ask(foreign, { as: operatorKey })).status, 201);
    const ofNobody = `/access-tokens?subject_kind=member&subject_id=${member.id}`;
    assert.equal((await revoke(ofNobody, operatorKey)).body.code, 'REQUEST_INVALID');
  });

  test('of one person are at most a hundred at a time', async () => {
    const request = { subject: { kind: 'helper', id: personOf('helper') }, scope: ['providers.read'] };
    const answers = await Promise.all(Array.from({ length: 101 }, () => ask(request)));
    const refused = answers.filter(({ status }) => status === 409);
    assert.deepEqual(
      refused.map(({ body }) => (body as unknown as Json).code),
      ['ACCESS_TOKEN_LIMIT_REACHED'],
    );
  });
});

/** The path with the ids that are known. */
function fill(path: string, known: KnownValues): string {
  return path.replace(/([\w-]+)\/(\{\w+\})/g, (all, collection: string, name: string) => {
    const [id] = known[`${collection}/${name}`] ?? [];
    return id === undefined ? all.replace(name, 'unknown') : `${collection}/${String(id)}`;
  });
}
