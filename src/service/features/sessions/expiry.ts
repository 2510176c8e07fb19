import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { doBatch } from '../../foundation/jobs/due-batch.js';
import { sessionDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';
import { actsAt, advance } from './advance.js';

/** Sessions that are done in one transaction. */
const batchSize = 250;

/** Ends sessions at their deadline and pauses at their end, and warns before. */
export const sessionExpiry = (context: ServiceContext): DueWork =>
  dueSessions(context, 'expiry of sessions', 4, {
    work: 'session_expiry',
    table: 'sessions',
    id: 'id',
    dueAt: 'act_at',
  });

/** Cancels sessions for which nobody came. */
export const waitingExpiry = (context: ServiceContext): DueWork =>
  dueSessions(context, 'end of waiting', 1, {
    work: 'waiting_expiry',
    table: 'sessions',
    id: 'id',
    dueAt: 'waiting_until',
  });

/** The rows of sessions, by the column that says when something is due. */
type DueSessionRows = DueRows & { dueAt: 'act_at' | 'waiting_until' };

function dueSessions(context: ServiceContext, name: string, workers: number, rows: DueSessionRows): DueWork {
  return {
    name,
    channel: sessionDueChannel,
    workers,

    async doNext() {
      const { done, wasAny } = await doBatch(context, {
        rows,
        claim: (trx, now, among) => claimDue(trx, rows, now, among),
        idOf: ({ id }) => id,
        work: async (trx, sessions, now) => void (await advance(context, trx, sessions, now)),
      });
      // It is done when it is committed, and others can see it.
      const doneAt = context.now();
      for (const session of done) context.metrics.dueWorkDone(doneAt - actsAt(session)!);
      return wasAny;
    },

    earliest: () => earliestDue(context.kysely, rows),
  };
}

/**
 * Locks sessions that are due, and their customers' wallets, as far as nobody else has them: so a batch never waits, and
 * nobody waits for it in a circle. What is left out is looked at again soon.
 */
function claimDue(
  trx: Transaction<Tables>,
  rows: DueSessionRows,
  now: number,
  among?: readonly string[],
): Promise<SessionRow[]> {
  return trx
    .selectFrom('sessions')
    .innerJoin('accounts', (join) => join.on('accounts.id', '=', sql<string>`'wallet:' || sessions.user_id`))
    .selectAll('sessions')
    .where(rows.dueAt, '<=', now)
    .where(isToBeTried(rows, now))
    .$if(among !== undefined, (query) => query.where(sql<boolean>`sessions.id = any(${among}::text[])`))
    .orderBy(rows.dueAt)
    .limit(batchSize)
    .modifyEnd(sql`for update of sessions skip locked for no key update of accounts skip locked`)
    .execute();
}
