import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { FigureCountsTable, Tables } from '../../foundation/database/schema.js';
import { lockFigures } from './lock-figures.js';
import {
  divideProvider,
  recountApplication,
  recountMoney,
  recountProvider,
  recountSessions,
} from './recount.js';

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
  for (const countNext of [divideNext, countNextFigures, countNextCounts])
    while (await retried(kysely, countNext)) signal?.throwIfAborted();
}

/** Counts everything of a provider anew, beside whatever goes on; of all of them where none is named. */
export async function recountFigures(kysely: Kysely<Tables>, providerId?: string): Promise<void> {
  await markUncounted(kysely, providerId);
  await countEarlier(kysely);
}

async function markUncounted(kysely: Kysely<Tables>, providerId?: string): Promise<void> {
  await kysely.transaction().execute(async (trx) => {
    const providers = trx
      .selectFrom('providers')
      .$if(providerId !== undefined, (query) => query.where('id', '=', providerId!));
    const applications = trx
      .selectFrom('applications')
      .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!));
    await trx
      .insertInto('uncounted_figures')
      .columns(['kind', 'id'])
      .expression(
        applications
          .select([sql.lit<'sessions' | 'money'>('sessions').as('kind'), 'id'])
          .unionAll(providers.select([sql.lit<'sessions' | 'money'>('money').as('kind'), 'id'])),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await trx
      .insertInto('uncounted_figure_counts')
      .columns(['subject'])
      .expression(
        applications
          .select(sql<FigureCountsTable['subject']>`'application:' || id`.as('subject'))
          .unionAll(providers.select(sql<FigureCountsTable['subject']>`'provider:' || id`.as('subject'))),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** @returns whether there was anything to count. */
type CountNext = (trx: Transaction<Tables>) => Promise<boolean>;

async function retried(kysely: Kysely<Tables>, countNext: CountNext): Promise<boolean> {
  for (;;) {
    try {
      const isDone = await kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (trx) => ((await lockFigures(trx)) ? !(await countNext(trx)) : undefined));
      if (isDone !== undefined) return !isDone;
    } catch (error) {
      if (!retryCodes.includes(String((error as { code?: string }).code))) throw error;
    }
    await sleep(retryDelayMs);
  }
}

const divideNext: CountNext = async (trx) => {
  const next = await trx
    .selectFrom('undivided_figures')
    .select('provider_id')
    .orderBy('provider_id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (!next) return false;
  await divideProvider(trx, next.provider_id);
  await trx.deleteFrom('undivided_figures').where('provider_id', '=', next.provider_id).execute();
  return true;
};

const countNextFigures: CountNext = async (trx) => {
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
  await trx.deleteFrom('uncounted_figures').where('kind', '=', next.kind).where('id', '=', next.id).execute();
  return true;
};

const countNextCounts: CountNext = async (trx) => {
  const next = await trx
    .selectFrom('uncounted_figure_counts')
    .select('subject')
    .orderBy('subject')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (!next) return false;
  const [kind, id] = next.subject.split(/:(.*)/s) as [string, string];
  await (kind === 'application' ? recountApplication : recountProvider)(trx, id);
  await trx.deleteFrom('uncounted_figure_counts').where('subject', '=', next.subject).execute();
  return true;
};
