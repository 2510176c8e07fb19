import { sql, type Kysely, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { WriteBehind } from '../../foundation/write-behind.js';
import type { HeardReport } from '../sessions/index.js';

/** An application has so many names; those that come later are left out. */
export const maxMetricNames = 200;

/** Adds up what pages report. */
export class PageReports {
  readonly #rows: WriteBehind<HeardReport>;

  constructor(context: ServiceContext) {
    this.#rows = new WriteBehind(context, {
      name: 'page report',
      write,
      sessionOf: ({ sessionId }) => sessionId,
    });
  }

  record(report: HeardReport): void {
    this.#rows.record(keyOf(report), report);
  }

  flush(): Promise<void> {
    return this.#rows.flush();
  }
}

const write = (kysely: Kysely<Tables>, reports: readonly HeardReport[]): Promise<void> =>
  kysely.transaction().execute(async (trx) => {
    const isNew = await take(trx, reports);
    const sums = addUp(reports.filter((report) => isNew.has(keyOf(report))));
    if (sums.length) await addTo(trx, sums);
  });

const keyOf = ({ sessionId, page, sequence }: HeardReport) => [sessionId, page, sequence].join(' ');

/** The keys of those that were not there before. */
async function take(trx: Transaction<Tables>, reports: readonly HeardReport[]): Promise<Set<string>> {
  const news = JSON.stringify(
    reports.map(({ sessionId, page, sequence, heardAt }) => ({ sessionId, page, sequence, heardAt })),
  );
  const { rows } = await sql<{ key: string }>`
    insert into page_reports (session_id, page, sequence, reported_at)
    select "sessionId", page, sequence, "heardAt"
    from jsonb_to_recordset(${news}::jsonb) as news("sessionId" text, page text, sequence int, "heardAt" bigint)
    order by 1, 2, 3
    on conflict do nothing
    returning concat_ws(' ', session_id, page, sequence) as key`.execute(trx);
  return new Set(rows.map(({ key }) => key));
}

interface Sum {
  application: string;
  name: string;
  slot: number;
  amount: number;
}

const slotMs = 900_000;

/** By application, quarter of an hour and name. */
function addUp(reports: readonly HeardReport[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const { applicationId: application, heardAt, counts } of reports)
    for (const [name, amount] of Object.entries(counts)) {
      const slot = heardAt - (heardAt % slotMs);
      const key = [application, slot, name].join(' ');
      const sum = sums.get(key);
      if (sum) sum.amount += amount;
      else sums.set(key, { application, name, slot, amount });
    }
  return [...sums.values()];
}

/** Rows are locked in one order by all instances. */
async function addTo(trx: Transaction<Tables>, sums: readonly Sum[]): Promise<void> {
  const news = sql`
    jsonb_to_recordset(${JSON.stringify(sums)}::jsonb)
      as news(application text, name text, slot bigint, amount float8)`;
  await sql`
    insert into page_metric_names (application_id, name)
    select application, name from (
      select application, name, row_number() over (partition by application order by name) + (
        select count(*) from page_metric_names where application_id = application) as place
      from (select distinct application, name from ${news}) as named
      where not exists (
        select from page_metric_names known where known.application_id = application and known.name = named.name)
    ) as placed
    where place <= ${maxMetricNames}
    order by 1, 2
    on conflict do nothing`.execute(trx);
  await sql`
    insert into page_metrics as known (application_id, slot_at, name, amount)
    select application, slot, name, amount
    from ${news} join page_metric_names using (name)
    where application_id = application
    order by 1, 2, 3
    on conflict (application_id, slot_at, name) do update set amount = known.amount + excluded.amount`.execute(
    trx,
  );
}
