import { sql } from 'kysely';
import type { SessionStatus } from '../../protocol/session.js';
import type { ServiceContext } from '../context.js';
import { salesAccount } from '../payments/money-ledger.js';

/** An amount of money, in the currency's minor units. */
export interface MoneyTotal {
  currency: string;
  amount: number;
}

export interface Statistics {
  sessionsByStatus: Partial<Record<SessionStatus, number>>;
  /** Customers with at least one session. */
  users: number;
  /** Tokens that the sessions which have ended have cost. */
  revenueTokens: number;
  /** What arrived for extensions, without what went back. */
  revenueMoney: MoneyTotal[];
  /** Of the sessions that have ended, seconds; null where none has. */
  averageUsedSeconds: number | null;
}

/** What all sessions of a provider come to. What has come due a moment ago counts as it stands in the database. */
export async function readStatistics({ kysely }: ServiceContext, providerId: string): Promise<Statistics> {
  const sessions = kysely
    .selectFrom('sessions')
    .innerJoin('applications', 'applications.id', 'sessions.application_id')
    .where('applications.provider_id', '=', providerId);
  const byStatus = await sessions
    .groupBy('status')
    .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
    .execute();
  const totals = await sessions
    .select([
      sql<number>`count(distinct user_id)`.as('users'),
      sql<number>`coalesce(sum(final_cost), 0)::bigint`.as('revenue'),
      sql<number | null>`round(avg(used_seconds))::bigint`.as('average'),
    ])
    .executeTakeFirstOrThrow();
  const revenueMoney = await kysely
    .selectFrom('money_entries')
    .innerJoin('money_transactions', 'money_transactions.id', 'money_entries.transaction_id')
    .where('account', '=', salesAccount(providerId))
    .groupBy('currency')
    .orderBy('currency')
    .select(['currency', sql<number>`sum(amount)::bigint`.as('amount')])
    .execute();
  return {
    sessionsByStatus: Object.fromEntries(byStatus.map(({ status, count }) => [status, count])),
    users: totals.users,
    revenueTokens: totals.revenue,
    revenueMoney,
    averageUsedSeconds: totals.average,
  };
}
