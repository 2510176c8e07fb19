import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Subject } from '../../foundation/events/subject.js';

/** The newest event of a subject (0 where it has none), and the one that told its end, if one of those types does. */
export async function readEnds(
  { kysely }: ServiceContext,
  subject: Subject,
  endTypes: readonly string[],
): Promise<{ newestId: number; endId: number | null }> {
  return kysely
    .selectFrom('events')
    .select([
      sql<number>`coalesce(max(id), 0)`.as('newestId'),
      sql<number | null>`max(id) filter (where type = any(${endTypes}::text[]))`.as('endId'),
    ])
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
}

/**
 * What a reader has heard last, by its header; undefined where it begins.
 * @throws {SessionError} `EVENT_ID_INVALID` where there is no such event yet.
 */
export function readEventId(text: string | undefined, newestId: number): number | undefined {
  // An event without an id leaves the reader with an empty one (HTML standard, 9.2.6).
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) > newestId) throw new SessionError('EVENT_ID_INVALID');
  return Number(text);
}
