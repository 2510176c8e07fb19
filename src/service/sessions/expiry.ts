import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../context.js';
import type { SessionRow, Tables } from '../database/schema.js';
import { sessionDueChannel } from '../due-channel.js';
import type { DueWork } from '../due-scheduler.js';
import { advance } from './advance.js';

/** Sessions that are done in one transaction. */
const batchSize = 250;

/** Ends sessions at their deadline and pauses at their end, and warns before. */
export function sessionExpiry(context: ServiceContext): DueWork {
  return {
    name: 'expiry of sessions',
    channel: sessionDueChannel,
    workers: 4,

    async doNext() {
      const sessions = await context.kysely.transaction().execute(async (trx) => {
        const now = context.now();
        const claimed = await claimDue(trx, now);
        await advance(trx, claimed, now);
        return claimed;
      });
      // It is done when it is committed, and others can see it.
      const doneAt = context.now();
      for (const { act_at } of sessions) context.metrics.dueWorkDone(doneAt - act_at!);
      return sessions.length > 0;
    },

    async earliest() {
      const { next } = await context.kysely
        .selectFrom('sessions')
        .select(({ fn }) => fn.min('act_at').as('next'))
        .where('act_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return next;
    },
  };
}

/**
 * Locks sessions that are due, and their customers' wallets, as far as nobody else has them: so a batch never waits, and
 * nobody waits for it in a circle. What is left out is looked at again soon.
 */
function claimDue(trx: Transaction<Tables>, now: number): Promise<SessionRow[]> {
  return trx
    .selectFrom('sessions')
    .innerJoin('accounts', (join) => join.on('accounts.id', '=', sql<string>`'wallet:' || sessions.user_id`))
    .selectAll('sessions')
    .where('act_at', '<=', now)
    .orderBy('act_at')
    .limit(batchSize)
    .modifyEnd(sql`for update of sessions skip locked for no key update of accounts skip locked`)
    .execute();
}
