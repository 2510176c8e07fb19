import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Tables } from '../../foundation/database/schema.js';
import { salesAccount } from '../../foundation/ledger/money-ledger.js';

/** Somebody else changed what this transaction has read (40001), waited for it (40P01), or folded meanwhile (23505). */
const retryCodes = ['40001', '40P01', '23505'];
const retryDelayMs = 100;

/**
 * Counts what was there before figures were kept, each application and each provider by itself, while all instances go on
 * selling and ending sessions: a transaction sees the sessions and the changes of one moment, and replaces all of these by
 * what all of those come to. What happens later stands in later changes.
 * @param kysely where a statement may take its time.
 * @param signal ends it between two of them.
 */
export async function countEarlier(kysely: Kysely<Tables>, signal?: AbortSignal): Promise<void> {
  while (await countNext(kysely)) signal?.throwIfAborted();
}

/** @returns whether there was anything to count. */
async function countNext(kysely: Kysely<Tables>): Promise<boolean> {
  for (;;) {
    try {
      return await kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (trx) => {
          const next = await trx
            .selectFrom('uncounted_figures')
            .selectAll()
            .orderBy('kind')
            .orderBy('id')
            .limit(1)
            .forUpdate()
            .executeTakeFirst();
          if (!next) return false;
          await (next.kind === 'sessions' ? recountSessions : recountMoney)(trx, next.id);
          await trx
            .deleteFrom('uncounted_figures')
            .where('kind', '=', next.kind)
            .where('id', '=', next.id)
            .execute();
          return true;
        });
    } catch (error) {
      if (!retryCodes.includes(String((error as { code?: string }).code))) throw error;
      await sleep(retryDelayMs);
    }
  }
}

/** Makes the figures of an application anew, from its sessions. */
export async function recountSessions(trx: Transaction<Tables>, applicationId: string): Promise<void> {
  for (const table of ['session_figures', 'session_totals', 'session_figure_changes'] as const)
    await trx.deleteFrom(table).where('application_id', '=', applicationId).execute();
  await sql`
    insert into provider_customers (provider_id, customer_id, application_id, since_at)
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
      from provider_customers where application_id = ${applicationId} group by 1
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
