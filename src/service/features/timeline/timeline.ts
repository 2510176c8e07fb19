import { sql, type Kysely } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow, Tables } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';

/** Something to which things happen, and since when. */
export interface Told {
  subject: Subject;
  /** When its first event was written, ms since the epoch. */
  beganAt: number;
}

/**
 * What has happened to several things, oldest first. Of one of them ids rise with time; of two that are told together, too, but for
 * changes that were made at once.
 * @param after the id of the last event of the page before; 0 begins.
 */
export async function readTimeline(
  { kysely }: ServiceContext,
  told: readonly Told[],
  { after, limit }: { after: number; limit: number },
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select event.* from unnest(${told.map(({ subject }) => subject)}::text[]) as told(subject), lateral (
      select id, subject, provider_id, type, payload, created_at from events
      where events.subject = told.subject and id > ${after}::bigint order by id limit ${limit}
    ) as event
    order by id limit ${limit}`.execute(kysely);
  return rows;
}

/** Whether the first event of each is still there: what is older than the service keeps events is gone. */
export async function isComplete({ kysely }: ServiceContext, told: readonly Told[]): Promise<boolean> {
  const firsts = await Promise.all(told.map(({ subject }) => firstEventAt(kysely, subject)));
  return told.every(({ beganAt }, n) => firsts[n] !== undefined && firsts[n] <= beganAt);
}

async function firstEventAt(kysely: Kysely<Tables>, subject: Subject): Promise<number | undefined> {
  const first = await kysely
    .selectFrom('events')
    .select('created_at')
    .where('subject', '=', subject)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return first?.created_at;
}
