import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { changeSome } from '../../foundation/housekeeping/some-rows.js';
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

/** Gives subscriptions of a customer to the name that takes his place, so many at most. @returns how many. */
export const renameSubscriptions = (
  trx: Transaction<Tables>,
  customerId: string,
  name: string,
  limit: number,
): Promise<number> =>
  changeSome(
    trx,
    {
      table: 'subscriptions',
      which: sql`customer_id = ${customerId}`,
      change: sql`customer_id = ${name}, metadata = '{}'`,
    },
    limit,
  );
