import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import { lockDirectory, type DirectoryLock } from './data-directory-lock.js';
import type { Database } from './database.js';
import { diskRoom } from './disk-room.js';
import { pglitePool } from './pglite-pool.js';

/**
 * PostgreSQL inside this process (PGlite).
 * @param dataDirectory where it lives; without one it lives in memory.
 * @throws {SessionError} `STORAGE_LOCKED`
 */
export async function openEmbeddedDatabase(dataDirectory: string | undefined): Promise<Database> {
  if (dataDirectory === undefined)
    return database(
      await PGlite.create(),
      Object.assign(async () => {}, { confirm: () => undefined }),
    );
  const directory = resolve(dataDirectory);
  await mkdir(directory, { recursive: true });
  const unlock = await lockDirectory(directory);
  try {
    const hasRoom = diskRoom(directory);
    await hasRoom();
    const files = join(directory, 'database');
    if (!existsSync(files)) await initialise(files);
    const confirm = async () => {
      await unlock.confirm();
      await hasRoom();
    };
    return database(
      await PGlite.create(files),
      Object.assign(() => unlock(), { confirm }),
    );
  } catch (error) {
    await unlock();
    throw error;
  }
}

function database(pglite: PGlite, unlock: DirectoryLock): Database {
  const pool = pglitePool(pglite, unlock.confirm);
  const kysely: Database['kysely'] = new Kysely({ dialect: new PostgresDialect({ pool }) });
  return {
    kysely,
    async listen(channel, listener) {
      // In its own turn: inside another's transaction it would be undone with it.
      const connection = await pool.connect();
      try {
        return await pglite.listen(channel, listener);
      } finally {
        connection.release();
      }
    },
    unhurried: (work) => work(kysely),
    async close() {
      await kysely.destroy();
      // Kysely ends only a pool that it has used.
      if (!pglite.closed) await pglite.close();
      await unlock();
    },
  };
}

const initialiser = `
const [, entry, directory] = process.argv;
const { PGlite } = await import(entry);
await (await PGlite.create(directory)).close();`;

/**
 * Makes a new database in a short child process: making one costs 800 MB that a process never gives back. It appears
 * under its name only when it is whole.
 */
async function initialise(directory: string): Promise<void> {
  const draft = `${directory}.draft`;
  await rm(draft, { recursive: true, force: true });
  const args = ['--input-type=module', '-e', initialiser, import.meta.resolve('@electric-sql/pglite'), draft];
  const making = promisify(execFile)(process.execPath, args);
  // It ends with this process: left behind it would write into the draft of the next one.
  const end = () => making.child.kill('SIGKILL');
  process.once('exit', end);
  await making.finally(() => process.off('exit', end));
  await rename(draft, directory);
}
