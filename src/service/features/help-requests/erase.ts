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

/**
 * Gives requests of a customer to the name that takes his place, without what was written in them, so many at most.
 * @returns how many.
 */
export async function eraseRequests(
  trx: Transaction<Tables>,
  customerId: string,
  name: string,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from help_requests where user_id = ${customerId} limit ${limit} for no key update`.execute(trx);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await sql`update payment_authorizations set success_url = '', cancel_url = '', checkout_url = null
    where request_id = any(${ids}::text[])`.execute(trx);
  await sql`update help_requests set user_id = ${name}, description = null, notes = null
    where id = any(${ids}::text[])`.execute(trx);
  return rows.length;
}
