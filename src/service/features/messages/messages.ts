import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { MessageRow, Tables } from '../../foundation/database/schema.js';
import { changeSome } from '../../foundation/housekeeping/some-rows.js';

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

/** Takes away what was written in sessions of a customer who is being erased, by whomever, so much at most. @returns how much. */
export const eraseMessages = (
  trx: Transaction<Tables>,
  sessionIds: readonly string[],
  limit: number,
): Promise<number> =>
  changeSome(trx, { table: 'messages', which: sql`session_id = any(${sessionIds}::text[])` }, limit);
