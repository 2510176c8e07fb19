// Session tokens that a page's server asks for a signed-in user: what they allow, and for how long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HeartbeatAnswer, ValidateAnswer } from '../../src/protocol/api.js';
import { customerOperations, operations, sessionOperations } from '../../src/protocol/session-operations.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestBrowser } from './test-browser.js';
import { TestClock } from './test-clock.js';
import { decode } from './token-workshop.js';

const origin = 'https://app.example';

interface Issued {
  id: string;
  session_token: string;
  expires_at: number;
  session_id: string | null;
  allowed_operations: string[];
  code?: string;
}

describeOnOneDatabase('Session tokens of a person', (source) => {
  const clock = new TestClock();
  let instances: TestService[];
  let service: TestService;
  let application: TestApplication;
  let other: TestApplication;

  before(async () => {
    const { now, timer } = clock;
    const database = await source.create();
    const limits = { sessionTokenSeconds: 600 };
    const start = () => startTestService({ database, now, timer, limits });
    // An embedded database belongs to one process.
    instances = source.kind === 'PGlite' ? [await start()] : await Promise.all([start(), start()]);
    service = instances[0]!;
    const unbound = {
      proof_of_possession: 'off',
      max_duration_seconds: 86_400,
      customer_operations: [...customerOperations],
    };
    application = await service.createApplication(unbound);
    other = await service.createApplication({ ...unbound, provider_id: 'provider-2' });
  });
  after(() => Promise.all(instances.map((each) => each.close())));

  const newUser = () => `user-${crypto.randomUUID()}`;
  const ask = (
    body: Json,
    { as = application.secretKey, on = service, path = '/session-tokens', headers = {} } = {},
  ) => on.call<Issued>('POST', path, { as, body, headers });
  const issue = async (userId: string, fields: Json = {}, as = application.secretKey) =>
    expectOk(await ask({ external_user_id: userId, ...fields }, { as }));
  const sell = async (of = application, fields: Json = {}) => {
    const userId = await service.createCustomer(100_000);
    const { session } = await service.createSession(of, userId, { duration_seconds: 7200, ...fields });
    return { userId, sessionId: session.id };
  };
  const validate = (token: string, headers: Record<string, string> = {}) =>
    service.call<ValidateAnswer & { code?: string }>('POST', '/sessions/validate', {
      as: null,
      body: { session_jwt: token },
      headers,
    });
  const codeFor = async (token: string) => (await validate(token)).body.code;
  const beat = (id: string, as: string) =>
    service.call<HeartbeatAnswer & { code?: string }>('POST', `/sessions/${id}/heartbeat`, {
      as,
      body: { timestamp: 0, active: true },
    });
  const claimsOf = (token: string) => decode(token.split('.')[1]!);

  describe('of a session', () => {
    test('are session tokens with a scope, by every spelling of the address', async () => {
      const { userId, sessionId } = await sell();
      const metadata = { desk: '7' };
      for (const path of ['/api/v1/session-tokens', '/v1/session-tokens', '/session-tokens']) {
        const answer = await ask({ external_user_id: userId, metadata }, { path });
        assert.equal(answer.status, 201);
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        const { id, session_token, ...said } = answer.body;
        const now = Math.floor(clock.now() / 1000);
        assert.deepEqual(said, {
          expires_at: now + 600,
          session_id: sessionId,
          allowed_operations: [...sessionOperations],
        });
        assert.equal(decode(session_token.split('.')[0]!).typ, 'session+jwt');
        const { jti, sub, aud, scope, token_id, exp, ...claims } = claimsOf(session_token);
        assert.deepEqual([jti, sub, aud, token_id, exp], [sessionId, userId, application.id, id, now + 600]);
        assert.equal(scope, sessionOperations.join(' '));
        assert.ok(!JSON.stringify(claims).includes('desk'), 'metadata stays on the server');
        const { session, allowed_operations } = expectOk(await validate(session_token, { Origin: origin }));
        assert.equal(session.id, sessionId);
        assert.deepEqual(allowed_operations, [...sessionOperations]);
      }
      const { session_token: sold } = await service.createSession(application, userId);
      assert.equal(expectOk(await validate(sold)).allowed_operations, undefined, 'one that was sold');
    });

    test('are of the newest live one, or of the one that is named', async () => {
      const { userId, sessionId: first } = await sell();
      clock.advance(1);
      const { session: second } = await service.createSession(application, userId);
      assert.equal((await issue(userId)).session_id, second.id);
      assert.equal((await issue(userId, { session_id: first })).session_id, first);
      expectOk(await service.call('POST', `/sessions/${second.id}/end`));
      assert.equal((await issue(userId)).session_id, first);
      const ended = await ask({ external_user_id: userId, session_id: second.id });
      assert.deepEqual([ended.status, ended.body.code], [410, 'SESSION_ENDED']);
      const { sessionId: strangers } = await sell();
      const { sessionId: elsewhere } = await sell(other);
      for (const session_id of [strangers, elsewhere, 'none'])
        assert.equal((await ask({ external_user_id: userId, session_id })).body.code, 'SESSION_NOT_FOUND');
    });

    /** What each operation opens: how it is asked for, and the least that is answered. */
    const asked: Record<string, (id: string, userId: string) => [string, string, Json?]> = {
      use_session: (id) => ['POST', `/sessions/${id}/heartbeat`, { timestamp: 0, active: true }],
      'use_session ': (id) => ['GET', `/sessions/${id}`],
      ' use_session': (id) => ['GET', `/sessions/${id}/extensions`],
      pause_session: (id) => ['POST', `/sessions/${id}/pause`],
      'pause_session ': (id) => ['POST', `/sessions/${id}/resume`],
      extend_session: (id) => ['POST', `/sessions/${id}/extend`, { additional_seconds: 900 }],
      read_customer: (_, userId) => ['GET', `/customers/${userId}`],
      read_wallet: (_, userId) => ['GET', `/customers/${userId}/entries`],
      read_subscription: (_, userId) => ['GET', `/subscriptions?customer_id=${userId}`],
      read_sessions: (_, userId) => ['GET', `/sessions?user_id=${userId}`],
      ' use_session ': (id) => ['POST', `/sessions/${id}/end`],
      complete_session: (id) => ['POST', `/sessions/${id}/complete`],
    };

    test('do what they allow, and nothing else', async () => {
      const { userId, sessionId } = await sell();
      for (const [label, make] of Object.entries(asked)) {
        const needed = label.trim();
        const [method, path, body] = make(sessionId, userId);
        const call = (as: string) =>
          service.call(method, path, { as, body, headers: { 'Idempotency-Key': crypto.randomUUID() } });
        const others = operations.filter((operation) => operation !== needed);
        const refusing = await issue(userId, { allowed_operations: others, session_id: sessionId }).catch(
          () => undefined,
        );
        // Once the session has ended nobody is given a token of it.
        if (refusing) {
          const refused = await call(refusing.session_token);
          assert.deepEqual([refused.status, refused.body.code], [403, 'OPERATION_NOT_ALLOWED'], path);
          assert.equal(
            refused.headers.get('www-authenticate'),
            `Bearer error="insufficient_scope", scope="${needed}"`,
          );
        }
        const allowing = refusing
          ? await issue(userId, { allowed_operations: [needed], session_id: sessionId })
          : undefined;
        if (allowing) expectOk(await call(allowing.session_token));
      }
      const { userId: another, sessionId: completed } = await sell();
      const { session_token } = await issue(another, { allowed_operations: ['complete_session'] });
      expectOk(await service.call('POST', `/sessions/${completed}/complete`, { as: session_token }));
    });

    test('without use_session are refused by validate, and never do what no operation stands for', async () => {
      const { userId } = await sell();
      const { session_token: as } = await issue(userId, { allowed_operations: ['extend_session'] });
      assert.equal(await codeFor(as), 'OPERATION_NOT_ALLOWED');
      for (const path of ['/session-tokens', '/access-tokens', '/sessions', '/applications'])
        assert.equal(
          (await service.call('POST', path, { as, body: {} })).body.code,
          'CREDENTIAL_INSUFFICIENT',
          path,
        );
    });

    test('read about their own customer alone, and of sessions those of their application', async () => {
      const { userId, sessionId } = await sell();
      const { userId: stranger } = await sell();
      const { session: elsewhere } = await service.createSession(other, userId);
      const { session_token: as } = await issue(userId, { allowed_operations: [...customerOperations] });
      for (const path of [`/customers/${stranger}`, `/customers/${stranger}/entries`])
        assert.equal((await service.call('GET', path, { as })).body.code, 'CUSTOMER_NOT_FOUND', path);
      for (const path of [`/sessions?user_id=${stranger}`, `/subscriptions?customer_id=${stranger}`])
        assert.equal((await service.call('GET', path, { as })).body.code, 'CUSTOMER_NOT_FOUND', path);
      assert.deepEqual(expectOk(await service.call('GET', '/subscriptions', { as })).subscriptions, []);
      const { sessions } = expectOk(
        await service.call<{ sessions: { id: string }[] }>('GET', '/sessions', { as }),
      );
      assert.deepEqual(
        sessions.map(({ id }) => id),
        [sessionId],
        `without ${elsewhere.id}`,
      );
      assert.equal((await service.call('DELETE', `/customers/${userId}`, { as })).status, 403);
    });

    test('read about a customer what the marketplace lets the application read, and nothing by its own key', async () => {
      const plain = await service.createApplication({ proof_of_possession: 'off' });
      assert.deepEqual(
        expectOk(await service.call('GET', `/applications/${plain.id}`)).customer_operations,
        ['read_sessions'],
        'what its key lists anyway',
      );
      const { userId } = await sell();
      const order = (...allowed_operations: string[]) => ({ external_user_id: userId, allowed_operations });
      for (const operation of ['read_customer', 'read_wallet', 'read_subscription'])
        for (const [as, more] of [
          [plain.secretKey, {}],
          [operatorKey, { application_id: plain.id }],
        ] as const) {
          const { status, body } = await ask({ ...order('use_session', operation), ...more }, { as });
          assert.deepEqual([status, body.code], [403, 'OPERATION_NOT_GRANTED'], operation);
        }
      const asPlain = { as: plain.secretKey };
      expectOk(await ask(order('use_session', 'read_sessions'), asPlain));
      const grant = (...customer_operations: string[]) =>
        service.call('PATCH', `/applications/${plain.id}`, { body: { customer_operations } });
      const itself = await service.call('PATCH', `/applications/${plain.id}`, {
        ...asPlain,
        body: { customer_operations: ['read_wallet'] },
      });
      assert.equal(itself.body.code, 'CREDENTIAL_INSUFFICIENT');
      expectOk(await grant('read_wallet'));
      const { session_token: ofCustomer } = expectOk(await ask(order('read_wallet'), asPlain));
      const { session } = await service.createSession(plain, userId);
      const { session_token: ofSession } = expectOk(
        await ask({ ...order('use_session', 'read_wallet'), session_id: session.id }, asPlain),
      );
      const read = async (as: string) =>
        (await service.call('GET', `/customers/${userId}/entries`, { as })).body.code;
      for (const token of [ofCustomer, ofSession]) assert.equal(await read(token), undefined);
      // What it is taken away from it reads no more, with the tokens of before either.
      expectOk(await grant());
      for (const token of [ofCustomer, ofSession]) assert.equal(await read(token), 'OPERATION_NOT_ALLOWED');
      assert.deepEqual(expectOk(await validate(ofSession)).allowed_operations, ['use_session']);
    });

    test('are renewed by a heartbeat with the same scope, and never beyond what they were issued for', async () => {
      const { userId, sessionId } = await sell();
      const allowed = ['use_session', 'extend_session'];
      const first = await issue(userId, { expires_in: 1000, allowed_operations: allowed });
      assert.equal(claimsOf(first.session_token).exp, first.expires_at);
      const extended = expectOk(
        await service.call<{ session_token: string }>('POST', `/sessions/${sessionId}/extend`, {
          as: first.session_token,
          body: { additional_seconds: 900 },
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        }),
      );
      assert.equal(claimsOf(extended.session_token).scope, allowed.join(' '));
      clock.advance(500);
      const { session_token: second } = expectOk(await beat(sessionId, first.session_token));
      const { exp, iat } = claimsOf(second!);
      const before = claimsOf(extended.session_token);
      assert.deepEqual({ ...before, exp, iat }, claimsOf(second!));
      assert.equal(exp, Number(before.iat) + 1000);
      clock.advance(499);
      assert.equal(expectOk(await beat(sessionId, second!)).session_token, undefined);
      clock.advance(1);
      assert.equal((await beat(sessionId, second!)).body.code, 'TOKEN_EXPIRED');
    });

    test('bring a customer into another browser, once', async () => {
      const bound = await service.createApplication({ proof_of_possession: 'required' });
      const { userId, sessionId } = await sell(bound);
      const [desk, phone, thief] = [1, 2, 3].map(() => new TestBrowser(service, clock.now)) as [
        TestBrowser,
        TestBrowser,
        TestBrowser,
      ];
      const first = await issue(userId, {}, bound.secretKey);
      expectOk(await desk.validate(first.session_token));
      const second = await issue(userId, {}, bound.secretKey);
      assert.equal(claimsOf(second.session_token).cnf, undefined);
      expectOk(await phone.validate(second.session_token));
      const path = `/api/v1/sessions/${sessionId}/heartbeat`;
      const beatBy = async (browser: TestBrowser, { session_token }: Issued) =>
        (await browser.call('POST', path, session_token, { body: { timestamp: 0, active: true } })).body.code;
      assert.equal(await beatBy(phone, second), undefined);
      assert.equal(await beatBy(desk, first), 'SESSION_BOUND_ELSEWHERE');
      for (const { session_token } of [first, second])
        assert.equal((await thief.validate(session_token)).body.code, 'SESSION_BOUND_ELSEWHERE');
      // One that is renewed with is not first used by a validation.
      const third = await issue(userId, {}, bound.secretKey);
      assert.equal(await beatBy(phone, third), undefined);
      assert.equal((await thief.validate(third.session_token)).body.code, 'SESSION_BOUND_ELSEWHERE');
      const fourth = await issue(userId, {}, bound.secretKey);
      assert.equal(await beatBy(thief, fourth), 'SESSION_BOUND_ELSEWHERE', 'no validation');
      const both = await Promise.all([desk, thief].map((browser) => browser.validate(fourth.session_token)));
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401], 'the first of two alone');
    });
  });

  describe('without a session', () => {
    test('have a type of their own, and validate says that there is none', async () => {
      const { session_token, session_id, id } = await issue(newUser());
      assert.equal(session_id, null);
      assert.equal(decode(session_token.split('.')[0]!).typ, 'customer+jwt');
      assert.equal(claimsOf(session_token).jti, id);
      const inBody = await validate(session_token, { Origin: origin });
      assert.deepEqual([inBody.status, inBody.body.code], [404, 'NO_LIVE_SESSION']);
      assert.equal(inBody.headers.get('access-control-allow-origin'), origin);
      const inHeader = await service.call('POST', '/sessions/validate', {
        as: session_token,
        body: { jti: id },
      });
      assert.equal(inHeader.body.code, 'NO_LIVE_SESSION');
      const elsewhere = await validate(session_token, { Origin: 'https://elsewhere.example' });
      assert.equal(elsewhere.body.code, 'ORIGIN_REFUSED');
      const body = { tokens: 10_000, reference: 'first' };
      expectOk(
        await service.call('POST', `/customers/${String(claimsOf(session_token).sub)}/credits`, { body }),
      );
      const { session } = await service.createSession(application, String(claimsOf(session_token).sub));
      const sessionId = session.id;
      for (const call of [
        () => service.call('GET', `/sessions/${sessionId}`, { as: session_token }),
        () => beat(sessionId, session_token),
      ]) {
        const { status, body } = await call();
        assert.deepEqual([status, body.code], [403, 'OPERATION_NOT_ALLOWED']);
      }
    });

    test('read what they allow, of their customer', async () => {
      const userId = newUser();
      const allowed_operations = ['read_customer', 'read_wallet', 'read_sessions'];
      const { session_token: as } = await issue(userId, { allowed_operations });
      const details = { name: 'Ada', email: 'ada@example.org', metadata: { note: 'ours' } };
      expectOk(await service.call('PATCH', `/customers/${userId}`, { body: details }));
      const customer = expectOk(await service.call('GET', `/customers/${userId}`, { as }));
      assert.deepEqual(customer.wallet, { available: 0, held: 0 });
      assert.deepEqual([customer.name, customer.email, customer.metadata], [null, null, {}]);
      for (const path of ['/customers', `/customers/${userId}/state`, `/customers/${userId}/export`])
        assert.equal((await service.call('GET', path, { as })).body.code, 'CREDENTIAL_INSUFFICIENT', path);
      expectOk(await service.call('GET', `/customers/${userId}/entries`, { as }));
      assert.deepEqual(expectOk(await service.call('GET', '/sessions', { as })).sessions, []);
      const { session_token: blind } = await issue(userId);
      const refused = await service.call('GET', `/customers/${userId}`, { as: blind });
      assert.match(refused.headers.get('www-authenticate')!, /scope="read_customer"/);
    });

    test('give way to those of the session that is bought', async () => {
      const userId = newUser();
      const before = await issue(userId);
      const body = { tokens: 1000, reference: 'first' };
      expectOk(await service.call('POST', `/customers/${userId}/credits`, { body }));
      const { session } = await service.createSession(application, userId);
      const after = await issue(userId);
      assert.equal(after.session_id, session.id);
      expectOk(await validate(after.session_token));
      assert.equal(await codeFor(before.session_token), 'NO_LIVE_SESSION');
    });
  });

  describe('for a user whom nobody knows', () => {
    test('make one customer with an empty wallet, whoever asks first', async () => {
      const userId = newUser();
      const external_organization_id = 'acme';
      const answers = await Promise.all(
        [...instances, ...instances].map((on) =>
          ask({ external_user_id: userId, external_organization_id }, { on }),
        ),
      );
      for (const answer of answers) expectOk(answer);
      const customer = expectOk(await service.call('GET', `/customers/${userId}`));
      assert.deepEqual([customer.organization_id, customer.wallet], ['acme', { available: 0, held: 0 }]);
    });

    test('never move one who is known to another organization', async () => {
      const userId = newUser();
      await issue(userId, { external_organization_id: 'acme' });
      await issue(userId, { external_organization_id: 'acme' });
      await issue(userId);
      const moved = await ask({ external_user_id: userId, external_organization_id: 'rival' });
      assert.deepEqual([moved.status, moved.body.code], [409, 'CUSTOMER_ORGANIZATION_MISMATCH']);
      const alone = newUser();
      await issue(alone);
      const joined = await ask({ external_user_id: alone, external_organization_id: 'acme' });
      assert.equal(joined.body.code, 'CUSTOMER_ORGANIZATION_MISMATCH', 'nor one who is in none');
      assert.equal(expectOk(await service.call('GET', `/customers/${userId}`)).organization_id, 'acme');
    });
  });

  describe('end', () => {
    const revoke = (path: string, as = application.secretKey) => service.call('DELETE', path, { as });
    const listen = async (sessionId: string, token: string) => {
      const readers = await Promise.all(
        instances.map(({ url }) =>
          EventReader.open(`${url}/sessions/${sessionId}/events`, { Authorization: `Bearer ${token}` }),
        ),
      );
      await Promise.all(readers.map((reader) => reader.atLeast(1)));
      return readers;
    };
    const areOver = (readers: EventReader[]) => Promise.all(readers.map((reader) => reader.untilOver()));

    test('one by one, on every instance, with their streams and what was renewed by them', async () => {
      const { userId, sessionId } = await sell();
      const [first, second] = [await issue(userId), await issue(userId)];
      const [ending, staying] = [
        await listen(sessionId, first.session_token),
        await listen(sessionId, second.session_token),
      ];
      clock.advance(590);
      const renewed = expectOk(await beat(sessionId, first.session_token)).session_token!;
      assert.equal((await revoke(`/session-tokens/${first.id}`, other.secretKey)).status, 404);
      assert.equal((await revoke(`/session-tokens/${first.id}`)).status, 204);
      await areOver(ending);
      for (const token of [first.session_token, renewed]) assert.equal(await codeFor(token), 'TOKEN_REVOKED');
      for (const each of instances)
        assert.equal(
          (await each.call('GET', `/sessions/${sessionId}`, { as: renewed })).body.code,
          'TOKEN_REVOKED',
        );
      assert.equal((await revoke(`/session-tokens/${first.id}`)).body.code, 'SESSION_TOKEN_NOT_FOUND');
      expectOk(await validate(second.session_token));
      for (const reader of staying) {
        assert.equal(reader.isOver, false);
        reader.leave();
      }
    });

    test('all of a user at once, of the application that asks, or by the operator everywhere', async () => {
      const { userId, sessionId } = await sell();
      await service.createSession(other, userId);
      const { userId: stranger } = await sell();
      const kept = await issue(stranger);
      const elsewhere = await issue(userId, {}, other.secretKey);
      const own = await issue(userId);
      const readers = await listen(sessionId, own.session_token);
      assert.equal((await revoke(`/session-tokens?external_user_id=${userId}`)).status, 204);
      await areOver(readers);
      assert.equal(await codeFor(own.session_token), 'TOKEN_REVOKED');
      expectOk(await validate(elsewhere.session_token));
      assert.equal((await revoke(`/session-tokens?external_user_id=${userId}`, operatorKey)).status, 204);
      assert.equal(await codeFor(elsewhere.session_token), 'TOKEN_REVOKED');
      expectOk(await validate(kept.session_token));
    });

    test('when their time is over, with their streams, and are forgotten then', async () => {
      const { userId, sessionId } = await sell();
      const { id, session_token } = await issue(userId, { expires_in: 60 });
      const readers = await listen(sessionId, session_token);
      clock.advance(60);
      await areOver(readers);
      assert.equal(await codeFor(session_token), 'TOKEN_EXPIRED');
      assert.equal((await revoke(`/session-tokens/${id}`)).body.code, 'SESSION_TOKEN_NOT_FOUND');
    });

    test('when there are a hundred newer ones', async () => {
      const userId = newUser();
      const oldest = await issue(userId);
      clock.advance(1);
      await Promise.all(Array.from({ length: 99 }, () => issue(userId)));
      assert.equal(await codeFor(oldest.session_token), 'NO_LIVE_SESSION');
      await issue(userId);
      assert.equal(await codeFor(oldest.session_token), 'TOKEN_REVOKED');
    });

    test('when their customer is erased, who is given what is kept of them before', async () => {
      const userId = newUser();
      const { id, session_token } = await issue(userId, { metadata: { desk: '7' } });
      const exported = await fetch(`${service.url}/customers/${userId}/export`, {
        headers: { Authorization: `Bearer ${operatorKey}` },
      });
      const records = (await exported.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Json);
      const record = records.find((each) => each.record === 'session_token')!;
      assert.deepEqual([record.id, record.metadata], [id, { desk: '7' }]);
      assert.ok(!JSON.stringify(records).includes(session_token.split('.')[2]!));
      assert.equal((await service.call('DELETE', `/customers/${userId}`)).status, 204);
      assert.equal(await codeFor(session_token), 'TOKEN_REVOKED');
    });
  });

  test('are issued once for a key, and written down', async () => {
    const { userId, sessionId } = await sell();
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const request = { external_user_id: userId, allowed_operations: ['use_session'] };
    const first = await ask(request, { headers });
    await service.createSession(application, userId);
    const again = await ask(request, { headers });
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual([again.body.id, again.body.session_id], [first.body.id, sessionId]);
    assert.equal(claimsOf(again.body.session_token).jti, sessionId);
    const { entries } = expectOk(
      await service.call<{ entries: { actor: string; action: string }[] }>(
        'GET',
        `/audit-entries?subject=/session-tokens/${first.body.id}`,
      ),
    );
    assert.deepEqual(
      entries.map(({ actor, action }) => [actor, action]),
      [[`application:${application.id}`, 'POST /session-tokens']],
    );
  });

  test('are asked for as the document says', async () => {
    const userId = newUser();
    const codeOf = async (fields: Json, as = application.secretKey) => {
      const { code, errors } = (await ask({ external_user_id: userId, ...fields }, { as })).body as {
        code?: string;
        errors?: { pointer: string }[];
      };
      return [code, ...(errors ?? []).map(({ pointer }) => pointer)].join(' ');
    };
    for (const expires_in of [59, 86_401, 0.5])
      assert.equal(await codeOf({ expires_in }), 'REQUEST_INVALID /expires_in');
    for (const allowed_operations of [[], ['use_session', 'use_session']])
      assert.equal(await codeOf({ allowed_operations }), 'REQUEST_INVALID /allowed_operations');
    assert.equal(await codeOf({ allowed_operations: ['all'] }), 'REQUEST_INVALID /allowed_operations/0');
    assert.equal(await codeOf({}, operatorKey), 'REQUEST_INVALID /application_id');
    assert.equal(await codeOf({ application_id: application.id }, operatorKey), '');
    assert.equal(await codeOf({ application_id: other.id }), 'APPLICATION_NOT_FOUND');
    const inPage = await ask({ external_user_id: userId }, { headers: { Origin: origin } });
    assert.equal(inPage.body.code, 'SECRET_KEY_IN_BROWSER');
  });
});
