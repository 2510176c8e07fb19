import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import { backoffMs, type Backoff } from './backoff.js';
import type { ServiceContext } from '../context.js';
import { failureText } from '../database/failures.js';
import type { Tables } from '../database/schema.js';
import { openException } from '../exceptions/open-exception.js';

/** Rows that fall due, and what is done to them then. */
export interface DueRows {
  /** What it is called in `failed_work`, in metrics and in the log. */
  work: string;
  table: keyof Tables;
  id: string;
  dueAt: string;
}

const retries: Backoff = { firstMs: 1_000, factor: 2, lastMs: 3_600_000 };

/** What has failed so often in a row is looked at by a person. */
const attemptsUntilException = 5;

/** Keeps that the work on one row failed by itself: it is left out until its next try. */
export async function noteFailure(
  context: ServiceContext,
  work: string,
  subject: string,
  error: unknown,
): Promise<void> {
  const lastError = failureText(error);
  const attempts = await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const failure = { attempts: 1, failed_at: now, last_error: lastError };
    const noted = await trx
      .insertInto('failed_work')
      .values({ work, subject, ...failure, failed_since: now, retry_at: now + backoffMs(retries, 1) })
      .onConflict((conflict) =>
        conflict
          .columns(['work', 'subject'])
          .doUpdateSet({ ...failure, attempts: sql`failed_work.attempts + 1` })
          // Several that have tried at the same time have tried once.
          .where('failed_work.retry_at', '<=', now),
      )
      .returning('attempts')
      .executeTakeFirst();
    if (noted && noted.attempts > 1)
      await trx
        .updateTable('failed_work')
        .set({ retry_at: now + backoffMs(retries, noted.attempts) })
        .where('work', '=', work)
        .where('subject', '=', subject)
        .execute();
    if (noted?.attempts === attemptsUntilException)
      await openException(
        context,
        trx,
        { kind: 'job_failed', subject: `${work}:${subject}`, detail: `It fails alone: ${lastError}` },
        now,
      );
    return noted?.attempts;
  });
  if (attempts === undefined) return;
  context.metrics.workFailed(work);
  context.logger.error('work on one row failed and will be tried again', {
    work,
    subject,
    attempts,
    error: lastError,
  });
}

/** To be called with the rows that are done, in their transaction. */
export async function forgetFailures(
  db: Kysely<Tables>,
  work: string,
  subjects: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('failed_work')
    .where('work', '=', work)
    .where(sql<boolean>`subject = any(${subjects}::text[])`)
    .execute();
}

/** Whether a row has not failed, or is to be tried again by now. */
export const isToBeTried = ({ work, table, id }: DueRows, now: number): RawBuilder<boolean> =>
  sql<boolean>`not exists (select from failed_work where work = ${work}
    and subject = ${sql.ref(`${table}.${id}`)}::text and retry_at > ${now}::bigint)`;

/**
 * When the first of the rows falls due, or the first of those that failed is to be tried again; null where none waits.
 * @param condition which of them count.
 */
export async function earliestDue(
  db: Kysely<Tables> | Transaction<Tables>,
  { work, table, id, dueAt }: DueRows,
  condition: RawBuilder<boolean> = sql<boolean>`true`,
): Promise<number | null> {
  const from = sql.table(table);
  const [subject, due] = [sql.ref(`${table}.${id}`), sql.ref(`${table}.${dueAt}`)];
  const { rows } = await sql<{ next: number | null }>`
    select least(
      (select ${due} from ${from} where ${due} is not null and ${condition}
        and not exists (select from failed_work where work = ${work} and subject = ${subject})
        order by ${due} limit 1),
      (select min(greatest(${due}, retry_at)) from failed_work join ${from} on ${subject} = subject
        where work = ${work} and ${due} is not null and ${condition})
    ) as next`.execute(db);
  return rows[0]!.next;
}

/** How many rows fail, by the work on them. */
export async function countFailedWork(db: Kysely<Tables>): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('failed_work')
    .select(({ fn }) => ['work', fn.countAll<number>().as('count')])
    .groupBy('work')
    .execute();
  return new Map(rows.map(({ work, count }) => [work, count]));
}
