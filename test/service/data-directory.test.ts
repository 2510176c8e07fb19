import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { SessionError } from '../../src/protocol/errors.js';
import { lockDirectory } from '../../src/service/foundation/database/data-directory-lock.js';
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

describe('A lock of which the process cannot be seen', () => {
  const times = { beatMs: 50, staleMs: 500 };
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'marketplace-session-lock-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Takes the lock as the process of another machine would: its content is another one's, its touches go on. */
  async function lockFromElsewhere(content: string): Promise<() => Promise<void>> {
    const path = join(directory, 'lock');
    await writeFile(path, content);
    const touching = setInterval(() => {
      const now = new Date();
      void utimes(path, now, now).catch(() => {});
    }, 50);
    return async () => clearInterval(touching);
  }

  for (const [where, content] of [
    ['another host', '1 100 some-id web-2 boot pid:[1]\n'],
    ['another container of this machine', `1 100 some-id ${hostname()} boot pid:[1]\n`],
  ] as const) {
    test(`in ${where} is held as long as it is touched, and then taken over, by one`, async () => {
      const stopTouching = await lockFromElsewhere(content);
      await assert.rejects(lockDirectory(directory, times), isLocked);
      assert.equal(await readFile(join(directory, 'lock'), 'utf8'), content);
      await stopTouching();
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () => lockDirectory(directory, times)),
      );
      const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      assert.equal(locks.length, 1);
      await locks[0]!();
    });
  }

  test('is touched by its holder, also while that does nothing but work', async () => {
    const unlock = await lockDirectory(directory, times);
    const touchedAt = async () => (await stat(join(directory, 'lock'))).mtimeMs;
    const before = await touchedAt();
    const until = Date.now() + 1000;
    while (Date.now() < until);
    assert.ok((await touchedAt()) > before + 500);
    await unlock();
  });

  test(
    'of a process id that is somebody else’s by now, where no start is known, is taken over',
    { skip: process.platform !== 'linux' },
    async () => {
      const unlock = await lockDirectory(directory, times);
      const [pid, , id, ...machine] = (await readFile(join(directory, 'lock'), 'utf8')).trim().split(' ');
      await unlock();
      await writeFile(join(directory, 'lock'), `${pid} - ${id} ${machine.join(' ')}\n`);
      await (
        await lockDirectory(directory, times)
      )();
    },
  );

  test('is no longer its holder’s who stood still while another took it over: nothing is written any more', async () => {
    const database = await openDatabase({ dataDirectory: directory });
    await sql`create table notes (id int)`.execute(database.kysely);
    // As another machine does it, to which this one was silent.
    await rm(join(directory, 'lock'));
    await writeFile(join(directory, 'lock'), '1 100 some-id web-2 boot pid:[1]\n');
    const realNow = Date.now;
    Date.now = () => realNow() + 60_000;
    try {
      await assert.rejects(sql`insert into notes values (1)`.execute(database.kysely), isLocked);
    } finally {
      Date.now = realNow;
    }
    await database.close();
    assert.equal(await readFile(join(directory, 'lock'), 'utf8'), '1 100 some-id web-2 boot pid:[1]\n');
  });
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
