import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe } from 'node:test';
import { migrate } from '../../src/service/foundation/database/migrate.js';
import { openDatabase, type DatabaseOptions } from '../../src/service/index.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';

/** Makes new databases of one kind. The options of one may be opened again, by another instance or later. */
export interface DatabaseSource {
  readonly kind: 'PGlite' | 'PostgreSQL';
  /** One with all tables, and nothing in them. */
  create(): Promise<DatabaseOptions>;
  /** One that no migration has seen. */
  createEmpty(): Promise<DatabaseOptions>;
}

type Suite = (source: DatabaseSource) => void;

/** `npm test` has a real PostgreSQL alone, `npm run test:thorough` the embedded database, with which it counts the lines that are reached. */
const only = process.env.DATABASE as DatabaseSource['kind'] | undefined;

/** Declares a suite on the embedded database and on a real PostgreSQL, unless one of them is asked for. */
export function describeOnEachDatabase(title: string, suite: Suite): void {
  if (only !== 'PostgreSQL') describeOnPglite(title, suite);
  if (only !== 'PGlite') describeOnPostgres(title, suite);
}

/** Declares a suite on a real PostgreSQL, and where the embedded one is asked for there: what it tries is the same on both. */
export function describeOnOneDatabase(title: string, suite: Suite): void {
  if (only === 'PGlite') describeOnPglite(title, suite);
  else describeOnPostgres(title, suite);
}

function describeOnPglite(title: string, suite: Suite): void {
  describe(`${title} (PGlite)`, () => {
    const directories: string[] = [];
    const createIn = async (isEmpty: boolean) => {
      const dataDirectory = await createDataDirectory({ isEmpty });
      directories.push(dataDirectory);
      return { dataDirectory };
    };
    suite({ kind: 'PGlite', create: () => createIn(false), createEmpty: () => createIn(true) });
    after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));
  });
}

function describeOnPostgres(title: string, suite: Suite): void {
  describe(`${title} (PostgreSQL)`, () => {
    let server: RealPostgres;
    before(async () => {
      server = await startRealPostgres();
    });
    suite({
      kind: 'PostgreSQL',
      create: () => server.createDatabase(),
      createEmpty: () => server.createEmptyDatabase(),
    });
    // Declared last: hooks run in this order, and the suite closes its connections first.
    after(() => server.stop());
  });
}

/** A new database, for as long as it is needed: on the server that all tests share, where they do; an embedded one elsewhere. */
export async function createTemporaryDatabase(): Promise<{
  options: DatabaseOptions;
  remove(): Promise<void>;
}> {
  if (process.env.DATABASE_URL && only !== 'PGlite') {
    const server = await startRealPostgres();
    return { options: await server.createDatabase(), remove: () => server.stop() };
  }
  const dataDirectory = await createDataDirectory();
  return {
    options: { dataDirectory },
    remove: () => rm(dataDirectory, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** A data directory with a new embedded database: a copy of a template, which takes seconds to make anew. */
export async function createDataDirectory({ isEmpty = false } = {}): Promise<string> {
  const template = await findTemplate(isEmpty);
  const directory = await mkdtemp(join(tmpdir(), 'marketplace-session-data-'));
  // A thousand files: the same without `Sync` takes five times as long.
  cpSync(template, directory, { recursive: true });
  return directory;
}

async function findTemplate(isEmpty: boolean): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(resolve('node_modules/@electric-sql/pglite/package.json'), 'utf8'),
  ) as { version: string };
  const cache = resolve('node_modules/.cache/marketplace-session');
  const template = join(cache, `pglite-${version}-${isEmpty ? 'empty' : hashOfMigrations()}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  const database = await openDatabase({ dataDirectory: draft });
  if (!isEmpty) await migrate(database.kysely);
  await database.close();
  // Another process may have been faster: its template is as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
  return template;
}

/** Another one as soon as a migration is added or changed. */
function hashOfMigrations(): string {
  const folder = resolve('src/service/foundation/database/migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}
