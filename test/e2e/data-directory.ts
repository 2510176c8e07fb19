import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/service/index.js';

const cache = 'node_modules/.cache/marketplace-session';

/** A new data directory with an empty database in it: a copy, since making one takes seconds. */
export async function makeDataDirectory(): Promise<string> {
  const { version } = JSON.parse(await readFile('node_modules/@electric-sql/pglite/package.json', 'utf8'));
  const prepared = join(cache, `empty-database-${version}`);
  if (!existsSync(prepared)) await prepare(prepared);
  const directory = await mkdtemp(join(tmpdir(), 'marketplace-session-demo-'));
  await cp(prepared, directory, { recursive: true });
  return directory;
}

async function prepare(prepared: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  const database = await openDatabase({ dataDirectory: draft });
  await database.close();
  // Another process may have been faster.
  await rename(draft, prepared).catch(() => rm(draft, { recursive: true }));
}
