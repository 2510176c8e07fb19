import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describeOnOneDatabase } from './databases.js';
import { startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';
import { decode } from './token-workshop.js';

describeOnOneDatabase('Signing keys', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication();
    userId = await service.createCustomer(10_000);
  });
  after(() => service.close());

  const newToken = async () =>
    (await service.createSession(application, userId, { duration_seconds: 7200 })).session_token;
  const kidOf = (token: string) => decode(token.split('.')[0]!).kid as string;
  const published = async () =>
    (await service.call<{ keys: Record<string, unknown>[] }>('GET', '/.well-known/jwks.json', { as: null }))
      .body.keys;
  const validate = (token: string) =>
    service.call('POST', '/sessions/validate', { as: null, body: { session_jwt: token } });

  test('are published for every page, without their private part, and verify what the service signs', async () => {
    const answer = await service.call('GET', '/.well-known/jwks.json', {
      as: null,
      headers: { Origin: 'https://anywhere.example' },
    });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=300');
    const keys = await published();
    assert.equal(keys.length, 2, 'the current one and the next');
    for (const key of keys) {
      assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
    const set = createRemoteJWKSet(new URL(`${service.url}/api/v1/.well-known/jwks.json`));
    const { payload } = await jwtVerify(await newToken(), set, {
      audience: application.id,
      issuer: 'http://session.test',
      typ: 'session+jwt',
      algorithms: ['ES256'],
    });
    assert.equal(payload.sub, userId);

    const { body } = await service.call<{ key: string; algorithm: string; kid: string }>(
      'GET',
      '/keys/public',
    );
    assert.equal(body.algorithm, 'ES256');
    assert.equal(body.kid, keys[0]!.kid);
    assert.equal(createPublicKey(body.key).export({ format: 'jwk' }).x, keys[0]!.x);
  });

  test('rotate: published before they sign, verify until the last token is over, then are gone', async () => {
    await assert.rejects(service.service.rotateSigningKeys(), /wait 300 s/);
    const old = await newToken();
    const [, next] = await published();
    clock.advance(300);
    await service.service.rotateSigningKeys();
    const fresh = await newToken();
    assert.equal(kidOf(fresh), next!.kid, 'the next key signs now');
    assert.equal((await validate(old)).status, 200, 'the retired key still verifies');
    assert.equal((await validate(fresh)).status, 200);
    assert.equal((await published()).length, 3);
    clock.advance(172_800 + 31);
    assert.ok(!(await published()).some(({ kid }) => kid === kidOf(old)), 'the retired key is gone');
    assert.equal((await validate(old)).body.code, 'TOKEN_KEY_UNKNOWN');
  });

  test('rotate by a call of the operator, who is told when it is too early', async () => {
    clock.advance(300);
    const [, next] = await published();
    const rotated = await service.call('POST', '/keys/rotate');
    assert.deepEqual([rotated.status, rotated.body], [200, { kid: next!.kid }]);
    clock.advance(10);
    const early = await service.call('POST', '/keys/rotate');
    assert.deepEqual([early.status, early.body.code], [409, 'KEY_ROTATION_TOO_EARLY']);
    assert.equal(early.headers.get('retry-after'), '290');
    assert.equal((await service.call('POST', '/keys/rotate', { as: application.secretKey })).status, 403);
  });

  test('rotate under load on several instances: no good token is refused', async () => {
    const options = await source.create();
    const count = source.kind === 'PGlite' ? 1 : 3;
    const start = () => startTestService({ database: options, now: clock.now, timer: clock.timer });
    const instances = await Promise.all(Array.from({ length: count }, start));
    try {
      const [one] = instances as [TestService];
      const app = await one.createApplication();
      const user = await one.createCustomer(1_000_000);
      const tokens: string[] = [];
      const kids = new Set<string>();
      let isOver = false;
      const load = async (instance: TestService) => {
        while (!isOver) {
          const { session_token } = await instance.createSession(app, user, { duration_seconds: 7200 });
          kids.add(kidOf(session_token));
          tokens.push(session_token);
          // Whoever asks, and whichever instance: the freshest one, and one from the beginning.
          for (const other of instances) {
            for (const token of [session_token, tokens[0]!, tokens[Math.floor(tokens.length / 2)]!]) {
              const body = { session_jwt: token };
              const answer = await other.call('POST', '/sessions/validate', { as: null, body });
              assert.equal(answer.status, 200, JSON.stringify(answer.body));
            }
          }
        }
      };
      const loads = Promise.all(instances.flatMap((instance) => [load(instance), load(instance)]));
      for (let round = 0; round < 3; round++) {
        // The others look at the keys anew, each at its own time, while they work.
        for (let step = 0; step < 6; step++) {
          clock.advance(50);
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
        const before = kids.size;
        await instances[round % count]!.service.rotateSigningKeys();
        await Promise.race([loads, until(() => kids.size > before)]);
      }
      isOver = true;
      await loads;
      assert.ok(kids.size >= 3, `${kids.size} keys have signed`);
    } finally {
      for (const instance of instances) await instance.close();
    }
  });

  test('are found by another instance although it has not heard of the rotation', async () => {
    if (source.kind === 'PGlite') return;
    const options = await source.create();
    const [one, two] = await Promise.all(
      [1, 2].map(() => startTestService({ database: options, now: clock.now, timer: clock.timer })),
    );
    try {
      const app = await one!.createApplication();
      const user = await one!.createCustomer(100);
      const { session_token: before } = await one!.createSession(app, user, { duration_seconds: 60 });
      const check = (token: string) =>
        two!.call('POST', '/sessions/validate', { as: null, body: { session_jwt: token } });
      assert.equal((await check(before)).status, 200);
      clock.advance(300);
      await one!.service.rotateSigningKeys();
      const { session_token: after } = await one!.createSession(app, user, { duration_seconds: 60 });
      assert.notEqual(kidOf(after), kidOf(before));
      assert.equal((await check(after)).status, 200);
    } finally {
      await one!.close();
      await two!.close();
    }
  });
});
