import { sql, type RawBuilder, type Transaction } from 'kysely';
import { environments } from '../../../protocol/environments.js';
import type { FigureCountsTable, FigureName, Tables } from '../../foundation/database/schema.js';
import { salesAccount } from '../../foundation/ledger/money-ledger.js';
import { isOwnApplication, providerSubject } from './figure-owner.js';

/** Makes the figures of an application anew, from its sessions. */
export async function recountSessions(trx: Transaction<Tables>, applicationId: string): Promise<void> {
  const { mode } = await trx
    .selectFrom('applications')
    .select('mode')
    .where('id', '=', applicationId)
    .executeTakeFirstOrThrow();
  const customers = sql.table(mode === 'test' ? 'test_customers' : 'provider_customers');
  for (const table of ['session_figures', 'session_totals', 'session_figure_changes'] as const)
    await trx.deleteFrom(table).where('application_id', '=', applicationId).execute();
  await sql`
    insert into ${customers} (provider_id, customer_id, application_id, since_at)
    select applications.provider_id, sessions.user_id, applications.id, min(sessions.created_at)
    from sessions join applications on applications.id = sessions.application_id
    where sessions.application_id = ${applicationId}
    group by 1, 2, 3
    on conflict do nothing`.execute(trx);
  await sql`
    insert into session_figures
      (application_id, slot_at, sold, new_customers, completed, expired, cancelled, tokens_earned, seconds_used)
    select ${applicationId}, slot_at, sum(sold), sum(new_customers), sum(completed), sum(expired), sum(cancelled),
      sum(tokens_earned), sum(seconds_used)
    from (
      select figure_slot(created_at) as slot_at, count(*) as sold, 0 as new_customers, 0 as completed,
        0 as expired, 0 as cancelled, 0 as tokens_earned, 0 as seconds_used
      from sessions where application_id = ${applicationId} group by 1
      union all
      select figure_slot(since_at), 0, count(*), 0, 0, 0, 0, 0
      from ${customers} where application_id = ${applicationId} group by 1
      union all
      select figure_slot(ended_at), 0, 0, count(*) filter (where status = 'completed'),
        count(*) filter (where status = 'expired'), count(*) filter (where status = 'cancelled'),
        coalesce(sum(final_cost), 0), coalesce(sum(used_seconds), 0)
      from sessions where application_id = ${applicationId} and ended_at is not null group by 1
    ) as counted
    group by slot_at`.execute(trx);
  await sql`
    insert into session_totals
      (application_id, new_customers, completed, expired, cancelled, tokens_earned, seconds_used)
    select application_id, sum(new_customers), sum(completed), sum(expired), sum(cancelled),
      sum(tokens_earned), sum(seconds_used)
    from session_figures where application_id = ${applicationId}
    group by application_id`.execute(trx);
}

/** Makes the figures of what a provider earned anew, from the money ledger. */
export async function recountMoney(trx: Transaction<Tables>, providerId: string): Promise<void> {
  const account = salesAccount(providerId);
  for (const table of ['money_figures', 'money_totals', 'money_figure_changes'] as const)
    await trx.deleteFrom(table).where('account', '=', account).execute();
  await sql`
    insert into money_figures (account, currency, slot_at, amount)
    select account, currency, figure_slot(created_at), sum(amount)
    from money_entries join money_transactions on money_transactions.id = money_entries.transaction_id
    where account = ${account}
    group by 1, 2, 3`.execute(trx);
  await sql`
    insert into money_totals (account, currency, amount)
    select account, currency, sum(amount) from money_figures where account = ${account} group by 1, 2`.execute(
    trx,
  );
}

/** Counts of an application that events tell of are kept as they are where the events have gone (see retention). */
const countedOfEvents: FigureName[] = ['warnings', 'warnings_answered'];

/** Makes anew what else is counted of an application. */
export async function recountApplication(trx: Transaction<Tables>, applicationId: string): Promise<void> {
  const subject = `application:${applicationId}` as const;
  const { rows } = await sql<{ since: number }>`
    select coalesce(figure_slot(min(created_at)) + 900000, 0) as since from events
    where id = (select min(id) from events)`.execute(trx);
  const since = rows[0]!.since;
  for (const table of ['figure_counts', 'figure_count_changes'] as const)
    await trx
      .deleteFrom(table)
      .where('subject', '=', subject)
      .where(({ or, eb }) => or([eb('name', 'not in', countedOfEvents), eb('slot_at', '>=', since)]))
      .execute();
  await sql`
    with own as (select * from sessions where application_id = ${applicationId}),
    told as (
      select session_id, type, created_at, lag(type) over (partition by session_id order by id) as before
      from events
      where session_id in (select id from own) and type in ('session.warning', 'session.extended')
    )
    insert into figure_counts (subject, name, currency, slot_at, amount)
    select ${subject}, name, currency, slot_at, sum(amount)
    from (
      select 'extensions' as name, '' as currency, figure_slot(extensions.created_at) as slot_at, 1 as amount
      from extensions join own on own.id = session_id
      union all
      select 'extended_seconds', '', figure_slot(extensions.created_at), additional_seconds
      from extensions join own on own.id = session_id
      union all
      select 'warnings', '', figure_slot(created_at), 1 from told
      where type = 'session.warning' and figure_slot(created_at) >= ${since}::bigint
      union all
      select 'warnings_answered', '', figure_slot(told.created_at), 1
      from told join extensions on extensions.session_id = told.session_id and extensions.created_at = told.created_at
      where type = 'session.extended' and before = 'session.warning' and figure_slot(told.created_at) >= ${since}::bigint
      union all
      select 'tokens_returned', '', figure_slot(ended_at), tokens_refunded from own where tokens_refunded > 0
      union all
      select name, money_transactions.currency, figure_slot(money_transactions.created_at), moved_amount
      from own join checkouts on checkouts.session_id = own.id
        join money_transactions on checkout_id = checkouts.id
        join money_entries on transaction_id = money_transactions.id,
        lateral (values ('money', money_entries.amount), ('money_returned', case when kind <> 'payment' then -money_entries.amount end))
          as moved (name, moved_amount)
      where account like 'sales:%' and moved_amount is not null
    ) as counted
    group by name, currency, slot_at`.execute(trx);
  await recountBuyers(trx, subject, sql`application_id = ${applicationId}`);
}

/** Makes anew what is counted of a provider and is no sum over its applications. */
export async function recountProvider(trx: Transaction<Tables>, providerId: string): Promise<void> {
  for (const environment of environments) {
    const subject = providerSubject(providerId, environment);
    for (const table of ['figure_counts', 'figure_count_changes'] as const)
      await trx.deleteFrom(table).where('subject', '=', subject).execute();
    const own = sql`select id from applications where ${isOwnApplication({ providerId, environment })}`;
    await recountBuyers(trx, subject, sql`application_id in (${own})`);
  }
  await sql`
    insert into figure_counts (subject, name, currency, slot_at, amount)
    select ${providerSubject(providerId, 'live')}, 'money_returned', currency, figure_slot(money_transactions.created_at), -sum(amount)
    from money_entries join money_transactions on money_transactions.id = transaction_id
    where account = ${salesAccount(providerId)} and kind <> 'payment'
    group by 3, 4`.execute(trx);
}

/** Tells the customers of a provider's tests apart from the others, since one of its applications turned out to be of tests. */
export async function divideProvider(trx: Transaction<Tables>, providerId: string): Promise<void> {
  const applications = await trx
    .selectFrom('applications')
    .select(['id', 'mode'])
    .where('provider_id', '=', providerId)
    .execute();
  const tests = applications.filter(({ mode }) => mode === 'test').map(({ id }) => id);
  await trx
    .deleteFrom('provider_customers')
    .where(sql<boolean>`application_id = any(${tests}::text[])`)
    .execute();
  for (const { id } of applications) await recountSessions(trx, id);
  await recountProvider(trx, providerId);
}

/** Of each sale, how long before it its customer had bought in the same place. */
async function recountBuyers(
  trx: Transaction<Tables>,
  subject: FigureCountsTable['subject'],
  isOwn: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    insert into figure_counts (subject, name, bucket, slot_at, amount)
    select ${subject}, 'buyers', buyer_bucket(earlier_at, created_at), figure_slot(created_at), count(*)
    from (
      select created_at, lag(created_at) over (partition by user_id order by created_at, id) as earlier_at
      from sessions where ${isOwn}
    ) as sales
    group by 3, 4`.execute(trx);
}
