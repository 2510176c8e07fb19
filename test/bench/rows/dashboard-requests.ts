// How long the requests of a provider's dashboard take beside ten million sessions, to counting the sessions themselves.
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../../src/service/index.js';
import { addDays, dateOf } from '../../../src/protocol/calendar-days.js';
import { expectOk } from '../../service/fixtures.js';
import { startBenchService } from '../harness/bench-service.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { median, percentile } from '../harness/statistics.js';
import { insertYearOfSales, type YearOfSales } from '../harness/year-of-sales.js';

const wholeSessions = 10_000_000;
const rounds = 60;
const warmUpRounds = 3;
/** Counting millions of rows takes seconds. */
const plainRounds = 3;
const targetMs = 100;

export const dashboardRequests: Benchmark = {
  name: 'dashboard-requests',
  async measure({ note, sized }) {
    const service = await startBenchService();
    const database = await openDatabase({ databaseUrl: service.databaseUrl });
    try {
      const sessions = sized(wholeSessions);
      note(`${sessions} sessions are inserted and counted`);
      const sales = await insertYearOfSales(database, sessions);
      const rows: Row[] = [];
      for (const [what, path] of requestsOf(sales)) {
        note(what);
        const took = await timed(sized(rounds), warmUpRounds, async () => {
          expectOk(await service.call('GET', path));
        });
        rows.push(
          { name: `dashboard: ${what}, median`, value: median(took), unit: 'ms', target: targetMs },
          {
            name: `dashboard: ${what}, 95th percentile`,
            value: percentile(took, 0.95),
            unit: 'ms',
            target: null,
          },
        );
      }
      for (const days of spans) {
        note(`sessions of ${days} days, counted`);
        const took = await timed(plainRounds, 1, () => countPlainly(database, sales.providerId, days));
        const figures = rows.find(({ name }) => name === `dashboard: ${figuresOf(days)}, median`)!;
        figures.peer = median(took);
      }
      return rows;
    } finally {
      await database.close();
      await service.stop();
    }
  },
};

const spans = [1, 7, 30, 90, 366];
const figuresOf = (days: number) => `figures of ${days} days`;

/** What the dashboard asks for: as it opens, and by each of its filters. */
function requestsOf({ providerId, applicationId, userId, sessionId }: YearOfSales): [string, string][] {
  const provider = `/api/v1/providers/${providerId}`;
  const today = dateOf(Date.now(), 'Europe/Berlin');
  const since = (days: number) => `from=${addDays(today, 1 - days)}&to=${today}`;
  const seconds = (days: number) => Math.floor((Date.now() - days * 86_400_000) / 1000);
  const list = `${provider}/sessions?from=${seconds(30)}&to=${seconds(-1)}`;
  return [
    ...spans.map((days): [string, string] => [
      figuresOf(days),
      `${provider}/analytics?${since(days)}${days === 1 ? '&interval=hour' : ''}`,
    ]),
    ['figures of 31 days by hour', `${provider}/analytics?${since(31)}&interval=hour`],
    ['figures of 366 days, Kathmandu', `${provider}/analytics?${since(366)}&time_zone=Asia/Kathmandu`],
    ['figures of an application', `${provider}/analytics?${since(30)}&application_id=${applicationId}`],
    ['running now', `${provider}/stats`],
    ['what waits', `${provider}/attention`],
    ['help figures', `${provider}/help-stats?from=${seconds(30)}&to=${seconds(0)}`],
    ['a page of sessions', list],
    ['of one status', `${list}&status=expired`],
    ['of an application', `${list}&application_id=${applicationId}`],
    ['of a customer', `${list}&user_id=${userId}`],
    ['running sessions', `${provider}/sessions?status=active`],
    ['a timeline', `/api/v1/sessions/${sessionId}/timeline?limit=100`],
  ];
}

async function timed(count: number, warmUp: number, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let round = -warmUp; round < count; round += 1) {
    const startedAt = performance.now();
    await work();
    if (round >= 0) took.push(performance.now() - startedAt);
  }
  return took;
}

/** The same from the sessions alone, day by day. */
const countPlainly = ({ unhurried }: Database, providerId: string, days: number) =>
  unhurried((kysely) =>
    sql`
      select created_at / 86400000 as day, count(*), count(distinct user_id), sum(final_cost), sum(used_seconds),
        sum(tokens_refunded)
      from sessions
      where application_id in (select id from applications where provider_id = ${providerId})
        and created_at >= ${Date.now() - days * 86_400_000}::bigint
      group by 1`.execute(kysely),
  );
