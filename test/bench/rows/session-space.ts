// What a session takes in the database: sold, and after its end.
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../../src/service/index.js';
import { expectOk } from '../../service/fixtures.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import type { Benchmark } from '../harness/measurement.js';

const wholeSessions = 3_000;
/** Sold and ended before anything is measured: tables and indexes have their first pages then. */
const warmUpSessions = 300;
const workers = 8;

export const sessionSpace: Benchmark = {
  name: 'session-space',
  async measure({ note, sized }) {
    const sessions = sized(wholeSessions);
    const service = await startBenchService();
    const database = await openDatabase({ databaseUrl: service.databaseUrl });
    try {
      const { id, secretKey } = await service.createApplication();
      const customers = await Promise.all(
        Array.from({ length: workers }, () => service.createCustomer(10_000_000)),
      );
      const application = { id, secretKey };
      const sell = (count: number) =>
        inParallel(count, async (worker) => {
          const { session } = await service.createSession(application, customers[worker]!);
          return session.id;
        });
      await endAll(service, await sell(sized(warmUpSessions)));
      const before = await sizeOf(database);
      note(`${sessions} sessions are sold`);
      const sold = await sell(sessions);
      const live = await sizeOf(database);
      note(`${sessions} sessions are ended`);
      await endAll(service, sold);
      const ended = await sizeOf(database);
      const row = (what: string, bytes: number) => ({
        name: `session space: ${what}`,
        value: bytes / sessions / 1000,
        unit: 'kB',
        target: null,
      });
      return [
        row('a live session', live.all - before.all),
        row('one that has ended', ended.all - before.all),
        row('of it kept for a day only (idempotency)', ended.forADay - before.forADay),
        row('of it kept for 400 days only (audit)', ended.for400Days - before.for400Days),
      ];
    } finally {
      await database.close();
      await service.stop();
    }
  },
};

async function inParallel<T>(count: number, work: (worker: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let left = count;
  const run = async (worker: number) => {
    while (left-- > 0) results.push(await work(worker));
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
  return results;
}

async function endAll(service: BenchService, ids: string[]): Promise<void> {
  await inParallel(ids.length, async () => {
    expectOk(await service.call('POST', `/api/v1/sessions/${ids.pop()!}/end`));
  });
}

interface Sizes {
  /** Bytes, with indexes. */
  all: number;
  forADay: number;
  for400Days: number;
}

async function sizeOf({ kysely }: Database): Promise<Sizes> {
  // Room that can be used again is used again.
  await sql`vacuum analyze`.execute(kysely);
  const { rows } = await sql<Sizes>`
    select sum(pg_total_relation_size(oid))::bigint as "all",
      pg_total_relation_size('idempotency_keys') as "forADay",
      pg_total_relation_size('audit_entries') as "for400Days"
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(kysely);
  return rows[0]!;
}
