import { sql, type RawBuilder } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { doBatch, type DueBatch } from '../../foundation/jobs/due-batch.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { isToBeTried } from '../../foundation/jobs/failed-work.js';
import { lockFigures } from './lock-figures.js';

/** How long changes stand by themselves, ms: figures are read with them, and a few thousand cost a read nothing. */
const foldEveryMs = 10_000;
const foldedAtOnce = 20_000;

/** Adds up the changes of the figures, so that reading them stays as quick as it is. */
export function figureFolding(context: ServiceContext): DueWork {
  let nextAt = 0;
  return {
    name: 'folding of figures',
    workers: 1,
    async doNext() {
      const now = context.now();
      if (now < nextAt) return false;
      const folded = [];
      for (const changes of allChanges) folded.push(await doBatch(context, changes));
      const isMore = folded.some(({ done }) => done.length === foldedAtOnce);
      if (!isMore) nextAt = now + foldEveryMs;
      return isMore;
    },
    earliest: async () => nextAt,
  };
}

/**
 * Changes to be moved into the figures, as many as a short transaction bears.
 * @param fold what becomes of the rows that the query before it has taken away.
 */
function changesOf(
  table: 'session_figure_changes' | 'money_figure_changes' | 'figure_count_changes',
  fold: RawBuilder<unknown>,
): DueBatch<{ id: number }> {
  const rows = { work: table, table, id: 'id', dueAt: 'slot_at' } as const;
  return {
    rows,
    idOf: ({ id }) => String(id),
    async claim(trx, now, among) {
      if (!(await lockFigures(trx))) return [];
      return trx
        .selectFrom(table)
        .select('id')
        .where(isToBeTried(rows, now))
        .$if(among !== undefined, (query) => query.where(sql<boolean>`id = any(${among}::bigint[])`))
        .orderBy('id')
        .limit(foldedAtOnce)
        .execute();
    },
    async work(trx, claimed) {
      const ids = claimed.map(({ id }) => id);
      await sql`
        with taken as (delete from ${sql.table(table)} where id = any(${ids}::bigint[]) returning *), ${fold}
        select from taken limit 1`.execute(trx);
    },
  };
}

const sessionChanges = changesOf(
  'session_figure_changes',
  sql`
      folded as (
        insert into session_figures as known
          (application_id, slot_at, sold, new_customers, completed, expired, cancelled, tokens_earned, seconds_used)
        select application_id, slot_at, sum(sold), sum(new_customers), sum(completed), sum(expired), sum(cancelled),
          sum(tokens_earned), sum(seconds_used)
        from taken group by application_id, slot_at
        on conflict (application_id, slot_at) do update set
          sold = known.sold + excluded.sold,
          new_customers = known.new_customers + excluded.new_customers,
          completed = known.completed + excluded.completed,
          expired = known.expired + excluded.expired,
          cancelled = known.cancelled + excluded.cancelled,
          tokens_earned = known.tokens_earned + excluded.tokens_earned,
          seconds_used = known.seconds_used + excluded.seconds_used
      ), summed as (
        insert into session_totals as known
          (application_id, new_customers, completed, expired, cancelled, tokens_earned, seconds_used)
        select application_id, sum(new_customers), sum(completed), sum(expired), sum(cancelled),
          sum(tokens_earned), sum(seconds_used)
        from taken group by application_id
        on conflict (application_id) do update set
          new_customers = known.new_customers + excluded.new_customers,
          completed = known.completed + excluded.completed,
          expired = known.expired + excluded.expired,
          cancelled = known.cancelled + excluded.cancelled,
          tokens_earned = known.tokens_earned + excluded.tokens_earned,
          seconds_used = known.seconds_used + excluded.seconds_used
      )`,
);

const moneyChanges = changesOf(
  'money_figure_changes',
  sql`
      folded as (
        insert into money_figures as known (account, currency, slot_at, amount)
        select account, currency, slot_at, sum(amount) from taken group by account, currency, slot_at
        on conflict (account, currency, slot_at) do update set amount = known.amount + excluded.amount
      ), summed as (
        insert into money_totals as known (account, currency, amount)
        select account, currency, sum(amount) from taken group by account, currency
        on conflict (account, currency) do update set amount = known.amount + excluded.amount
      )`,
);

const countChanges = changesOf(
  'figure_count_changes',
  sql`
      folded as (
        insert into figure_counts as known (subject, name, currency, bucket, slot_at, amount)
        select subject, name, currency, bucket, slot_at, sum(amount) from taken group by 1, 2, 3, 4, 5
        on conflict (subject, name, slot_at, currency, bucket) do update set amount = known.amount + excluded.amount
      )`,
);

/** All that is folded. */
export const allChanges = [sessionChanges, moneyChanges, countChanges];
