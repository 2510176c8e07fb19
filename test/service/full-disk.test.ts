// A disk that is full, under the embedded database: what cannot be kept is refused, what was kept stays, and once there is room it goes on.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { assertBooksBalance } from './books.js';
import { createDataDirectory } from './databases.js';
import { expectOk, startTestService, until, type TestApplication, type TestService } from './fixtures.js';

const realWrite = fs.writeSync;

/** No table can grow; the write-ahead log has the room that it has set aside. */
function fillDisk(): void {
  fs.writeSync = ((file: number, ...others: unknown[]) => {
    if (!fs.readlinkSync(`/proc/self/fd/${file}`).includes('/base/'))
      return (realWrite as (...args: unknown[]) => number)(file, ...others);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 });
  }) as typeof fs.writeSync;
  syncBuiltinESMExports();
}

/** Twenty kilobytes that cannot be compressed: a table has to grow for them. */
const manyWords = () =>
  Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}`, randomBytes(250).toString('hex')]));

function makeRoom(): void {
  fs.writeSync = realWrite;
  syncBuiltinESMExports();
}

describe('A disk that is full', { skip: process.platform !== 'linux' }, () => {
  let dataDirectory: string;
  let service: TestService;
  let application: TestApplication;
  const errors: string[] = [];
  before(async () => {
    const logger = {
      info() {},
      error: (message: string, fields?: object) => errors.push(message + JSON.stringify(fields)),
    };
    dataDirectory = await createDataDirectory();
    service = await startTestService({ database: { dataDirectory }, logger });
    application = await service.createApplication();
  });
  after(async () => {
    makeRoom();
    await service.close();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  test('refuses what it cannot keep, loses nothing, and goes on once there is room', async () => {
    const userId = await service.createCustomer(10_000);
    const kept = await service.createSession(application, userId);
    const sell = () =>
      service.call('POST', '/sessions', {
        as: application.secretKey,
        body: {
          application_id: application.id,
          user_id: userId,
          duration_seconds: 60,
          metadata: manyWords(),
        },
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      });
    fillDisk();
    let refused = 0;
    for (let n = 0; n < 8; n++) {
      const { status, headers, body } = await sell();
      if (status === 201) continue;
      refused += 1;
      assert.deepEqual([status, body.code], [503, 'SERVICE_UNAVAILABLE'], JSON.stringify(errors.at(-1)));
      assert.equal(headers.get('retry-after'), '1');
    }
    assert.ok(refused > 0, 'something was to be written');
    assert.match(errors.join('\n'), /[Nn]o space left on device/, 'the operator reads why');
    assert.equal((await service.call('GET', '/healthz')).status, 200);
    makeRoom();
    assert.equal((await sell()).status, 201);
    expectOk(await service.call('GET', `/sessions/${kept.session.id}`));
    await assertBooksBalance(service.database);
  });

  test('is not waited for: before the write-ahead log has no room nothing is asked of the database, and then it goes on', async () => {
    const userId = await service.createCustomer(100);
    const realStatfs = fs.promises.statfs;
    const ready = async () => (await service.call('GET', '/readyz')).status;
    assert.equal(await ready(), 200);
    fs.promises.statfs = (async () => ({ bavail: 1_000, bsize: 4_096 })) as unknown as typeof realStatfs;
    syncBuiltinESMExports();
    try {
      await until(async () => (await ready()) === 503);
      const refused = await service.call('GET', `/customers/${userId}`);
      assert.deepEqual([refused.status, refused.body.code], [503, 'SERVICE_UNAVAILABLE']);
      assert.match(errors.join('\n'), /less than 64 MB are free/, 'the operator reads why');
      assert.equal((await service.call('GET', '/healthz')).status, 200);
    } finally {
      fs.promises.statfs = realStatfs;
      syncBuiltinESMExports();
    }
    await until(async () => (await ready()) === 200);
    expectOk(await service.call('GET', `/customers/${userId}`));
  });
});
