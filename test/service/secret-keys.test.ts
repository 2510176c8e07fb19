import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Problem } from '../../src/protocol/api.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

describeOnOneDatabase('The secret key of an application', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    const { now, timer } = clock;
    service = await startTestService({ database: await source.create(), now, timer });
  });
  after(() => service.close());

  const rotate = async (body?: object) =>
    expectOk(
      await service.call<{ secret_key: string; former_expire_at: number }>(
        'POST',
        `/applications/${application.id}/secret-key`,
        body && { body },
      ),
    );
  const codeOf = async (as: string) =>
    (await service.call<Problem>('GET', `/applications/${application.id}`, { as })).body.code ?? 'accepted';

  test('is replaced while servers still use the one before, for a day unless it is said', async () => {
    application = await service.createApplication();
    const { secret_key, former_expire_at } = await rotate();
    assert.match(secret_key, /^sk_live_[\w-]{43}$/);
    assert.equal(former_expire_at, clock.now() / 1000 + 86_400);
    assert.deepEqual(await Promise.all([secret_key, application.secretKey].map(codeOf)), [
      'accepted',
      'accepted',
    ]);
    clock.advance(86_399);
    assert.equal(await codeOf(application.secretKey), 'accepted');
    clock.advance(1);
    assert.equal(await codeOf(application.secretKey), 'CREDENTIAL_INVALID');
    assert.equal(await codeOf(secret_key), 'accepted');
  });

  test('that is replaced twice, because an answer was lost, still counts', async () => {
    application = await service.createApplication();
    const lost = await rotate({ overlap_seconds: 3600 });
    clock.advance(60);
    const second = await rotate({ overlap_seconds: 3600 });
    for (const key of [application.secretKey, lost.secret_key, second.secret_key])
      assert.equal(await codeOf(key), 'accepted');
    clock.advance(3540);
    assert.equal(
      await codeOf(application.secretKey),
      'CREDENTIAL_INVALID',
      'an hour after it was replaced first',
    );
    assert.equal(await codeOf(lost.secret_key), 'accepted');
  });

  test('that others know is made worthless at once, with all before it', async () => {
    application = await service.createApplication();
    const known = await rotate();
    const { secret_key } = await rotate({ overlap_seconds: 0, environment: 'live' });
    for (const key of [application.secretKey, known.secret_key])
      assert.equal(await codeOf(key), 'CREDENTIAL_INVALID');
    assert.equal(await codeOf(secret_key), 'accepted');
  });

  test('is given by the operator only, and kept as a hash', async () => {
    application = await service.createApplication();
    const path = `/applications/${application.id}/secret-key`;
    assert.equal((await service.call('POST', path, { as: application.secretKey })).status, 403);
    assert.equal(
      (await service.call<Problem>('POST', '/applications/none/secret-key')).body.code,
      'APPLICATION_NOT_FOUND',
    );
    const { secret_key } = await rotate();
    const { kysely } = service.database;
    const rows = [
      await kysely.selectFrom('applications').selectAll().execute(),
      await kysely.selectFrom('former_secret_keys').selectAll().execute(),
      await kysely.selectFrom('audit_entries').selectAll().execute(),
    ];
    for (const key of [secret_key, application.secretKey]) assert.ok(!JSON.stringify(rows).includes(key));
  });

  test('is forgotten once it counts no longer', async () => {
    clock.advance(8 * 86_400);
    const { kysely } = service.database;
    for (let i = 0; i < 200; i++) {
      const rows = await kysely.selectFrom('former_secret_keys').selectAll().execute();
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.fail('it is still there');
  });

  test('replaced by two at once leaves one that is current, and refuses none of the others', async () => {
    application = await service.createApplication();
    const all = await Promise.all(Array.from({ length: 5 }, () => rotate()));
    for (const { secret_key } of all) assert.equal(await codeOf(secret_key), 'accepted');
    assert.equal(await codeOf(application.secretKey), 'accepted');
  });
});
