import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { openDatabase, type DatabaseOptions } from '../../src/service/index.js';
import { SecretBox } from '../../src/service/foundation/secrets/secret-box.js';
import { describeOnEachDatabase } from './databases.js';
import { expectOk, startTestService, type TestServiceOptions } from './fixtures.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('hex')] as [
  string,
  string,
];

test('A box gives back what was put in, to its own key and in its own place only', () => {
  const box = new SecretBox([first]);
  const sealed = box.seal('secret ✓', 'here');
  assert.ok(!sealed.includes('secret'));
  assert.notEqual(box.seal('secret ✓', 'here'), sealed, 'never the same twice');
  assert.equal(box.open(sealed, 'here'), 'secret ✓');
  assert.equal(new SecretBox([second, first]).open(sealed, 'here'), 'secret ✓');
  assert.throws(() => box.open(sealed, 'there'));
  assert.throws(() => new SecretBox([second]).open(sealed, 'here'), /not configured/);
  for (const at of [25, 40, sealed.length - 2]) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    assert.throws(() => box.open(changed, 'here'), `changed at ${at}`);
  }
  assert.throws(() => box.open(sealed.slice(0, -4), 'here'));
});

test('A key of another length is refused', () => {
  for (const key of ['', 'short', randomBytes(16).toString('base64'), randomBytes(33).toString('hex')])
    assert.throws(() => new SecretBox([key]), /32 bytes/);
  assert.throws(() => new SecretBox([]), TypeError);
});

describeOnEachDatabase('Signing keys and secrets of webhooks in the database', (source) => {
  async function withService<T>(
    database: DatabaseOptions,
    options: TestServiceOptions,
    work: (service: Awaited<ReturnType<typeof startTestService>>) => Promise<T>,
  ): Promise<T> {
    const service = await startTestService({ database, ...options });
    try {
      return await work(service);
    } finally {
      await service.close();
    }
  }
  const stored = async (options: DatabaseOptions) => {
    const database = await openDatabase(options);
    const keys = await database.kysely.selectFrom('signing_keys').select('private_jwk').execute();
    const endpoints = await database.kysely
      .selectFrom('webhook_endpoints')
      .select(['secret', 'previous_secret'])
      .execute();
    const older = await database.kysely.selectFrom('older_webhook_secrets').select('secret').execute();
    await database.close();
    return [...keys, ...endpoints, ...older].map((row) => JSON.stringify(row));
  };
  const isPlain = (text: string) => /"d":|whsec_/.test(text);

  test('are encrypted once there is a key for it, then by the next one, and none is lost', async () => {
    const clock = new TestClock(Date.now());
    const receiver = await WebhookReceiver.start();
    const common = { now: clock.now, timer: clock.timer, webhooks: { allowedHosts: [receiver.host] } };
    const database = await source.create();
    try {
      const made = await withService(database, common, async ({ call, createApplication, ...service }) => {
        const application = await createApplication();
        const { session_token } = await service.createSession(
          application,
          await service.createCustomer(10_000),
        );
        const as = application.secretKey;
        const body = { url: receiver.url, events: ['session.started'] };
        const endpoint = expectOk(
          await call<{ id: string; secret: string }>('POST', '/webhook-endpoints', { as, body }),
        );
        const path = `/webhook-endpoints/${endpoint.id}`;
        const { secret } = expectOk(
          await call<{ secret: string }>('POST', `${path}/secret`, { as, body: {} }),
        );
        clock.advance(1);
        const again = expectOk(await call<{ secret: string }>('POST', `${path}/secret`, { as, body: {} }));
        return { session_token, path, secrets: [again.secret, secret, endpoint.secret] };
      });
      assert.deepEqual((await stored(database)).map(isPlain), [true, true, true, true]);

      /** Whether the session token still counts, and a webhook is signed by all secrets as their owner knows them. */
      const check = (options: TestServiceOptions) =>
        withService(database, { ...common, ...options }, async ({ call }) => {
          const body = { session_jwt: made.session_token };
          expectOk(await call('POST', '/sessions/validate', { as: null, body }));
          const count = receiver.received.length;
          expectOk(await call('POST', `${made.path}/test`));
          const { headers, id, body: text } = (await receiver.atLeast(count + 1))[count]!;
          const at = new Date(Number(headers['webhook-timestamp']) * 1000);
          const signatures = made.secrets.map((secret) => new Webhook(secret).sign(id, at, text));
          assert.equal(headers['webhook-signature'], signatures.join(' '));
        });
      await check({ keyEncryptionKeys: [first] });
      assert.deepEqual((await stored(database)).map(isPlain), [false, false, false, false]);

      clock.advance(300);
      await withService(database, { ...common, keyEncryptionKeys: [first] }, async ({ call }) => {
        expectOk(await call('POST', '/keys/rotate'));
        const { secret } = expectOk(
          await call<{ secret: string }>('POST', `${made.path}/secret`, { body: {} }),
        );
        made.secrets.unshift(secret);
      });
      assert.deepEqual(
        (await stored(database)).map(isPlain),
        [false, false, false, false, false, false],
        'new ones from the beginning',
      );

      await check({ keyEncryptionKeys: [second, first] });
      await check({ keyEncryptionKeys: [second] });
      await assert.rejects(check({ keyEncryptionKeys: [first] }), /not configured/);
      await assert.rejects(check({}), /MARKETPLACE_KEY_ENCRYPTION_KEY/);
      await check({ keyEncryptionKeys: [second] });
    } finally {
      await receiver.stop();
    }
  });
});
