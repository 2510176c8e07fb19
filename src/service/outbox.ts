import { sql, type Transaction } from 'kysely';
import type { ServiceEvents, ServiceEventType } from '../protocol/events.js';
import type { Tables } from './database/schema.js';
import { queueSessionEvent } from './webhooks/queue.js';

/** Channel on which each new outbox row is announced once its transaction is committed: its id, a blank, its session. */
export const outboxChannel = 'session_outbox';

/**
 * Appends an event, and queues its webhooks, in the transaction of the change that it tells. That transaction holds the lock of the session's row,
 * or has just inserted it: so of one session the ids are given out in the order in which they become visible, and who has
 * read one has read all before it. Across sessions there is no such order.
 */
export async function appendEvent<T extends ServiceEventType>(
  trx: Transaction<Tables>,
  type: T,
  payload: ServiceEvents[T],
  createdAt: number,
): Promise<void> {
  const { session_id } = payload;
  const { id } = await trx
    .insertInto('outbox')
    .values({ type, session_id, payload: JSON.stringify(payload), created_at: createdAt })
    .returning('id')
    .executeTakeFirstOrThrow();
  await notify(trx, id, session_id);
  await queueSessionEvent(trx, { type, payload, createdAt });
}

/** Has the open streams of a session look at it again, although there is no new event. */
export const announceSession = (trx: Transaction<Tables>, sessionId: string): Promise<void> =>
  notify(trx, 0, sessionId);

async function notify(trx: Transaction<Tables>, id: number, sessionId: string): Promise<void> {
  await sql`select pg_notify(${outboxChannel}, ${`${id} ${sessionId}`})`.execute(trx);
}

/** The session of an announcement; undefined where it names none. */
export const announcedSession = (payload: string): string | undefined => /^\d+ (.+)$/.exec(payload)?.[1];
