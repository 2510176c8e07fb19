// Lists cost what a page holds, however many rows there are: on the database's own word, for every list and each filter.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql, type CompiledQuery, type KyselyPlugin, type QueryId, type RootOperationNode } from 'kysely';
import {
  createSessionService,
  openDatabase,
  serve,
  type Database,
  type SessionService,
} from '../../src/service/index.js';
import { callerOf, operatorKey } from './fixtures.js';
import { foldFigures } from './fold-figures.js';
import { readOperations, type Operation } from './openapi/operations.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';

const rows = 200_000;
/** Tables with fewer rows may be read whole. */
const largeTable = 10_000;
/** What a page of 50 may look at in one step: one of each of a provider's applications, and what is near in an index. */
const rowsOfPage = 2_000;

/** Sold over a year, by ten applications of four providers, to 20 000 customers; one customer has very many entries. */
const content = [
  `insert into providers (id, name, time_zone, created_at) select 'p' || n, 'P', 'UTC', 0 from generate_series(0, 3) n`,
  `insert into applications (id, provider_id, name, allowed_origins, return_origins, tokens_per_minute,
    extension_options, max_duration_seconds, pausable, max_pause_seconds, secret_key_hash, created_at)
    select 'a' || n, 'p' || n % 4, 'A', '[]', '[]', 1, '[]', 7200, true, 600, 'h' || n, 0 from generate_series(0, 9) n`,
  `insert into customers (id, organization_id, email, created_at)
    select 'c' || n, case when n < 10000 then 'o0' else 'o' || n % 40 end, 'c' || n || '@example.org', n
    from generate_series(0, 19999) n`,
  `insert into accounts (id, customer_id, balance) select 'wallet:c' || n, 'c' || n, 5 from generate_series(0, 19999) n`,
  `insert into sessions (id, application_id, user_id, status, tokens_allocated, duration_limit_seconds, initial_seconds,
    initial_tokens, created_at, started_at, deadline_at, due_at, metadata, ended_at, used_seconds, final_cost, tokens_refunded)
    select 's' || n, case when n < 20000 then 'a0' else 'a' || 1 + n % 9 end, 'c' || n % 20000, case when n % 50 = 0 then 'active' else 'completed' end, 60, 3600,
      3600, 60, at, at, at + 3600000, case when n % 50 = 0 then 4000000000000 end, '{}',
      case when n % 50 > 0 then at + 60000 end, case when n % 50 > 0 then 60 end, case when n % 50 > 0 then 1 end,
      case when n % 50 > 0 then 59 end
    from (select n, 1700000000000 + n * 150000::bigint as at from generate_series(0, ${rows - 1}) n) numbers`,
  `insert into ledger_transactions (kind, customer_id, reference, created_at)
    select 'credit', case when n < 5000 then 'c7' else 'c' || n % 20000 end, 'r' || n, n from generate_series(0, ${rows - 1}) n`,
  `insert into ledger_entries (transaction_id, account_id, amount, balance_after)
    select id, 'wallet:' || customer_id, 1, 5 from ledger_transactions`,
  `insert into audit_entries (id, actor, action, subject, fields, request_id, created_at)
    select 'e' || n, case when n % 1000 = 0 then 'operator' else 'application:a' || n % 10 end, 'POST /sessions',
      '/sessions/s' || n, '[]', 'r', n from generate_series(0, ${rows - 1}) n`,
  `insert into webhook_endpoints (id, provider_id, url, description, event_types, secret, created_at)
    select 'w' || n, 'p' || n % 4, 'https://app.example', '', '[]', '', n from generate_series(0, 39) n`,
  `insert into webhook_deliveries (id, endpoint_id, type, data, status, attempts, created_at, finished_at)
    select 'd' || n, 'w' || n % 40, 'session.ended', '{}', case when n % 100000 = 1 then 'failed' else 'delivered' end, 1, n, n
    from generate_series(0, ${rows - 1}) n`,
  `insert into exceptions (id, kind, subject, detail, provider_id, created_at, resolved_at, resolved_by)
    select 'x' || n, case when n < 1000 then 'refund_failed' else 'job_failed' end, 's' || n, '', 'p' || n % 4, n,
      case when n % 100 > 0 then n end, case when n % 100 > 0 then 'operator' end from generate_series(0, 19999) n`,
  `insert into plans (id, name, interval, interval_count, tokens_per_period, rollover, active, metadata, created_at)
    select 'p' || n, 'P', 'month', 1, 5, true, true, '{}', n from generate_series(0, 19999) n`,
  `insert into subscriptions (id, customer_id, plan_id, status, anchor_at, periods_since_anchor, period_started_at,
    period_ends_at, grant_count, cancel_at_period_end, started_at, ended_at, due_at, metadata, created_at)
    select 's' || n, 'c' || n % 20000, 'p' || n, case when n % 1000 = 0 then 'active' else 'canceled' end, n, 0, n, n + 1, 1,
      false, n, case when n % 1000 > 0 then n end, case when n % 1000 = 0 then 4000000000000 end, '{}', n
    from generate_series(0, 19999) n`,
  `insert into helpers (id, provider_id, display_name, skills, availability, max_concurrent, created_at)
    select 'h' || n, 'p' || n % 4, 'H', '[]', case when n % 1000 = 0 then 'away' else 'offline' end, 1, n
    from generate_series(0, 19999) n`,
  `insert into help_categories (id, provider_id, name, skills, tokens, duration_seconds, search_seconds, active, created_at)
    select 'k' || n, 'p' || n % 4, 'K', '[]', 0, 600, 120, true, n from generate_series(0, 19999) n`,
  `insert into help_requests (id, provider_id, application_id, user_id, category_id, skills, tokens, duration_seconds,
    search_seconds, status, reason, helper_id, session_id, round, version, created_at, opened_at, ended_at, due_at)
    select 'r' || n, 'p' || n % 4, 'a' || n % 10, 'c' || n % 2000, 'k1', '[]', 0, 600, 120,
      case n % 1000 when 0 then 'open' when 1 then 'expired' else 'completed' end, case when n % 1000 = 1 then 'nobody_free' end,
      case when n % 1000 > 1 then 'h' || n % 200 end, case when n % 1000 > 1 then 's' || n end, 1, 1, n, n,
      case when n % 1000 > 0 then n end, case when n % 1000 = 0 then 4000000000000 end from generate_series(0, 19999) n`,
  `insert into notifications (helper_id, type, created_at, read_at)
    select 'h' || n % 20, 'offered', n, case when n % 3 = 0 then n end from generate_series(0, 19999) n`,
  `insert into events (subject, provider_id, type, payload, created_at)
    select 'session:s' || case when n < 5000 then 77 else n end, 'p1', 'session.warning', '{}', n from generate_series(1, 19999) n`,
  `insert into disputes (id, payment_intent_id, amount, currency, state, told_at)
    select 'du' || n, 'pi' || n, 1, 'eur', case when n % 500 = 0 then 'open' when n % 2 = 0 then 'lost' else 'won' end, n
    from generate_series(1, 19999) n`,
  `insert into webhook_attempts (delivery_id, number, started_at) select id, 1, created_at from webhook_deliveries`,
];

/** A value for each filter of a list, by its name: of what there is a lot, and of what there is little. */
const filters: Record<string, string[]> = {
  environment: ['live', 'test'],
  status: ['active', 'canceled', 'completed', 'expired', 'failed', 'delivered', 'open', 'resolved'],
  // The sessions of one are many, those of the other all old.
  application_id: ['a1', 'a0'],
  provider_id: ['p1'],
  user_id: ['c7', 'c19999'],
  customer_id: ['c7'],
  kind: ['refund_failed', 'job_failed'],
  from: ['1710000000'],
  to: ['1710000000'],
  organization_id: ['o0', 'o39'],
  email: ['C7@Example.org'],
  helper_id: ['h1'],
  availability: ['away', 'offline'],
  unread: ['true', 'false'],
  after: ['5'],
  actor: ['operator', 'application:a1'],
  subject: ['/sessions/s77'],
  limit: ['50'],
};
const ids: Record<string, string> = {
  '/api/v1/providers/{id}': 'p1',
  '/api/v1/applications/{id}': 'a1',
  '/api/v1/customers/{id}': 'c7',
  '/api/v1/sessions/{id}': 's77',
  '/api/v1/webhook-endpoints/{id}': 'w1',
  '/api/v1/helpers/{id}': 'h1',
};

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

describe('Lists of 200 000 rows', () => {
  let postgres: RealPostgres;
  let database: Database;
  let service: SessionService;
  let url: string;
  const closing: (() => Promise<unknown>)[] = [];
  const asked: CompiledQuery[] = [];

  before(async () => {
    postgres = await startRealPostgres();
    closing.push(() => postgres.stop());
    database = await openDatabase(await postgres.createDatabase());
    closing.push(() => database.close());
    const sent = new WeakMap<QueryId, RootOperationNode>();
    const recorder: KyselyPlugin = {
      transformQuery({ node, queryId }) {
        if (node.kind === 'SelectQueryNode' || node.kind === 'RawNode') sent.set(queryId, node);
        return node;
      },
      // Parts of a query are transformed too: what has a result was sent.
      async transformResult({ queryId, result }) {
        const node = sent.get(queryId);
        if (isRecording && node) asked.push(database.kysely.getExecutor().compileQuery(node, queryId));
        return result;
      },
    };
    service = createSessionService({
      database: { ...database, kysely: database.kysely.withPlugin(recorder) },
      operatorKey,
      publicUrl: 'http://session.test',
      now: () => 1_735_000_000_000,
      timer: () => () => {},
    });
    await service.start();
    closing.push(() => service.close());
    const server = await serve(service, { port: 0 });
    closing.push(() => server.close());
    url = server.url;
    await database.unhurried(async (kysely) => {
      for (const statement of content) await sql.raw(statement).execute(kysely);
      await foldFigures(kysely);
      await sql`analyze`.execute(kysely);
    });
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  let isRecording = false;
  /** Asks as the operator; what was asked of the database meanwhile stands in `asked`. */
  const read = async (target: string) => {
    asked.length = 0;
    isRecording = true;
    const response = await fetch(url + target, { headers: { Authorization: `Bearer ${operatorKey}` } });
    isRecording = false;
    return { status: response.status, body: (await response.json()) as { next_cursor?: string | null } };
  };

  const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  async function planOf({ sql: text, parameters }: CompiledQuery): Promise<PlanNode[]> {
    const explained = await database.kysely.executeQuery<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
      ...sql`select`.compile(database.kysely),
      sql: `explain (analyze, format json) ${text}`,
      parameters,
    });
    return nodesOf(explained.rows[0]!['QUERY PLAN'][0].Plan);
  }

  /** Fails where a large table is read from end to end, or more of any than a page is worth. */
  async function assertCheap(target: string, most: number): Promise<void> {
    const sizes = await sizesOf(database);
    assert.ok(asked.length > 0, `${target} asks the database`);
    for (const query of [...asked]) {
      for (const node of await planOf(query)) {
        const table = node['Relation Name'];
        const isLarge = table !== undefined && (sizes.get(table) ?? 0) > largeTable;
        assert.ok(
          !isLarge || node['Node Type'] !== 'Seq Scan',
          `${target} reads all of ${table}:\n${query.sql}`,
        );
        const passedOver =
          (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
        const looked = (node['Actual Rows'] + passedOver) * node['Actual Loops'];
        assert.ok(looked <= most, `${target} looks at ${looked} rows of ${table}:\n${query.sql}`);
      }
    }
  }

  const fillIn = (path: string) => {
    const [start] = Object.entries(ids).find(([prefix]) => path.startsWith(prefix)) ?? [];
    assert.ok(start, `name an id for ${path}`);
    return path.replace('{id}', ids[start]!);
  };

  test('each, by each filter, the first page and one far down', async () => {
    const operations = (await readOperations({ call: callerOf(url) })).filter(
      ({ method, parameters }) => method === 'GET' && parameters.some(({ name }) => name === 'cursor'),
    );
    assert.ok(operations.length >= 8, 'there are lists');
    for (const { path, parameters } of operations) {
      const target = path.includes('{') ? fillIn(path) : path;
      const queries = parameters
        .filter(({ in: place, name }) => place === 'query' && name !== 'cursor')
        .flatMap((parameter) => valuesOf(parameter, path).map((value) => `${parameter.name}=${value}`));
      for (const query of ['', ...queries, ...pairsOf(queries)]) {
        const first = await read(`${target}?${query}`);
        assert.equal(first.status, 200, `${target}?${query}: ${JSON.stringify(first.body)}`);
        await assertCheap(`${target}?${query}`, rowsOfPage);
        if (!first.body.next_cursor) continue;
        const far = Buffer.from(`${farDown(path)}`).toString('base64url');
        const second = await read(`${target}?${query}&cursor=${far}`);
        assert.equal(second.status, 200, `${target}?${query}&cursor=${far}`);
        await assertCheap(`${target}?${query}&cursor=`, rowsOfPage);
      }
    }
  });

  test('the figures of a provider', async () => {
    assert.equal((await read('/api/v1/providers/p1/stats')).status, 200);
    // Its live sessions, which never are many, are counted.
    await assertCheap('/api/v1/providers/p1/stats', rows / 50);
    assert.equal((await read('/api/v1/providers/p1/attention')).status, 200);
    await assertCheap('/api/v1/providers/p1/attention', rowsOfPage);
    const days = '/api/v1/providers/p1/analytics?from=2024-01-01&to=2024-01-31';
    for (const query of ['', '&application_id=a1', '&interval=hour']) {
      assert.equal((await read(days + query)).status, 200);
      // A month and the one before, by quarters of an hour.
      await assertCheap(days + query, 4 * 62 * 96);
    }
  });
});

function valuesOf({ name, schema }: Operation['parameters'][number], path: string): string[] {
  const known = filters[name];
  assert.ok(known, `give a value for ${name} of ${path}`);
  return schema.enum ? known.filter((value) => schema.enum!.includes(value)) : known;
}

/** Two filters at once, each with each. */
function pairsOf(queries: readonly string[]): string[] {
  const nameOf = (query: string) => query.split('=')[0];
  return queries.flatMap((one, index) =>
    queries
      .slice(index + 1)
      .filter((other) => nameOf(one) !== nameOf(other))
      .map((other) => `${one}&${other}`),
  );
}

/** A place in the middle of the list. */
function farDown(path: string): string {
  if (/\/(entries|notifications|timeline)$/.test(path)) return '2500 2500';
  if (/\/(customers|plans|subscriptions|helpers|help-\w+)$/.test(path)) return '5000 c5000';
  if (/applications$|providers$/.test(path)) return '0 a1';
  return path.endsWith('/sessions') ? '1715000000000 s100000' : '100000 e100000';
}

async function sizesOf({ kysely }: Database): Promise<Map<string, number>> {
  const { rows: tables } = await sql<{ name: string; size: number }>`
    select relname as name, reltuples::bigint as size from pg_class where relkind in ('r', 'p')`.execute(
    kysely,
  );
  return new Map(tables.map(({ name, size }) => [name, size]));
}
