import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe } from 'node:test';
import { openDatabase, type DatabaseOptions } from '../../src/service/index.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';

/** Makes new, empty databases of one kind. The options of one may be opened again, by another instance or later. */
export interface DatabaseSource {
  readonly kind: 'PGlite' | 'PostgreSQL';
  create(): Promise<DatabaseOptions>;
}

/** Declares a suite twice: on the embedded database and on a real PostgreSQL. */
export function describeOnEachDatabase(title: string, suite: (source: DatabaseSource) => void): void {
  describe(`${title} (PGlite)`, () => {
    const directories: string[] = [];
    suite({
      kind: 'PGlite',
      async create() {
        const dataDirectory = await createDataDirectory();
        directories.push(dataDirectory);
        return { dataDirectory };
      },
    });
    after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));
  });
  describe(`${title} (PostgreSQL)`, () => {
    let server: RealPostgres;
    before(async () => {
      server = await startRealPostgres();
    });
    suite({ kind: 'PostgreSQL', create: () => server.createDatabase() });
    // Declared last: hooks run in this order, and the suite closes its connections first.
    after(() => server.stop());
  });
}

/** A data directory with an empty embedded database: a copy of a template, which takes seconds to make anew. */
export async function createDataDirectory(): Promise<string> {
  const template = await findTemplate();
  const directory = await mkdtemp(join(tmpdir(), 'marketplace-session-data-'));
  await cp(template, directory, { recursive: true });
  return directory;
}

async function findTemplate(): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(resolve('node_modules/@electric-sql/pglite/package.json'), 'utf8'),
  ) as { version: string };
  const cache = resolve('node_modules/.cache/marketplace-session');
  const template = join(cache, `pglite-${version}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  await (await openDatabase({ dataDirectory: draft })).close();
  // Another process may have been faster: its template is as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
  return template;
}
