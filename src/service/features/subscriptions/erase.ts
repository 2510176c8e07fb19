import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { ending } from './advance.js';
import { writeSubscriptions } from './write.js';

/** Ends the subscriptions of a customer who is being erased, and is locked. */
export async function endSubscriptions(
  context: ServiceContext,
  trx: Transaction<Tables>,
  customerId: string,
): Promise<void> {
  const now = context.now();
  const live = await trx
    .selectFrom('subscriptions')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('status', '<>', 'canceled')
    .orderBy('id')
    .forUpdate()
    .execute();
  await writeSubscriptions(
    context,
    trx,
    live.map((subscription) => ending(subscription, now)),
    now,
  );
}

/** Gives the subscriptions of a customer to the name that takes his place. */
export async function renameSubscriptions(
  trx: Transaction<Tables>,
  customerId: string,
  name: string,
): Promise<void> {
  await trx
    .updateTable('subscriptions')
    .set({ customer_id: name, metadata: '{}' })
    .where('customer_id', '=', customerId)
    .execute();
}
