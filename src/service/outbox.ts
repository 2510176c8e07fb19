import { sql, type Transaction } from 'kysely';
import type { ServiceEvents, ServiceEventType } from '../protocol/events.js';
import type { Tables } from './database/schema.js';

/** Channel on which each new outbox row is announced, its id as payload, once its transaction is committed. */
export const outboxChannel = 'session_outbox';

/** Appends an event, in the transaction of the change that it tells. */
export async function appendEvent<T extends ServiceEventType>(
  trx: Transaction<Tables>,
  type: T,
  payload: ServiceEvents[T],
  createdAt: number,
): Promise<void> {
  const { id } = await trx
    .insertInto('outbox')
    .values({ type, session_id: payload.session_id, payload: JSON.stringify(payload), created_at: createdAt })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`select pg_notify(${outboxChannel}, ${String(id)})`.execute(trx);
}
