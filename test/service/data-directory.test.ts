import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { SessionError } from '../../src/protocol/errors.js';
import { lockDirectory } from '../../src/service/database/data-directory-lock.js';
import { openDatabase } from '../../src/service/index.js';

const isLocked = (error: unknown) => error instanceof SessionError && error.code === 'STORAGE_LOCKED';

describe('The lock of a data directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'marketplace-session-lock-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('is held by one, and free again when given back', async () => {
    const unlock = await lockDirectory(directory);
    await assert.rejects(lockDirectory(directory), isLocked);
    await unlock();
    await (
      await lockDirectory(directory)
    )();
    assert.deepEqual(await readdir(directory), []);
  });

  test('of many that ask at once goes to one', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('left by a process that is gone is taken over, by one', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(join(directory, 'lock'), `${child.pid} 1 old\n`);
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDirectory(directory)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.match(await readFile(join(directory, 'lock'), 'utf8'), new RegExp(`^${process.pid} `));
    assert.deepEqual(await readdir(directory), ['lock']);
  });

  test(
    'left by an earlier process with the same id is taken over',
    { skip: process.platform !== 'linux' },
    async () => {
      await writeFile(join(directory, 'lock'), `${process.pid} 1 old\n`);
      await (
        await lockDirectory(directory)
      )();
    },
  );
});

test('A new data directory is whole at once, also after a start that was cut off', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'marketplace-session-new-'));
  try {
    // What a killed initialisation leaves.
    await writeFile(join(directory, 'database.draft'), 'half');
    const database = await openDatabase({ dataDirectory: directory });
    await assert.rejects(openDatabase({ dataDirectory: directory }), isLocked);
    await database.close();
    assert.deepEqual(await readdir(directory), ['database']);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
