import { sql } from 'kysely';
import { addDays, datesOf, startOfDay } from '../../../protocol/calendar-days.js';
import type { ServiceContext } from '../../foundation/context.js';
import { ownApplications, type FigureOwner } from '../figures/index.js';
import type { DayRange } from '../providers/index.js';

export interface PageMetric {
  name: string;
  total: number;
  /** In as many days right before. */
  previous: number;
  /** Those on which it was counted, oldest first; `YYYY-MM-DD`. */
  days: { date: string; amount: number }[];
}

/** What the pages of a provider's applications, or of one of them, have counted in a range of days, by name. */
export async function readPageMetrics(
  { kysely }: ServiceContext,
  owner: FigureOwner,
  { from, to, timeZone }: DayRange,
): Promise<PageMetric[]> {
  const dates = datesOf(from, to);
  const spans = [addDays(from, -dates.length), ...dates, addDays(to, 1)];
  const starts = spans.map((date) => startOfDay(date, timeZone));
  const { rows } = await sql<{ name: string; span: number; amount: number }>`
    select name, width_bucket(slot_at, ${starts}::bigint[]) as span, sum(amount) as amount from page_metrics
    where application_id = any(${ownApplications(owner)})
      and slot_at >= ${starts[0]}::bigint and slot_at < ${starts.at(-1)}::bigint
    group by 1, 2 order by 1, 2`.execute(kysely);
  const metrics = new Map<string, PageMetric>();
  for (const { name, span, amount } of rows) {
    const metric = metrics.get(name) ?? { name, total: 0, previous: 0, days: [] };
    metrics.set(name, metric);
    if (span === 1) metric.previous = amount;
    else {
      metric.total += amount;
      metric.days.push({ date: dates[span - 2]!, amount });
    }
  }
  return [...metrics.values()];
}
