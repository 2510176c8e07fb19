import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../foundation/database/schema.js';

/** Whether a customer has a request that is not over. */
export async function hasLiveRequest(trx: Transaction<Tables>, customerId: string): Promise<boolean> {
  const live = await trx
    .selectFrom('help_requests')
    .select('id')
    .where('user_id', '=', customerId)
    .where('due_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return live !== undefined;
}

/** Gives the requests of a customer to the name that takes his place, without what was written in them. */
export async function eraseRequests(
  trx: Transaction<Tables>,
  customerId: string,
  name: string,
): Promise<void> {
  await trx
    .updateTable('help_requests')
    .set({ user_id: name, description: null, notes: null })
    .where('user_id', '=', customerId)
    .execute();
  await sql`update payment_authorizations set success_url = '', cancel_url = '', checkout_url = null
    where request_id in (select id from help_requests where user_id = ${name})`.execute(trx);
}
