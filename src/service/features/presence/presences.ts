import { sql, type Transaction } from 'kysely';
import type { Participant, Presence } from '../../../protocol/events.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PresenceRow, Tables } from '../../foundation/database/schema.js';
import type { NewEvent } from '../../foundation/events/append-events.js';

/** What is known of the sides of sessions, and whether any instance has a stream of theirs. */
export function readPresences(trx: Transaction<Tables>, sessionIds: readonly string[]) {
  return trx
    .selectFrom('presences')
    .selectAll()
    .select(
      sql<boolean>`exists (select from attendances where attendances.session_id = presences.session_id
        and attendances.participant = presences.participant)`.as('is_attended'),
    )
    .where(sql<boolean>`session_id = any(${sessionIds}::text[])`)
    .execute();
}

/** Keeps what has become of sides whose sessions are locked. */
export async function writePresences(
  trx: Transaction<Tables>,
  presences: readonly PresenceRow[],
): Promise<void> {
  if (presences.length === 0) return;
  await sql`
    insert into presences (session_id, participant, state, since, seen_at, due_at)
    select session_id, participant, state, since, seen_at, due_at
    from jsonb_to_recordset(${JSON.stringify(presences)}::jsonb)
      as news(session_id text, participant text, state text, since bigint, seen_at bigint, due_at bigint)
    on conflict (session_id, participant) do update set
      state = excluded.state, since = excluded.since, seen_at = excluded.seen_at, due_at = excluded.due_at`.execute(
    trx,
  );
}

export function presenceEvent(
  type: Extract<NewEvent['type'], `participant.${string}`>,
  { session_id, participant }: Pick<PresenceRow, 'session_id' | 'participant'>,
  now: number,
): NewEvent {
  return { subject: `session:${session_id}`, type, payload: { session_id, participant }, createdAt: now };
}

/** Who else is, or was, in a session. @param reader who asks, and is left out; undefined for who only looks on. */
export async function presencesFor(
  { kysely }: ServiceContext,
  sessionId: string,
  reader: Participant | undefined,
): Promise<Presence[]> {
  const rows = await kysely
    .selectFrom('presences')
    .select(['participant', 'state', 'since'])
    .where('session_id', '=', sessionId)
    .orderBy('participant')
    .execute();
  return rows
    .filter(({ participant }) => participant !== reader)
    .map(({ participant, state, since }) => ({ participant, state, since: Math.floor(since / 1000) }));
}
