import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { ParsedSessionToken } from '../../src/protocol/session-token.js';
import { KnownTokens, maxTokens } from '../../src/service/features/sessions/tokens/known-tokens.js';
import { expectOk, startTestService, type TestApplication, type TestService } from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';
import { decode } from './token-workshop.js';

describe('A session token that two instances have accepted is refused by both', () => {
  const clock = new TestClock(Date.now());
  const headers = { Origin: 'https://app.example' };
  let postgres: RealPostgres;
  let instances: TestService[];
  let one: TestService;
  let application: TestApplication;
  let sessionId: string;
  let token: string;

  before(async () => {
    postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const options = { database, now: clock.now, timer: clock.timer };
    instances = [await startTestService(options), await startTestService(options)];
    one = instances[0]!;
  });
  after(async () => {
    await Promise.all(instances.map((instance) => instance.close()));
    await postgres.stop();
  });
  beforeEach(async () => {
    application = await one.createApplication({ proof_of_possession: 'off' });
    const made = await one.createSession(application, await one.createCustomer(1000));
    sessionId = made.session.id;
    token = made.session_token;
    for (const answer of await asked()) expectOk(answer);
  });

  const askedWith = (as: string) =>
    Promise.all(
      instances.map((instance) => instance.call('GET', `/api/v1/sessions/${sessionId}`, { as, headers })),
    );
  const asked = () => askedWith(token);
  const codes = async () => (await asked()).map(({ body }) => body.code);

  test('when its time is over', async () => {
    clock.advance(Number(decode(token.split('.')[1]!).exp) - clock.now() / 1000);
    assert.deepEqual(await codes(), ['TOKEN_EXPIRED', 'TOKEN_EXPIRED']);
  });

  test('when its key is no longer one of ours', async () => {
    clock.advance(300);
    await one.service.rotateSigningKeys();
    for (const answer of await asked()) expectOk(answer);
    const kid = String(decode(token.split('.')[0]!).kid);
    await one.database.kysely.deleteFrom('signing_keys').where('kid', '=', kid).execute();
    // Each instance looks at the keys anew within this time.
    clock.advance(30);
    assert.deepEqual(await codes(), ['TOKEN_KEY_UNKNOWN', 'TOKEN_KEY_UNKNOWN']);
  });

  test('when its session was launched again', async () => {
    expectOk(await one.call('POST', `/api/v1/sessions/${sessionId}/launch`, { as: application.secretKey }));
    assert.deepEqual(await codes(), ['TOKEN_SUPERSEDED', 'TOKEN_SUPERSEDED']);
  });

  test('when its session has ended, for everything but the bill', async () => {
    expectOk(await one.call('POST', `/api/v1/sessions/${sessionId}/end`));
    for (const instance of instances) {
      const validation = { as: token, headers, body: { jti: sessionId } };
      const answer = await instance.call('POST', '/api/v1/sessions/validate', validation);
      assert.equal(answer.body.code, 'SESSION_ENDED');
    }
    for (const { body } of await asked())
      assert.equal((body.session as { status: string }).status, 'completed');
  });

  test('when its page is no longer allowed', async () => {
    const body = { allowed_origins: ['https://other.example'] };
    expectOk(await one.call('PATCH', `/api/v1/applications/${application.id}`, { body }));
    assert.deepEqual(await codes(), ['ORIGIN_REFUSED', 'ORIGIN_REFUSED']);
  });

  test('when it comes with another signature', async () => {
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const other = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    for (const answer of await askedWith([header, payload, other].join('.')))
      assert.equal(answer.body.code, 'TOKEN_SIGNATURE_INVALID');
  });
});

test('Known session tokens: those used last are kept, up to a number', () => {
  const tokens = new KnownTokens();
  const parsed = {} as ParsedSessionToken;
  for (let i = 0; i < maxTokens; i += 1) tokens.add(`token ${i}`, parsed);
  assert.ok(tokens.find('token 0'), 'it is used again');
  tokens.add('one more', parsed);
  assert.equal(tokens.find('token 1'), undefined);
  for (const token of ['token 0', 'token 2', 'one more']) assert.ok(tokens.find(token), token);
});
