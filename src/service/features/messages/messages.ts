import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { MessageRow, Tables } from '../../foundation/database/schema.js';

/** What was written in a session, in its order. @param after the position behind which it begins. */
export function listMessages(
  { kysely }: ServiceContext,
  sessionId: string,
  { after, limit }: { after: number; limit: number },
): Promise<MessageRow[]> {
  return kysely
    .selectFrom('messages')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** Takes away what was written in the sessions of a customer who is being erased, by whomever. */
export async function eraseMessages(trx: Transaction<Tables>, customerId: string): Promise<void> {
  await sql`delete from messages where session_id in (select id from sessions where user_id = ${customerId})`.execute(
    trx,
  );
}
