import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { SessionAnswer } from '../../src/protocol/api.js';
import { PostgresAdapter } from 'kysely';
import { openServerDatabase } from '../../src/service/foundation/database/server-database.js';
import { openDatabase } from '../../src/service/index.js';
import { freePort } from '../../tools/free-port.mjs';
import { nodeFlags, programOf } from '../programs.js';
import { assertBooksBalance } from './books.js';
import { createDataDirectory } from './databases.js';
import { EventReader } from './event-reader.js';
import { callerOf, expectOk, seeding, until, type SentFile } from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { S3Store } from './s3-store.js';
import { addressOf, endWith, spawnServe, type ServedProcess } from './served-process.js';
import { decode } from './token-workshop.js';

interface Running extends ServedProcess {
  url: string;
}

const run = (dataDirectory: string, options: string[] = [], variables: Record<string, string> = {}) =>
  spawnServe(dataDirectory, { options, variables });

/** The one that was started last. */
let running: Running | undefined;
/** How long it took to start, ms. */
let startMs = 0;

/** Starts the service; one that a failed test has left behind gives way. */
async function start(
  dataDirectory: string,
  extra: string[] = [],
  variables: Record<string, string> = {},
): Promise<Running> {
  if (running) await kill(running, 'SIGKILL');
  const startedAt = Date.now();
  const started = run(dataDirectory, ['--public-url', 'http://session.test', ...extra], variables);
  const url = await addressOf(started);
  startMs = Date.now() - startedAt;
  return { ...started, url };
}

const kill = endWith;

describe('marketplace-session serve', () => {
  let directory: string;
  let postgres: RealPostgres;
  /** For what is the same on every database: this one starts sooner. */
  let onPostgres: { DATABASE_URL: string };
  before(async () => {
    [directory, postgres] = await Promise.all([createDataDirectory(), startRealPostgres()]);
    onPostgres = { DATABASE_URL: (await postgres.createDatabase()).databaseUrl };
  });
  after(async () => {
    if (running) await kill(running, 'SIGKILL');
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const callAsOperator = async ({ url }: Running) => {
    const key = (await readFile(join(directory, 'operator.key'), 'utf8')).trim();
    const call = callerOf(url);
    const asOperator: typeof call = (method, path, options = {}) =>
      call(method, path, { as: key, ...options });
    return { call: asOperator, key, ...seeding(asOperator) };
  };

  test('makes an operator key for its owner alone, and never prints it', async () => {
    running = await start(directory);
    const { key, call } = await callAsOperator(running);
    assert.match(key, /^operator_[\w-]{43}$/);
    assert.equal((await stat(join(directory, 'operator.key'))).mode & 0o777, 0o600);
    assert.ok(running.output().includes(join(directory, 'operator.key')));
    assert.ok(!running.output().includes(key));
    assert.equal((await call('GET', '/applications')).status, 200);
  });

  test('refuses a second process on the data directory, which changes nothing for the first', async () => {
    const second = run(directory);
    await once(second.child, 'exit');
    assert.equal(second.child.exitCode, 1);
    assert.match(
      second.output(),
      new RegExp(`Another process \\(${running!.child.pid}\\) uses the data directory`),
    );
    assert.equal((await callerOf(running!.url)('GET', '/healthz')).status, 200);
  });

  test('killed with kill -9 it forgets nothing: a session goes on, another that ran out meanwhile is ended once', async () => {
    const one = await callAsOperator(running!);
    const application = await one.createApplication({ id: 'app' });
    const userId = await one.createCustomer(10_000);
    const long = await one.createSession(application, userId, { duration_seconds: 3600 });
    const short = await one.createSession(application, userId, { duration_seconds: 60 });
    const extended = await one.call('POST', `/sessions/${long.session.id}/extend`, {
      body: { additional_seconds: 900 },
      headers: { 'Idempotency-Key': 'before-the-crash' },
    });
    assert.equal(extended.status, 200);
    await kill(running!, 'SIGKILL');

    // The command sells no session of a second: the deadline of one is moved to two seconds from now.
    const soon = (Math.ceil(Date.now() / 1000) + 1) * 1000;
    const database = await openDatabase({ dataDirectory: directory });
    await database.kysely
      .updateTable('sessions')
      .set({ deadline_at: soon, due_at: soon })
      .where('id', '=', short.session.id)
      .execute();
    await database.close();
    await until(() => Date.now() > soon);

    running = await start(directory);
    const two = await callAsOperator(running);
    const after = (
      await two.call<SessionAnswer>('GET', `/sessions/${long.session.id}`, { as: long.session_token })
    ).body;
    assert.equal(after.session.status, 'active');
    assert.equal(after.session.expires_at, long.session.expires_at! + 900);
    const ended = (await two.call<SessionAnswer>('GET', `/sessions/${short.session.id}`)).body.session;
    assert.equal(ended.status, 'expired');
    assert.equal(ended.ended_at, soon / 1000);
    const again = await two.call('POST', `/sessions/${long.session.id}/extend`, {
      body: { additional_seconds: 900 },
      headers: { 'Idempotency-Key': 'before-the-crash' },
    });
    assert.equal(
      again.body.expires_at,
      extended.body.expires_at,
      'the retry finds the extension that was sold',
    );
  });

  test('ends a session on time that was sold before a crash and runs out after it', async () => {
    const one = await callAsOperator(running!);
    const application = { id: 'app', secretKey: one.key };
    const { session } = await one.createSession(application, await one.createCustomer(1000), {
      duration_seconds: 60,
    });
    await kill(running!, 'SIGKILL');
    // Later than it is back, also where the machine is busy.
    const soon = Math.ceil((Date.now() + 5000 + 3 * startMs) / 1000) * 1000;
    const database = await openDatabase({ dataDirectory: directory });
    await database.kysely
      .updateTable('sessions')
      .set({ deadline_at: soon, due_at: soon })
      .where('id', '=', session.id)
      .execute();
    await database.close();
    running = await start(directory);
    assert.ok(Date.now() < soon, 'the service is back before the deadline');
    await until(() => Date.now() > soon + 1000, 5000 + 3 * startMs + 60_000);
    assert.equal(await kill(running, 'SIGTERM'), 0, 'SIGTERM ends it in good order');
    running = undefined;

    // Nobody asked for the session: what the database holds is the scheduler's work.
    const later = await openDatabase({ dataDirectory: directory });
    try {
      const rows = await later.kysely
        .selectFrom('events')
        .selectAll()
        .where('subject', '=', `session:${session.id}`)
        .where('type', '=', 'session.ended')
        .execute();
      assert.equal(rows.length, 1);
      await assertBooksBalance(later);
    } finally {
      await later.close();
    }
  });

  test('ends open streams when it is told to stop, and keeps session tokens as short as it was told', async () => {
    running = await start(directory, ['--session-token-seconds', '600'], onPostgres);
    const { createApplication, createCustomer, createSession } = await callAsOperator(running);
    const { session, session_token } = await createSession(
      await createApplication(),
      await createCustomer(1000),
    );
    const { iat, exp } = decode(session_token.split('.')[1]!) as { iat: number; exp: number };
    assert.equal(exp - iat, 600);
    const reader = await EventReader.open(`${running.url}/sessions/${session.id}/events`, {
      Authorization: `Bearer ${session_token}`,
    });
    await reader.atLeast(1);
    const startedAt = Date.now();
    assert.equal(await kill(running, 'SIGTERM'), 0);
    assert.ok(Date.now() - startedAt < 15_000, 'it did not wait for what runs to be broken off');
    await reader.untilOver();
    running = undefined;
  });

  test('told to stop it says so, finishes what runs, and takes requests until nobody sends any', async () => {
    running = await start(directory, ['--drain-seconds', '2'], onPostgres);
    const { call, key } = await callAsOperator(running);
    const { hostname, port } = new URL(running.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    const body = JSON.stringify({ id: 'half-way' });
    const lines = [
      'POST /customers HTTP/1.1',
      'Host: a',
      `Authorization: Bearer ${key}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
    assert.equal((await call('GET', '/readyz')).status, 200);
    const exit = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    await until(async () => (await call('GET', '/readyz')).status === 503);
    assert.equal(
      (await call('GET', '/applications')).status,
      200,
      'who has not heard of it is still answered',
    );
    await until(() =>
      fetch(running!.url).then(
        () => false,
        () => true,
      ),
    );
    assert.equal(running.child.exitCode, null, 'a request still runs');
    socket.write(body.slice(5));
    assert.deepEqual(await exit, [0, null]);
    assert.match(answer, /^HTTP\/1\.1 201 /);
    assert.ok(!running.output().includes(key));
    running = undefined;
  });

  test('while it migrates it works, is not ready, and keeps requests waiting', async () => {
    const { databaseUrl } = await postgres.createDatabase();
    const other = openServerDatabase(databaseUrl, 1);
    const port = await freePort();
    const call = callerOf(`http://127.0.0.1:${port}`);
    const place = ['--port', String(port)];
    const { child, output } = run(directory, place, { DATABASE_URL: databaseUrl });
    try {
      let waiting!: ReturnType<typeof call>;
      await other.kysely.connection().execute(async (db) => {
        // As another instance does that migrates.
        const [adapter, names] = [new PostgresAdapter(), { lockTable: '', lockRowId: '' }];
        await adapter.acquireMigrationLock(db, names);
        const status = (path: string) =>
          call('GET', path, { as: null }).then(
            (answer) => answer.status,
            () => 0,
          );
        await until(async () => (await status('/healthz')) === 200);
        waiting = call('GET', '/applications', { as: null });
        assert.equal(await status('/readyz'), 503);
        assert.doesNotMatch(output(), /runs at/);
        await adapter.releaseMigrationLock(db, names);
      });
      assert.equal((await waiting).status, 401);
      await until(async () => (await call('GET', '/readyz', { as: null })).status === 200);
    } finally {
      await kill({ child, output }, 'SIGTERM');
      await other.close();
    }
  });

  test('told twice to stop it stops', async () => {
    running = await start(directory, ['--drain-seconds', '600'], onPostgres);
    running.child.kill('SIGTERM');
    const { call } = await callAsOperator(running);
    await until(async () => (await call('GET', '/readyz')).status === 503);
    assert.equal(await kill(running, 'SIGTERM'), 1);
    running = undefined;
  });

  test('refuses settings that are none, in one line', async () => {
    const wrong: [string[], Record<string, string>, RegExp][] = [
      [['--port', '70000'], {}, /^--port must be 0 to 65535$/],
      [['--trusted-proxies', 'x'], {}, /^--trusted-proxies must be 0 to 10$/],
      [['--log-level', 'loud'], {}, /^--log-level must be info or error$/],
      [[], { MARKETPLACE_RATE_LIMITS: 'session=many' }, /^MARKETPLACE_RATE_LIMITS holds session=many/],
      [
        [],
        { MARKETPLACE_RETENTION: 'audit=long' },
        /^MARKETPLACE_RETENTION holds audit=long: write audit=400/,
      ],
      [[], { MARKETPLACE_RETENTION: 'ledger=30' }, /^MARKETPLACE_RETENTION holds ledger=30/],
      [[], { MARKETPLACE_RETENTION: 'audit=-1' }, /^MARKETPLACE_RETENTION holds audit=-1/],
      [
        [],
        { MARKETPLACE_RETENTION: 'audit=400, payments=30' },
        /retention\.payments must be a number of days from 31 on$/,
      ],
      [
        [],
        { MARKETPLACE_RETENTION: 'sessions=0' },
        /retention\.sessions must be a number of days from 1 on$/,
      ],
    ];
    for (const [options, variables, expected] of wrong) {
      const { child, output } = run(directory, options, { ...onPostgres, ...variables });
      await once(child, 'close');
      assert.equal(child.exitCode, 1);
      assert.match(output().trim(), expected);
    }
  });

  test('sells for money with both keys of Stripe, and will not start with one', async () => {
    const keys = { STRIPE_SECRET_KEY: 'sk_test_of_the_tests', STRIPE_WEBHOOK_SECRET: 'whsec_of_the_tests' };
    const half = run(directory, [], { STRIPE_SECRET_KEY: keys.STRIPE_SECRET_KEY });
    await once(half.child, 'exit');
    assert.equal(half.child.exitCode, 1);
    assert.match(half.output(), /STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together/);

    running = await start(directory, [], { ...onPostgres, ...keys });
    const webhook = () => callerOf(running!.url)('POST', '/api/v1/webhooks/stripe', { body: {} });
    assert.equal((await webhook()).body.code, 'WEBHOOK_SIGNATURE_INVALID');
    for (const key of Object.values(keys)) assert.ok(!running.output().includes(key));
    await kill(running, 'SIGTERM');
    running = await start(directory, [], onPostgres);
    assert.equal((await webhook()).body.code, 'ROUTE_NOT_FOUND');
    await kill(running, 'SIGTERM');
    running = undefined;
  });

  test('keeps files in a folder, in a bucket or, where nothing all instances share is named, not at all', async () => {
    running = await start(directory, [], onPostgres);
    const seeded = await callAsOperator(running);
    const application = await seeded.createApplication();
    const sold = await seeded.createSession(application, await seeded.createCustomer(10_000));
    const send = async () => {
      const { call, key: as } = await callAsOperator(running!);
      const headers = { 'X-File-Name': 'a.txt', 'Content-Type': 'application/json' };
      return call<SentFile & { code: string }>('POST', `/sessions/${sold.session.id}/files`, {
        as,
        body: '{"kept":true}',
        headers,
      });
    };
    const open = (url: string) => fetch(url.replace('http://session.test', running!.url));
    assert.equal((await send()).body.code, 'ROUTE_NOT_FOUND');
    const folder = join(directory, 'elsewhere');
    running = await start(directory, ['--files-dir', folder], onPostgres);
    const { id, url } = expectOk(await send());
    assert.deepEqual(await readdir(folder), [id]);
    await kill(running, 'SIGKILL');
    running = await start(directory, [], { ...onPostgres, MARKETPLACE_FILES_DIR: folder });
    assert.equal(await (await open(url)).text(), '{"kept":true}', 'a link outlives the process');
    const store = await S3Store.start();
    try {
      const named = Object.entries(store.options).map(([name, value]) => [
        `MARKETPLACE_S3_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`,
        value,
      ]);
      const variables = { ...onPostgres, ...(Object.fromEntries(named) as Record<string, string>) };
      running = await start(directory, [], variables);
      const sent = expectOk(await send());
      assert.deepEqual([...store.objects.keys()], [sent.id]);
      assert.equal(await (await open(sent.url)).text(), '{"kept":true}');
      assert.ok(!running.output().includes(store.secretAccessKey));
      const half = run(directory, [], { ...variables, MARKETPLACE_S3_BUCKET: '' });
      await once(half.child, 'exit');
      assert.match(half.output(), /^MARKETPLACE_S3_ENDPOINT, .* go together: set all, or none\.$/m);
    } finally {
      await kill(running, 'SIGTERM');
      running = undefined;
      await store.stop();
    }
  });

  test('says its version and how it is used, without a command too', async () => {
    const told = async (...options: string[]) => {
      // The command as it is installed: its version is the package's.
      const child = spawn(process.execPath, [
        '--import',
        import.meta.resolve('tsx'),
        'src/cli.ts',
        ...options,
      ]);
      let text = '';
      child.stdout.on('data', (chunk) => (text += String(chunk)));
      await once(child, 'close');
      assert.equal(child.exitCode, 0, options.join(' '));
      return text.trim();
    };
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    assert.equal(await told('--version'), version);
    assert.equal(await told('serve', '--version'), version);
    assert.match(await told('--help'), /serve \[options\]/);
    assert.match(await told('-h'), /conformance --url/);
  });

  test('counts figures anew, also of a provider that there is none of', async () => {
    for (const options of [[], ['--provider', 'nobody']]) {
      const child = spawn(
        process.execPath,
        [...nodeFlags, programOf('src/cli.ts'), 'recount-figures', ...options],
        {
          env: { ...process.env, ...onPostgres },
        },
      );
      let said = '';
      child.stderr.on('data', (chunk) => (said += String(chunk)));
      await once(child, 'close');
      assert.equal(child.exitCode, 0, said);
    }
    const database = openServerDatabase(onPostgres.DATABASE_URL, 1);
    try {
      const uncounted = database.kysely.selectFrom('uncounted_figure_counts').selectAll();
      assert.deepEqual(await uncounted.execute(), []);
    } finally {
      await database.close();
    }
  });

  test('explains itself', async () => {
    const child = spawn(process.execPath, [...nodeFlags, programOf('src/cli.ts'), 'serve', '--help']);
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    await once(child, 'close');
    assert.equal(child.exitCode, 0);
    assert.match(text, /--data-dir/);
  });
});
