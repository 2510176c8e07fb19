import { sql } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { buyersSubject, type FigureOwner } from './figure-owner.js';
import { spanRows, within } from './read-figures.js';

// Each sale keeps how long before it its customer had bought (`buyer_bucket`), to the quarter of an hour up to 25 hours. So many customers
// bought within a span as there are sales of it whose customer had bought nothing in it before.

const quarterMs = 900_000;
const dayMs = 86_400_000;
/** Within which a sale before is known to the quarter of an hour. */
const exactQuarters = 100;

/** An hour, or a day. */
const windows = { 4: 'hour', 96: 'day' } as const;

/**
 * How many different customers bought in each span between two moments that follow each other, each of at most 25 hours: exact.
 *
 * In a window of an hour, or of 24, those whose sale before was longer ago than that are the sum of the quarters. The others bought before
 * in the window, and are counted there, or before it began: those are carried over its beginning. Of what is carried each quarter
 * keeps the change, so that of a year of days only the first one is looked at sale by sale.
 */
export async function countBuyers(
  context: ServiceContext,
  owner: FigureOwner,
  starts: readonly number[],
): Promise<number[]> {
  const lengths = starts.slice(1).map((end, index) => (end - starts[index]!) / quarterMs);
  const quarters = lengths.some((length) => length === 96) ? 96 : 4;
  const [counts, odd] = await Promise.all([
    countWindows(context, owner, starts, quarters),
    // Where the clock was changed.
    Promise.all(
      lengths.map(async (length, index) =>
        length === quarters
          ? undefined
          : (await countRange(context, owner, starts[index]!, starts[index + 1]!)).count,
      ),
    ),
  ]);
  return counts.map((count, index) => odd[index] ?? count);
}

async function countWindows(
  { kysely }: ServiceContext,
  owner: FigureOwner,
  starts: readonly number[],
  quarters: keyof typeof windows,
): Promise<number[]> {
  const [buyers, carried] = [`${windows[quarters]}_buyers`, `${windows[quarters]}_carried`];
  const subject = buyersSubject(owner);
  const start = starts[0]!;
  const ends = start + quarters * quarterMs;
  // Span -1: what is carried over the first beginning.
  const { rows } = await sql<{ span: number; buyers: number; carried: number }>`
    select span, sum(${sql.ref(buyers)})::bigint as buyers, sum(${sql.ref(carried)})::bigint as carried
    from (
      ${spanRows({ subjects: sql`array[${subject}]`, starts }, [buyers, carried])}
      union all
      select -1, '', 0, amount from (${allCounts}) as counts
      where subject = ${subject} and name = 'buyers' and slot_at >= ${start}::bigint and slot_at < ${ends}::bigint
        and bucket between 1 and ${quarters - 1} and slot_at - bucket * ${quarterMs}::bigint < ${start}::bigint
    ) as figures
    group by span`.execute(kysely);
  const bySpan = new Map(rows.map((row) => [row.span, row]));
  let over = bySpan.get(-1)?.carried ?? 0;
  return starts.slice(1).map((_, span) => {
    const { buyers = 0, carried = 0 } = bySpan.get(span) ?? {};
    const count = buyers + over;
    over += carried;
    return count;
  });
}

const allCounts = sql`
  select subject, name, bucket, slot_at, amount from figure_counts
  union all
  select subject, name, bucket, slot_at, amount from figure_count_changes`;

export interface Buyers {
  count: number;
  /** So in each span that is no longer than a day. */
  isExact: boolean;
}

/**
 * How many different customers bought between two moments. What lies near the first one, and at the ends, is counted by quarters of an
 * hour; of the days between the sales whose customer had bought more than a day before, as far as that was before the first
 * moment: where that is not known it is the likely share of them.
 */
export async function countRange(
  { kysely }: ServiceContext,
  owner: FigureOwner,
  start: number,
  end: number,
): Promise<Buyers> {
  const subject = buyersSubject(owner);
  const daysFrom = Math.ceil((start + (exactQuarters + 1) * quarterMs) / dayMs) * dayMs;
  const daysTo = Math.floor(end / dayMs) * dayMs;
  // By quarters alone where no whole day is left.
  const [from, to] = daysFrom < daysTo ? [daysFrom, daysTo] : [end, end];
  const [quarters, days] = await Promise.all([
    sql<{ share: number; amount: number }>`
      select share, sum(amount)::bigint as amount
      from (
        select amount, buyer_share(bucket, slot_at, ${start}::bigint) as share
        from (
          select amount, bucket, slot_at from figure_counts
          where subject = ${subject} and name = 'buyers'
            and (${within([start, from])} or ${within([to, end])})
          union all
          select amount, bucket, slot_at from figure_count_changes
          where subject = ${subject} and name = 'buyers' and ${within([start, end])}
        ) as counts
      ) as shares
      group by share`.execute(kysely),
    sql<{ open: number; amount: number }>`
      select least(${2 * 96 - 1}, greatest(0,
          196 + 96 * (bucket - 101) - (slot_at - ${start}::bigint) / ${quarterMs})) as open,
        sum(amount)::bigint as amount
      from buyer_rollups where subject = ${subject} and ${within([from, to])}
      group by 1`.execute(kysely),
  ]);
  const counts = [
    ...quarters.rows,
    ...days.rows.map(({ open, amount }) => ({ share: shareOfDay(Number(open)), amount })),
  ];
  return {
    count: Math.round(counts.reduce((sum, { share, amount }) => sum + share * amount, 0)),
    isExact: counts.every(({ share }) => share === 0 || share === 1),
  };
}

/**
 * The share of a day's sales whose customers had bought nothing since a moment, where sales and gaps are spread evenly: the mean of
 * `buyer_share` over the quarters of the day.
 * @param open of the first quarter, how many quarters the longest gap reaches beyond that moment: 0 to 191
 */
function shareOfDay(open: number): number {
  let reaching = 0;
  for (let quarter = 0; quarter < 96; quarter += 1) reaching += Math.min(96, Math.max(0, open - quarter));
  return reaching / 96 ** 2;
}
