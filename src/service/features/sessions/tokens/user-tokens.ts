import { sql, type Kysely, type Transaction } from 'kysely';
import type { SessionTokenRow, Tables } from '../../../foundation/database/schema.js';
import { announceProviderCredentials } from '../../../foundation/events/announcements.js';

/** A page fetches one when it opens: more than this at a time are forgotten pages, and the oldest gives way. */
const maxTokensPerCustomer = 100;

/** Writes down a session token for a user that is to be signed; it is kept nowhere itself. */
export async function keepToken(
  trx: Transaction<Tables>,
  { operations, metadata, ...row }: Omit<SessionTokenRow, 'used_at'>,
): Promise<void> {
  await trx
    .insertInto('session_tokens')
    .values({ ...row, operations: JSON.stringify(operations), metadata: JSON.stringify(metadata) })
    .execute();
  await revoke(
    trx,
    sql`select id from session_tokens
      where customer_id = ${row.customer_id} and application_id = ${row.application_id}
      order by created_at desc, id offset ${maxTokensPerCustomer}`,
  );
}

/**
 * Revokes one.
 * @param applicationId of which application it must be; undefined: of any
 * @returns whether it was there.
 */
export async function revokeToken(
  trx: Transaction<Tables>,
  id: string,
  applicationId: string | undefined,
  now: number,
): Promise<boolean> {
  const which = sql`select id from session_tokens where id = ${id} and expires_at > ${now}::bigint
    and application_id = coalesce(${applicationId ?? null}, application_id)`;
  return (await revoke(trx, which)) > 0;
}

/**
 * Revokes all of a customer.
 * @param applicationId of which application; undefined: of all
 * @returns how many there were.
 */
export const revokeTokensOfCustomer = (
  trx: Transaction<Tables>,
  customerId: string,
  applicationId?: string,
): Promise<number> =>
  revoke(
    trx,
    sql`select id from session_tokens where customer_id = ${customerId}
      and application_id = coalesce(${applicationId ?? null}, application_id)`,
  );

/** The streams that were opened with them end. @returns how many there were. */
async function revoke(trx: Transaction<Tables>, which: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ provider_id: string }>`
    delete from session_tokens where id in (${which}) returning provider_id`.execute(trx);
  for (const id of new Set(rows.map((row) => row.provider_id))) await announceProviderCredentials(trx, id);
  return rows.length;
}

/** Notes that a request has come with it. @returns whether it was the first. */
export async function markUsed(db: Kysely<Tables>, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('session_tokens')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
