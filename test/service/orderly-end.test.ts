// How the process ends on a bad day: told to at any moment of its start, or because something failed that nobody caught.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openServerDatabase } from '../../src/service/foundation/database/server-database.js';
import { openDatabase } from '../../src/service/index.js';
import { assertBooksBalance } from './books.js';
import { createDataDirectory } from './databases.js';
import { EventReader } from './event-reader.js';
import { callerOf, seeding, until } from './fixtures.js';
import { freePort } from '../../tools/free-port.mjs';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { addressOf, endWith, spawnServe, type ServedProcess } from './served-process.js';

const operatorKey = 'operator-key-of-the-tests-0123456789abcdef';
const variables = { MARKETPLACE_OPERATOR_KEY: operatorKey };

/** Calls a service as its operator. */
function clientOf(url: string) {
  const call = callerOf(url);
  return { call, ...seeding(call) };
}

describe('What fails where nobody catches it', () => {
  let directory: string;
  before(async () => {
    directory = await createDataDirectory();
  });
  after(() => rm(directory, { recursive: true, force: true }));

  for (const kind of ['exception', 'promise']) {
    test(`(${kind}) is told by the log without its secrets, and the process ends in order, with a failure`, async () => {
      const preload = 'test/service/throws-when-told.ts';
      const options = ['--public-url', 'http://session.test'];
      const served = spawnServe(directory, { options, variables: { ...variables, THROWS: kind }, preload });
      const { createApplication, createCustomer, createSession } = clientOf(await addressOf(served));
      const { session, session_token } = await createSession(
        await createApplication(),
        await createCustomer(1000),
      );
      const reader = await EventReader.open(`${await addressOf(served)}/sessions/${session.id}/events`, {
        Authorization: `Bearer ${session_token}`,
      });
      await reader.atLeast(1);
      const exit = once(served.child, 'exit');
      served.child.kill('SIGUSR2');
      await reader.untilOver();
      assert.match(reader.others.at(-1)!, /^retry: \d+$/, 'the stream was ended, not cut');
      assert.deepEqual(await exit, [1, null]);

      const line = served
        .output()
        .split('\n')
        .find((text) => text.includes('"level":"error"'))!;
      assert.match(line, /nobody|not caught|not handled/);
      assert.match(line, /throws-when-told/, 'where it failed');
      assert.doesNotMatch(served.output(), /secret-of-a-test|password-of-a-test/);
      assert.ok(!existsSync(join(directory, 'lock')), 'the data directory is free');
      const database = await openDatabase({ dataDirectory: directory });
      try {
        const kept = await database.kysely
          .selectFrom('sessions')
          .select('status')
          .where('id', '=', session.id)
          .executeTakeFirstOrThrow();
        assert.equal(kept.status, 'active');
        await assertBooksBalance(database);
      } finally {
        await database.close();
      }
    });
  }
});

describe('SIGTERM', () => {
  let postgres: RealPostgres;
  const left: ServedProcess[] = [];
  before(async () => {
    postgres = await startRealPostgres();
  });
  after(async () => {
    for (const served of left) await endWith(served, 'SIGKILL');
    await postgres.stop();
  });
  const serveOn = (directory: string, more: Record<string, string> = {}, options: string[] = []) => {
    const served = spawnServe(directory, { variables: { ...variables, ...more }, options });
    left.push(served);
    return served;
  };
  const healthOf = (port: number) =>
    callerOf(`http://127.0.0.1:${port}`)('GET', '/healthz', { as: null }).then(
      ({ status }) => status,
      () => 0,
    );

  test('while the database is made ends it in order, and the next start finds nothing half made', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'marketplace-session-term-'));
    try {
      const served = serveOn(directory);
      await until(() => existsSync(join(directory, 'lock')));
      assert.equal(await endWith(served, 'SIGTERM'), 0, served.output());
      assert.ok(!(await readdir(directory)).includes('lock'));
      const database = await openDatabase({ dataDirectory: directory });
      await database.close();
      const files = await readdir(directory);
      assert.deepEqual(
        files.filter((name) => !['operator.key', 'database'].includes(name)),
        [],
      );
    } finally {
      await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    }
  });

  test('while another instance migrates ends the waiting, and who waits for an answer is told to come again', async () => {
    const { databaseUrl } = await postgres.createEmptyDatabase();
    const port = await freePort();
    const other = openServerDatabase(databaseUrl, 1);
    try {
      await other.kysely.connection().execute(async (db) => {
        await sql`select pg_advisory_lock(hashtextextended('marketplace-session migrations', 0))`.execute(db);
        const served = serveOn('unused', { DATABASE_URL: databaseUrl }, ['--port', String(port)]);
        await until(async () => (await healthOf(port)) === 200);
        const waiting = callerOf(`http://127.0.0.1:${port}`)('GET', '/applications', { as: operatorKey });
        await callerOf(`http://127.0.0.1:${port}`)('GET', '/readyz', { as: null });
        assert.equal(await endWith(served, 'SIGTERM'), 0, served.output());
        assert.equal((await waiting).body.code, 'SERVICE_UNAVAILABLE');
        assert.doesNotMatch(served.output(), /"level":"error"/, 'to be asked while it starts is no error');
      });
      await assert.rejects(sql`select 1 from sessions`.execute(other.kysely), 'nothing was migrated');
    } finally {
      await other.close();
    }
  });

  test('while it migrates itself lets the migration come to its end', async () => {
    const { databaseUrl } = await postgres.createEmptyDatabase();
    const port = await freePort();
    const other = openServerDatabase(databaseUrl, 2);
    try {
      const served = await other.kysely.transaction().execute(async (trx) => {
        // A type of the name of a table that the first migration makes: it waits until this transaction is over.
        await sql`create table sessions (id text)`.execute(trx);
        const starting = serveOn('unused', { DATABASE_URL: databaseUrl }, ['--port', String(port)]);
        await until(async () => (await healthOf(port)) === 200);
        await until(async () => {
          const { rows } = await sql`
            select from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`.execute(other.kysely);
          return rows.length > 0;
        });
        starting.child.kill('SIGTERM');
        await sql`drop table sessions`.execute(trx);
        return starting;
      });
      assert.equal(await endWith(served, 'SIGCONT'), 0, served.output());
      const { rows } = await sql`select from kysely_migration`.execute(other.kysely);
      assert.ok(rows.length > 5, 'every migration was done');
    } finally {
      await other.close();
    }
  });

  test('before it listens, on a port that is taken, is no question: it says so and leaves nothing locked', async () => {
    const directory = await createDataDirectory();
    const port = await freePort();
    try {
      const first = serveOn('unused', { DATABASE_URL: (await postgres.createDatabase()).databaseUrl }, [
        '--port',
        String(port),
      ]);
      await addressOf(first);
      const second = serveOn(directory, {}, ['--port', String(port)]);
      await once(second.child, 'exit');
      assert.equal(second.child.exitCode, 1);
      assert.match(second.output(), /EADDRINUSE/);
      assert.ok(!existsSync(join(directory, 'lock')));
      assert.equal(await endWith(first, 'SIGTERM'), 0);
    } finally {
      await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    }
  });

  test('with a log that nobody reads any more ends it in order too', async () => {
    const directory = await createDataDirectory();
    try {
      const served = serveOn(directory);
      const url = await addressOf(served);
      served.child.stdout!.destroy();
      served.child.stderr!.destroy();
      for (let n = 0; n < 5; n++) assert.equal((await callerOf(url)('GET', '/applications')).status, 200);
      assert.equal(await endWith(served, 'SIGTERM'), 0);
      assert.equal((await readFile(join(directory, 'database/PG_VERSION'), 'utf8')).trim(), '18');
    } finally {
      await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    }
  });
});
