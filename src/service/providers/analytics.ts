import { sql } from 'kysely';
import type { ServiceContext } from '../context.js';
import { salesAccount } from '../payments/money-ledger.js';
import { addDays, dateOf, startOfDay } from './days.js';
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
  // The number of the day, from 1 on: days are not all of one length.
  const dayOf = (column: string) => sql<number>`width_bucket(${sql.ref(column)}, ${starts}::bigint[])`;
  const sessions = kysely
    .selectFrom('sessions')
    .innerJoin('applications', 'applications.id', 'sessions.application_id')
    .where('applications.provider_id', '=', providerId);

  const sold = await sessions
    .where('sessions.created_at', '>=', start)
    .where('sessions.created_at', '<', end)
    .select([
      dayOf('sessions.created_at').as('day'),
      sql<number>`count(*)`.as('sessions'),
      sql<number>`count(distinct user_id)`.as('users'),
    ])
    .groupBy('day')
    .execute();
  const ended = await sessions
    .where('sessions.ended_at', '>=', start)
    .where('sessions.ended_at', '<', end)
    .select([dayOf('sessions.ended_at').as('day'), sql<number>`sum(final_cost)::bigint`.as('revenue')])
    .groupBy('day')
    .execute();
  const money = await kysely
    .selectFrom('money_entries')
    .innerJoin('money_transactions', 'money_transactions.id', 'money_entries.transaction_id')
    .where('account', '=', salesAccount(providerId))
    .where('money_transactions.created_at', '>=', start)
    .where('money_transactions.created_at', '<', end)
    .select([
      dayOf('money_transactions.created_at').as('day'),
      'currency',
      sql<number>`sum(amount)::bigint`.as('amount'),
    ])
    .groupBy(['day', 'currency'])
    .orderBy('currency')
    .execute();

  return dates.map((date, index) => {
    const ofDay = <T extends { day: number }>(rows: T[]) => rows.filter(({ day }) => day === index + 1);
    return {
      date,
      isRunning: date === today,
      sessions: ofDay(sold)[0]?.sessions ?? 0,
      users: ofDay(sold)[0]?.users ?? 0,
      revenueTokens: ofDay(ended)[0]?.revenue ?? 0,
      revenueMoney: ofDay(money).map(({ currency, amount }) => ({ currency, amount })),
    };
  });
}
