import { sql, type Kysely } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { FigureCountsTable, FigureName, Tables } from '../../foundation/database/schema.js';
import { salesAccount } from '../../foundation/ledger/money-ledger.js';
import type { MoneyTotal } from './statistics.js';

/** Whose figures: of all applications of a provider, or of one of them. */
export interface FigureOwner {
  providerId: string;
  applicationId?: string | undefined;
}

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

/** The number of the span, from 1 on: spans are not all of one length, but all begin with a quarter of an hour. */
const spanOf = (starts: readonly number[]) => sql<number>`width_bucket(slot_at, ${starts}::bigint[])`;
function bySpan<Row extends { span: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const bySpan = new Map<number, Row[]>();
  for (const row of rows) bySpan.set(row.span, [...(bySpan.get(row.span) ?? []), row]);
  return bySpan;
}

const within = (starts: readonly number[]) =>
  sql`slot_at >= ${starts[0]}::bigint and slot_at < ${starts.at(-1)}::bigint`;

/** The figures of each span between two moments that follow each other, but for their customers. */
export async function readFigures(
  { kysely }: ServiceContext,
  owner: FigureOwner,
  starts: readonly number[],
): Promise<Figures[]> {
  const { applications, subjects } = ownedBy(kysely, owner);
  const ofAll: FigureName[] = [
    'extensions',
    'extended_seconds',
    'warnings',
    'warnings_answered',
    'tokens_returned',
  ];
  const isOwn =
    owner.applicationId === undefined
      ? sql`subject = any(${subjects}) and name = any(${ofAll}::text[])
          or subject = ${`provider:${owner.providerId}`} and name = 'money_returned'`
      : sql`subject = any(${subjects}) and name = any(${[...ofAll, 'money', 'money_returned']}::text[])`;
  const [sessions, counts, money] = await Promise.all([
    sql<SessionSums>`
      select ${spanOf(starts)} as span, sum(sold)::bigint as sessions, sum(completed)::bigint as completed,
        sum(expired)::bigint as expired, sum(cancelled)::bigint as cancelled,
        sum(tokens_earned)::bigint as "revenueTokens", sum(seconds_used)::bigint as "usedSeconds"
      from (
        select application_id, slot_at, sold, completed, expired, cancelled, tokens_earned, seconds_used
        from session_figures
        union all
        select application_id, slot_at, sold, completed, expired, cancelled, tokens_earned, seconds_used
        from session_figure_changes
      ) as figures
      where application_id = any(${applications}) and ${within(starts)}
      group by 1`.execute(kysely),
    sql<CountSum>`
      select ${spanOf(starts)} as span, name, currency, sum(amount)::bigint as amount
      from (${allCounts}) as counts
      where (${isOwn}) and ${within(starts)}
      group by 1, 2, 3 order by currency`.execute(kysely),
    owner.applicationId === undefined
      ? sql<CountSum>`
          select ${spanOf(starts)} as span, 'money' as name, currency, sum(amount)::bigint as amount
          from (
            select account, currency, slot_at, amount from money_figures
            union all
            select account, currency, slot_at, amount from money_figure_changes
          ) as figures
          where account = ${salesAccount(owner.providerId)} and ${within(starts)}
          group by 1, currency order by currency`.execute(kysely)
      : { rows: [] },
  ]);
  const sessionsOf = bySpan(sessions.rows);
  const countsOf = bySpan([...counts.rows, ...money.rows]);
  return starts.slice(1).map((_, index): Figures => {
    const ofSessions = sessionsOf.get(index + 1)?.[0];
    const counted = countsOf.get(index + 1) ?? [];
    const countOf = (name: FigureName) => counted.find((row) => row.name === name)?.amount ?? 0;
    const moneyOf = (name: FigureName) =>
      counted.filter((row) => row.name === name).map(({ currency, amount }) => ({ currency, amount }));
    return {
      sessions: ofSessions?.sessions ?? 0,
      completed: ofSessions?.completed ?? 0,
      expired: ofSessions?.expired ?? 0,
      cancelled: ofSessions?.cancelled ?? 0,
      users: 0,
      revenueTokens: ofSessions?.revenueTokens ?? 0,
      usedSeconds: ofSessions?.usedSeconds ?? 0,
      returnedTokens: countOf('tokens_returned'),
      revenueMoney: moneyOf('money'),
      returnedMoney: moneyOf('money_returned'),
      extensions: countOf('extensions'),
      extendedSeconds: countOf('extended_seconds'),
      warnings: countOf('warnings'),
      warningsAnswered: countOf('warnings_answered'),
    };
  });
}

/** @throws {SessionError} `APPLICATION_NOT_FOUND` where the one that is named is none of the provider. */
export async function checkOwner(
  { kysely }: ServiceContext,
  { providerId, applicationId }: FigureOwner,
): Promise<void> {
  if (applicationId === undefined) return;
  const own = await kysely
    .selectFrom('applications')
    .select('id')
    .where('provider_id', '=', providerId)
    .where('id', '=', applicationId)
    .executeTakeFirst();
  if (!own) throw new SessionError('APPLICATION_NOT_FOUND');
}

/** The applications that count, and the subjects of their counts: of no other provider, whatever was asked for. */
function ownedBy(kysely: Kysely<Tables>, { providerId, applicationId }: FigureOwner) {
  const applications = kysely
    .selectFrom('applications')
    .select('id')
    .where('provider_id', '=', providerId)
    .$if(applicationId !== undefined, (query) => query.where('id', '=', applicationId!));
  // Arrays, which the planner takes into each part of a union and to its index.
  return {
    applications: sql`array(${applications})`,
    subjects: sql`array(select 'application:' || id from (${applications}) as own)`,
  };
}

const allCounts = sql`
  select subject, name, currency, bucket, slot_at, amount from figure_counts
  union all
  select subject, name, currency, bucket, slot_at, amount from figure_count_changes`;

type SessionSums = { span: number } & Pick<
  Figures,
  'sessions' | 'completed' | 'expired' | 'cancelled' | 'revenueTokens' | 'usedSeconds'
>;
type CountSum = { span: number } & Pick<FigureCountsTable, 'name' | 'currency'> & { amount: number };

export interface Buyers {
  count: number;
  /** So in each span that is no longer than a day. */
  isExact: boolean;
}

/** How many different customers bought in each span between two moments that follow each other. */
export async function readBuyers(
  { kysely }: ServiceContext,
  owner: FigureOwner,
  starts: readonly number[],
): Promise<Buyers[]> {
  const subject =
    owner.applicationId === undefined
      ? sql`subject = ${`provider:${owner.providerId}`}`
      : sql`subject = any(${ownedBy(kysely, owner).subjects})`;
  const { rows } = await sql<{ span: number; count: number; isExact: boolean }>`
    select span, round(sum(amount * share))::bigint as count, bool_and(share in (0, 1)) as "isExact"
    from (
      select ${spanOf(starts)} as span, amount,
        buyer_share(bucket, slot_at, (${starts}::bigint[])[${spanOf(starts)}]) as share
      from (${allCounts}) as counts
      where ${subject} and name = 'buyers' and ${within(starts)}
    ) as shares
    group by span`.execute(kysely);
  const buyersOf = bySpan(rows);
  return starts.slice(1).map((_, index) => buyersOf.get(index + 1)?.[0] ?? { count: 0, isExact: true });
}
