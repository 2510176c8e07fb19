import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { describeOnEachDatabase } from './databases.js';
import { operatorKey, startTestService, type TestService } from './fixtures.js';
import { fittingRequest } from './openapi/arbitrary-request.js';
import { readOperations } from './openapi/operations.js';
import { rowsAbout } from './openapi/rows-about.js';
import { seedTenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { TestClock } from './test-clock.js';

/** What others may keep: it is the same for everybody. */
const isPublic = /\/(keys\/public|\.well-known\/jwks\.json)$/;

describeOnEachDatabase('What reads', (source) => {
  const clock = new TestClock();
  let service: TestService;
  before(async () => {
    const { now, timer } = clock;
    service = await startTestService({ database: await source.create(), now, timer });
  });
  after(() => service.close());

  test('changes nothing, and is kept by nobody but the keys', async () => {
    const operations = await readOperations(service);
    const { known, secretKey, token } = await seedTenant(service, operations);
    const everything = () => rowsAbout(service.database, ['']);
    const before = await everything();
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      for (const method of ['GET', 'HEAD']) {
        for (const credential of [operatorKey, secretKey, token]) {
          for (const request of fc.sample(fittingRequest(operation, known), 3)) {
            const headers = { ...request.headers, Authorization: `Bearer ${credential}` };
            const answer = await send(service, { method }, { ...request, headers });
            const where = `${method} ${operation.path}`;
            assert.ok(answer.status < 500, where);
            const expected = isPublic.test(operation.path) ? 'public, max-age=300' : 'no-store';
            assert.equal(answer.headers.get('cache-control'), expected, where);
            assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', where);
          }
        }
      }
    }
    assert.deepEqual(await everything(), before);
  });
});
