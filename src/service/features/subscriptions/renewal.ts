import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { SubscriptionRow, Tables } from '../../foundation/database/schema.js';
import { doBatch } from '../../foundation/jobs/due-batch.js';
import { subscriptionDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';
import { advanceSubscriptions } from './advance.js';

/** Subscriptions that are done in one transaction. */
const batchSize = 100;

const rows: DueRows = {
  work: 'subscription_renewal',
  table: 'subscriptions',
  id: 'id',
  dueAt: 'due_at',
};

/**
 * Begins periods, and ends pauses and subscriptions. Each transaction does one thing for a subscription, so periods that were
 * missed while no instance ran come one after the other, oldest first.
 */
export const subscriptionRenewal = (context: ServiceContext): DueWork => ({
  name: 'renewal of subscriptions',
  channel: subscriptionDueChannel,
  workers: 2,

  async doNext() {
    const { wasAny } = await doBatch(context, {
      rows,
      claim: claimDue,
      idOf: ({ id }) => id,
      work: async (trx, subscriptions, now) =>
        void (await advanceSubscriptions(context, trx, subscriptions, now)),
    });
    return wasAny;
  },

  earliest: () => earliestDue(context.kysely, rows),
});

/**
 * Locks subscriptions that are due, with their customers and wallets, as far as nobody else has them: so a batch never waits,
 * and nobody waits for it in a circle.
 */
function claimDue(
  trx: Transaction<Tables>,
  now: number,
  among?: readonly string[],
): Promise<SubscriptionRow[]> {
  return trx
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .innerJoin('accounts', (join) =>
      join.on('accounts.id', '=', sql<string>`'wallet:' || subscriptions.customer_id`),
    )
    .selectAll('subscriptions')
    .where('subscriptions.due_at', '<=', now)
    .where(isToBeTried(rows, now))
    .$if(among !== undefined, (query) => query.where(sql<boolean>`subscriptions.id = any(${among}::text[])`))
    .orderBy('subscriptions.due_at')
    .limit(batchSize)
    .modifyEnd(
      sql`for update of subscriptions skip locked for key share of customers skip locked
        for no key update of accounts skip locked`,
    )
    .execute();
}
