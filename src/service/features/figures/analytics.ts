import { sql } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { salesAccount } from '../../foundation/ledger/money-ledger.js';
import { addDays, dateOf, startOfDay } from '../../foundation/calendar-days.js';
import type { MoneyTotal } from './statistics.js';

export interface Day {
  /** `YYYY-MM-DD` */
  date: string;
  /** The day is not over yet: its figures still grow. */
  isRunning: boolean;
  /** Sessions that were sold on that day. */
  sessions: number;
  /** Customers who bought one. */
  users: number;
  /** Tokens that the sessions which ended on that day have cost. */
  revenueTokens: number;
  /** What arrived for extensions on that day, without what went back on it. */
  revenueMoney: MoneyTotal[];
}

export interface DayRange {
  timeZone: string;
  /** The first and the last date, `YYYY-MM-DD`. */
  from: string;
  to: string;
}

/** The figures of a provider day by day, each day of the range, the first one first. */
export async function readDays(
  { kysely, now }: ServiceContext,
  providerId: string,
  { timeZone, from, to }: DayRange,
): Promise<Day[]> {
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  const starts = [...dates, addDays(to, 1)].map((date) => startOfDay(date, timeZone));
  const [start, end] = [starts[0]!, starts.at(-1)!];
  const today = dateOf(now(), timeZone);
  // The number of the day, from 1 on: days are not all of one length, but all begin with a quarter of an hour.
  const dayOf = (column: string) => sql<number>`width_bucket(${sql.ref(column)}, ${starts}::bigint[])`;
  const applications = kysely.selectFrom('applications').select('id').where('provider_id', '=', providerId);

  const { rows: figures } = await sql<{ day: number; sessions: number; revenue: number }>`
    select ${dayOf('slot_at')} as day, sum(sold)::bigint as sessions, sum(tokens_earned)::bigint as revenue
    from (
      select application_id, slot_at, sold, tokens_earned from session_figures
      union all
      select application_id, slot_at, sold, tokens_earned from session_figure_changes
    ) as figures
    where application_id in (${applications}) and slot_at >= ${start} and slot_at < ${end}
    group by 1`.execute(kysely);
  const customers = await kysely
    .selectFrom('sessions')
    .where('application_id', 'in', applications)
    .where('created_at', '>=', start)
    .where('created_at', '<', end)
    .select([dayOf('created_at').as('day'), sql<number>`count(distinct user_id)`.as('users')])
    .groupBy('day')
    .execute();
  const { rows: money } = await sql<{ day: number } & MoneyTotal>`
    select ${dayOf('slot_at')} as day, currency, sum(amount)::bigint as amount
    from (
      select account, currency, slot_at, amount from money_figures
      union all
      select account, currency, slot_at, amount from money_figure_changes
    ) as figures
    where account = ${salesAccount(providerId)} and slot_at >= ${start} and slot_at < ${end}
    group by 1, 2 order by currency`.execute(kysely);

  return dates.map((date, index) => {
    const ofDay = <T extends { day: number }>(rows: T[]) => rows.filter(({ day }) => day === index + 1);
    return {
      date,
      isRunning: date === today,
      sessions: ofDay(figures)[0]?.sessions ?? 0,
      users: ofDay(customers)[0]?.users ?? 0,
      revenueTokens: ofDay(figures)[0]?.revenue ?? 0,
      revenueMoney: ofDay(money).map(({ currency, amount }) => ({ currency, amount })),
    };
  });
}
