// What a spreadsheet makes of a provider's sessions: a file of any length, by lines.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, operatorKey, startTestService, type TestApplication } from './fixtures.js';
import { startPaidService, type PaidService } from './paid-service.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { addressOf, endWith, spawnServe, type ServedProcess } from './served-process.js';
import { completed, refunded } from './stripe-events.js';
import { TestClock } from './test-clock.js';

/** Less than all rows take. */
const smallHeap = { NODE_OPTIONS: '--max-old-space-size=96' };
const manyRows = Number(process.env.CSV_ROWS ?? 100_000);

/** The records of a file, by the names in its first line (RFC 4180). */
function recordsIn(text: string): Record<string, string>[] {
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end !== ',') records.push([]);
  }
  assert.deepEqual(records.pop(), [], 'the last line has an end too');
  const [names, ...rows] = records;
  return rows.map((row) => {
    assert.equal(row.length, names!.length);
    return Object.fromEntries(names!.map((name, n) => [name, row[n]!]));
  });
}

describeOnOneDatabase('The sessions of a provider as CSV', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  const ask = (path: string, as: string | null = operatorKey) =>
    fetch(`${service.url}${path}`, { headers: as === null ? {} : { Authorization: `Bearer ${as}` } });
  const read = async (provider: string, query = '', as?: string) => {
    const response = await ask(`/providers/${provider}/sessions.csv?${query}`, as);
    assert.equal(response.status, 200);
    return recordsIn(await response.text());
  };
  const money = [
    { additional_seconds: 900, tokens: 150, money: { amount: 499, currency: 'eur' } },
    { additional_seconds: 300, tokens: null, money: { amount: 250, currency: 'jpy' } },
  ];
  async function createProvider(id: string, time_zone: string): Promise<TestApplication> {
    expectOk(await service.call('POST', '/providers', { body: { id, name: id, time_zone } }));
    return service.createApplication({ id: `app-of-${id}`, provider_id: id, extension_options: money });
  }

  test('has each by its own clock and in UTC, what it earned by currency, and no formula', async () => {
    const application = await createProvider('bellbird', 'Australia/Lord_Howe');
    await createProvider('elsewhere', 'UTC');
    service.clock.advance((Date.parse('2026-10-03T15:29:59Z') - service.clock.now()) / 1000);
    const sell = async (userId: string) => {
      expectOk(await service.call('POST', '/customers', { body: { id: userId } }));
      const body = { tokens: 1000, reference: userId };
      const headers = { 'Idempotency-Key': userId };
      expectOk(await service.call('POST', `/customers/${userId}/credits`, { body, headers }));
      const { session, session_token: as } = await service.createSession(application, userId);
      return { id: session.id, as, userId };
    };
    const calm = await sell('calm');
    // Clocks are put forward by half an hour.
    service.clock.advance(2);
    const formula = await sell('-1');
    const eur = await service.order(formula, { additional_seconds: 900, payment: 'money' });
    await service.deliver(completed(eur));
    const jpy = await service.order(formula, { additional_seconds: 300, payment: 'money' });
    await service.deliver(completed(jpy));
    const returned = await service.order(formula, { additional_seconds: 900, payment: 'money' });
    await service.deliver(completed(returned));
    await service.deliver(refunded(returned));
    expectOk(await service.call('POST', `/sessions/${calm.id}/complete`, { as: calm.as }));

    const [second, first, ...others] = await read('bellbird');
    assert.deepEqual(others, []);
    assert.equal(first!.session_id, calm.id);
    assert.equal(first!.created_at, '2026-10-04T01:59:59+10:30');
    assert.equal(first!.created_at_utc, '2026-10-03T15:29:59Z');
    assert.equal(first!.ended_at, '2026-10-04T02:30:01+11:00');
    assert.deepEqual([first!.status, first!.money_eur, first!.money_jpy], ['completed', '', '']);
    assert.equal(first!.tokens_refunded, String(Number(first!.tokens_allocated) - Number(first!.final_cost)));
    assert.equal(second!.user_id, "'-1");
    assert.equal(second!.created_at, '2026-10-04T02:30:01+11:00');
    assert.deepEqual([second!.ended_at, second!.ended_at_utc, second!.final_cost], ['', '', '']);
    assert.deepEqual([second!.money_eur, second!.money_jpy], ['499', '250']);
    assert.equal(second!.extension_count, '2');

    assert.equal(
      (await read('bellbird', 'time_zone=Asia/Kathmandu'))[1]!.created_at,
      '2026-10-03T21:14:59+05:45',
    );
    const filters = ['status=completed', 'user_id=calm', `to=${Date.parse('2026-10-03T15:30:00Z') / 1000}`];
    for (const filter of filters)
      assert.deepEqual(
        (await read('bellbird', filter)).map(({ session_id }) => session_id),
        [calm.id],
        filter,
      );
    assert.deepEqual(await read('bellbird', 'application_id=app-of-elsewhere'), []);
    assert.deepEqual(await read('elsewhere'), []);
    assert.equal((await read('bellbird', '', application.secretKey)).length, 2);

    const member = { subject: { kind: 'member', id: 'nadia' }, scope: ['figures.read'] };
    const issued = await service.call<{ access_token: string }>('POST', '/access-tokens', {
      as: application.secretKey,
      body: member,
    });
    const { headers } = await fetch(`${service.url}/providers/bellbird/sessions.csv`, {
      headers: { Authorization: `Bearer ${expectOk(issued).access_token}`, Origin: 'https://app.example' },
    });
    assert.match(headers.get('access-control-expose-headers')!, /Content-Disposition/);
    assert.match(headers.get('content-type')!, /^text\/csv; *charset=utf-8$/i);
    assert.equal(headers.get('content-disposition'), 'attachment; filename="sessions-2026-10-04.csv"');
    assert.equal(headers.get('cache-control'), 'no-store');
    const refusals: [string, string | null | undefined, number][] = [
      ['/providers/elsewhere/sessions.csv', application.secretKey, 404],
      ['/providers/nobody/sessions.csv', undefined, 404],
      ['/providers/bellbird/sessions.csv', calm.as, 403],
      ['/providers/bellbird/sessions.csv', null, 401],
      ['/providers/bellbird/sessions.csv?time_zone=%2B05:45', undefined, 422],
      ['/providers/bellbird/sessions.csv?limit=5', undefined, 422],
    ];
    for (const [path, as, status] of refusals) assert.equal((await ask(path, as)).status, status, path);
  });
});

describe(`${manyRows} sessions as CSV`, () => {
  let postgres: RealPostgres;
  let database: Database;
  let databaseUrl: string;
  let served: ServedProcess;
  let address: string;
  const folder = join(tmpdir(), `marketplace-session-csv-${crypto.randomUUID()}`);
  before(async () => {
    postgres = await startRealPostgres();
    ({ databaseUrl } = await postgres.createDatabase());
    database = await openDatabase({ databaseUrl });
    await database.unhurried(async (kysely) => {
      for (const statement of content) await sql.raw(statement).execute(kysely);
    });
    const variables = {
      DATABASE_URL: databaseUrl,
      MARKETPLACE_OPERATOR_KEY: operatorKey,
      ...smallHeap,
    };
    served = spawnServe(folder, { variables, options: ['--log-level', 'error'] });
    address = `${await addressOf(served)}/providers/p/sessions.csv`;
  });
  after(async () => {
    await endWith(served, 'SIGTERM');
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async () => {
    const asked = request(address, { headers: { Authorization: `Bearer ${operatorKey}` } }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 200);
    return answer;
  };
  /** Megabytes that the service holds. */
  const memory = async () =>
    Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${served.child.pid}/status`, 'utf8'))![1]) / 1000;

  test('are read as fast as they are taken, and not held', async () => {
    const answer = await open();
    let lines = 0;
    let changed = 0;
    let rest = '';
    let isWaiting = true;
    const held: number[] = [];
    for await (const chunk of answer) {
      if (isWaiting) {
        // Nothing is taken meanwhile: what comes last was not read yet.
        await sleep(1_000);
        const isOld = sql<boolean>`substr(id, 2)::int < ${manyRows / 4}`;
        await database.unhurried((kysely) =>
          kysely.updateTable('sessions').set({ used_seconds: 30 }).where(isOld).execute(),
        );
        isWaiting = false;
      }
      const texts = (rest + String(chunk)).split('\r\n');
      rest = texts.pop()!;
      for (const text of texts) if (text.endsWith(',30,0,60,1,59')) changed += 1;
      const before = lines;
      lines += texts.length;
      if (Math.floor(lines / 10_000) > Math.floor(before / 10_000)) held.push(await memory());
    }
    assert.equal(rest, '');
    assert.equal(lines, 1 + manyRows);
    assert.equal(changed, manyRows / 4);
    const [early, late] = [held.slice(0, 5), held.slice(5)].map((measured) => Math.max(...measured));
    assert.ok(late! - early! < 100, `${early} MB, and later ${late} MB`);
  });

  test('are read no further once their reader is gone', async () => {
    for (let n = 0; n < 20; n += 1) {
      const answer = await open();
      await once(answer, 'data');
      answer.destroy();
    }
    await sleep(500);
    const { rows } = await sql<{ busy: number }>`
      select count(*)::int as busy from pg_stat_activity
      where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`.execute(
      database.kysely,
    );
    assert.equal(rows[0]!.busy, 0);
    assert.equal((await fetch(new URL('/healthz', address))).status, 200);
    assert.equal(served.output().replace(/.*runs at.*\n/g, ''), '');
  });

  test('break off where their reader takes nothing for half a minute', async () => {
    const clock = new TestClock();
    const service = await startTestService({
      database: { databaseUrl },
      now: clock.now,
      timer: clock.timer,
    });
    try {
      const { hostname, port } = new URL(service.url);
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.on('data', (chunk) => (received = (received + String(chunk)).slice(-64)));
      socket.on('error', () => {});
      const head = `Host: x\r\nConnection: close\r\nAuthorization: Bearer ${operatorKey}`;
      socket.write(`GET /providers/p/sessions.csv HTTP/1.1\r\n${head}\r\n\r\n`);
      await once(socket, 'data');
      socket.pause();
      // Sooner or later all buffers are full.
      for (let waited = 0; waited < 32; waited += 1) {
        await sleep(250);
        clock.advance(31);
      }
      const closed = once(socket, 'close');
      socket.resume();
      await closed;
      assert.doesNotMatch(received, /\r\n0\r\n\r\n$/);
    } finally {
      await service.close();
    }
  });

  test('break off where they cannot be read to the end, so that nobody takes a part for all', async () => {
    const answer = await open();
    await once(answer, 'readable');
    const rename = (from: string, to: string) =>
      sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(database.kysely);
    await rename('checkouts', 'gone_checkouts');
    try {
      await assert.rejects(answer.toArray(), { code: 'ECONNRESET' });
    } finally {
      await rename('gone_checkouts', 'checkouts');
    }
    assert.match(served.output(), /an answer broke off/);
  });
});

const content = [
  `insert into providers (id, name, time_zone, created_at) values ('p', 'P', 'Europe/Berlin', 0)`,
  `insert into applications (id, provider_id, name, allowed_origins, return_origins, tokens_per_minute,
    extension_options, max_duration_seconds, pausable, max_pause_seconds, secret_key_hash, created_at)
    select 'a' || n, 'p', 'A', '[]', '[]', 1, '[]', 7200, true, 600, 'h' || n, 0 from generate_series(0, 2) n`,
  `insert into customers (id, created_at) values ('c', 0)`,
  `insert into accounts (id, customer_id, balance) values ('wallet:c', 'c', 5)`,
  `insert into sessions (id, application_id, user_id, status, tokens_allocated, duration_limit_seconds, initial_seconds,
    initial_tokens, created_at, started_at, deadline_at, metadata, ended_at, used_seconds, final_cost, tokens_refunded)
    select 's' || n, 'a' || n % 3, 'c', 'completed', 60, 3600, 3600, 60, at, at, at + 3600000, '{}', at + 60000, 60, 1, 59
    from (select n, 1700000000000 + n * 15000::bigint as at from generate_series(0, ${manyRows - 1}) n) numbers`,
  'analyze',
];
