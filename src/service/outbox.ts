import { sql, type Transaction } from 'kysely';
import type { ServiceEvents, ServiceEventType } from '../protocol/events.js';
import type { Tables } from './database/schema.js';
import { queueSessionEvents } from './webhooks/queue.js';

/** Channel on which each new outbox row is announced once its transaction is committed: its id, a blank, its session. */
export const outboxChannel = 'session_outbox';

/** What happened to a session. */
export type OutboxEvent = {
  [T in ServiceEventType]: {
    type: T;
    payload: ServiceEvents[T];
    /** Milliseconds since the epoch. */
    createdAt: number;
  };
}[ServiceEventType];

/**
 * Appends events, and queues their webhooks, in the transaction of the change that they tell. That transaction holds the lock
 * of each session's row, or has just inserted it: so of one session the ids are given out in the order in which they become
 * visible, and who has read one has read all before it. Across sessions there is no such order.
 */
export async function appendEvents(trx: Transaction<Tables>, events: readonly OutboxEvent[]): Promise<void> {
  const rows = JSON.stringify(
    events.map(({ type, payload, createdAt }, n) => ({ n, type, payload, created_at: createdAt })),
  );
  await sql`
    with appended as (
      insert into outbox (type, session_id, payload, created_at)
      select type, payload ->> 'session_id', payload, created_at
      from jsonb_to_recordset(${rows}::jsonb) as news(n int, type text, payload jsonb, created_at bigint)
      order by n
      returning id, session_id
    )
    select count(pg_notify(${outboxChannel}, id || ' ' || session_id)::text) from appended`.execute(trx);
  await queueSessionEvents(trx, events);
}

/** Has the open streams of a session look at it again, although there is no new event. */
export async function announceSession(trx: Transaction<Tables>, sessionId: string): Promise<void> {
  await sql`select pg_notify(${outboxChannel}, ${`0 ${sessionId}`})`.execute(trx);
}

/** The session of an announcement; undefined where it names none. */
export const announcedSession = (payload: string): string | undefined => /^\d+ (.+)$/.exec(payload)?.[1];
