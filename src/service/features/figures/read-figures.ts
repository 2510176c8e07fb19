import { sql, type RawBuilder } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { coverSpans, type Cover } from './covering-rows.js';
import { ownSubjects, type FigureOwner } from './figure-owner.js';
import type { MoneyTotal } from './statistics.js';

/** What happened in a span of time. A session counts when it was sold, all that its end brings when it ended. */
export interface Figures {
  sessions: number;
  completed: number;
  expired: number;
  cancelled: number;
  /** Different customers who bought one. */
  users: number;
  revenueTokens: number;
  /** Held for time that was not used, and given back. */
  returnedTokens: number;
  revenueMoney: MoneyTotal[];
  returnedMoney: MoneyTotal[];
  /** Of the sessions that have run and ended. */
  usedSeconds: number;
  extensions: number;
  extendedSeconds: number;
  warnings: number;
  /** Followed by an extension before the next one. */
  warningsAnswered: number;
}

/** Of a span in which nothing happened. */
export const noFigures: Figures = {
  sessions: 0,
  completed: 0,
  expired: 0,
  cancelled: 0,
  users: 0,
  revenueTokens: 0,
  returnedTokens: 0,
  revenueMoney: [],
  returnedMoney: [],
  usedSeconds: 0,
  extensions: 0,
  extendedSeconds: 0,
  warnings: 0,
  warningsAnswered: 0,
};

/** Figures that are numbers, by their columns. */
const columns = {
  sessions: 'sold',
  completed: 'completed',
  expired: 'expired',
  cancelled: 'cancelled',
  revenueTokens: 'tokens_earned',
  usedSeconds: 'seconds_used',
  returnedTokens: 'tokens_returned',
  extensions: 'extensions',
  extendedSeconds: 'extended_seconds',
  warnings: 'warnings',
  warningsAnswered: 'warnings_answered',
} as const satisfies Partial<Record<keyof Figures, string>>;

type CountName = keyof typeof columns;
const countNames = Object.keys(columns) as CountName[];

/** The figures of each span between two moments that follow each other, but for their customers. */
export async function readFigures(
  { kysely }: ServiceContext,
  owner: FigureOwner,
  starts: readonly number[],
): Promise<Figures[]> {
  const own = { subjects: ownSubjects(owner), starts };
  const { rows } = await sql<Record<CountName | 'money' | 'returned', number> & SpanRow>`
    select span, currency, ${sql.join(
      countNames.map((name) => sql`sum(${sql.ref(columns[name])})::bigint as ${sql.ref(name)}`),
    )}, sum(money)::bigint as money, sum(money_returned)::bigint as returned
    from (${spanRows(own, [...Object.values(columns), 'money', 'money_returned'])}) as figures
    group by span, currency order by currency`.execute(kysely);
  const spans = starts.slice(1).map((): Figures => ({ ...noFigures, revenueMoney: [], returnedMoney: [] }));
  for (const { span, currency, money, returned, ...counts } of rows) {
    const of = spans[span]!;
    for (const name of countNames) of[name] += counts[name];
    // What came and went back within the span leaves nothing, and is told.
    if (money !== 0 || returned !== 0) of.revenueMoney.push({ currency, amount: money });
    if (returned !== 0) of.returnedMoney.push({ currency, amount: returned });
  }
  return spans;
}

interface SpanRow {
  /** From 0 on: spans are not all of one length, but all begin with a quarter of an hour. */
  span: number;
  currency: string;
}

/** Rows whose sums by `span` are what happened in it: of the fewest roll-ups, and of the changes that are in none yet. */
export function spanRows(
  { subjects, starts }: { subjects: RawBuilder<unknown>; starts: readonly number[] },
  names: readonly string[],
): RawBuilder<unknown> {
  const cover = coverSpans(starts);
  // `offset 0` keeps it at one look into the index for each: the planner expects more rows there, and would go through all.
  const of = (part: keyof Cover, type: string) => sql`${cover.map((each) => each[part])}::${sql.raw(type)}[]`;
  return sql`
    select span, currency, ${sql.join(names.map((name) => sql`sign * ${sql.ref(name)} as ${sql.ref(name)}`))}
    from unnest(${of('quarters', 'smallint')}, ${of('from', 'bigint')}, ${of('to', 'bigint')}, ${of('added', 'int')},
        ${of('taken', 'int')}) as cover (quarters, from_at, to_at, added, taken)
      cross join unnest(${subjects}) as own (subject)
      cross join lateral (
        select * from figure_rollups
        where figure_rollups.subject = own.subject and figure_rollups.quarters = cover.quarters
          and slot_at >= from_at and slot_at < to_at
        offset 0
      ) as rollups
      join lateral (values (added, 1), (taken, -1)) as spans (span, sign) on span is not null
    union all
    select ${spanOf(starts)}, currency, ${sql.join(names.map((name) => sql.ref(name)))}
    from figure_changes where subject = any(${subjects}) and ${within(starts)}`;
}

const spanOf = (starts: readonly number[]) => sql<number>`width_bucket(slot_at, ${starts}::bigint[]) - 1`;

export const within = (starts: readonly number[]) =>
  sql`slot_at >= ${starts[0]}::bigint and slot_at < ${starts.at(-1)}::bigint`;
