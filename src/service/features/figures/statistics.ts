import { sql, type Kysely } from 'kysely';
import type { SessionStatus } from '../../../protocol/session.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { ownApplications, ownSubjects, type FigureOwner } from './figure-owner.js';

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
  /** Of the sessions that have run and ended, seconds; null where none has. */
  averageUsedSeconds: number | null;
}

/**
 * What all sessions come to, from the totals and the changes that stand beside them. What has come due a
 * moment ago counts as it stands in the database.
 */
export async function readStatistics({ kysely }: ServiceContext, owner: FigureOwner): Promise<Statistics> {
  const { rows } = await sql<EndedTotals>`
    select
      coalesce(sum(completed), 0)::bigint as completed,
      coalesce(sum(expired), 0)::bigint as expired,
      coalesce(sum(cancelled), 0)::bigint as cancelled,
      coalesce(sum(tokens_earned), 0)::bigint as tokens_earned,
      round(sum(seconds_used) / nullif(sum(completed + expired), 0))::bigint as average,
      coalesce(sum(new_customers), 0)::bigint as users
    from (
      select application_id, new_customers, completed, expired, cancelled, tokens_earned, seconds_used
      from session_totals
      union all
      select application_id, new_customers, completed, expired, cancelled, tokens_earned, seconds_used
      from session_figure_changes
    ) as figures
    where application_id = any(${ownApplications(owner)})`.execute(kysely);
  const { completed, expired, cancelled, tokens_earned, average, users } = rows[0]!;
  const { rows: revenueMoney } = await sql<MoneyTotal>`
    select currency, sum(money)::bigint as amount
    from (
      select subject, currency, money from figure_rollups where quarters = 96
      union all
      select subject, currency, money from figure_changes
    ) as figures
    where subject = any(${ownSubjects(owner)}) and currency <> ''
    group by currency order by currency`.execute(kysely);
  return {
    sessionsByStatus: { ...(await countLive(kysely, owner)), completed, expired, cancelled },
    users,
    revenueTokens: tokens_earned,
    revenueMoney,
    averageUsedSeconds: average,
  };
}

interface EndedTotals {
  completed: number;
  expired: number;
  cancelled: number;
  tokens_earned: number;
  average: number | null;
  users: number;
}

/** Sessions that have not ended: of those there are never many, and an index holds them by application and status. */
async function countLive(
  kysely: Kysely<Tables>,
  owner: FigureOwner,
): Promise<Partial<Record<SessionStatus, number>>> {
  const live = await kysely
    .selectFrom('sessions')
    .where(sql<boolean>`application_id = any(${ownApplications(owner)})`)
    .where('sessions.status', 'in', ['waiting', 'active', 'paused'])
    .groupBy('status')
    .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
    .execute();
  return Object.fromEntries(live.map(({ status, count }) => [status, count]));
}
