import { sql, type Transaction } from 'kysely';
import type { Presence } from '../../../protocol/events.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PresenceRow, Tables } from '../../foundation/database/schema.js';
import type { NewEvent } from '../../foundation/events/append-events.js';
import { toParticipating, type SessionParticipant } from './participants.js';

/** What is known of the participants of sessions, and whether any instance has a stream of theirs. */
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

/** Keeps what has become of participants whose sessions are locked. */
export async function writePresences(
  trx: Transaction<Tables>,
  presences: readonly PresenceRow[],
): Promise<void> {
  if (presences.length === 0) return;
  await sql`
    insert into presences (session_id, participant, role, participant_id, state, since, seen_at, due_at)
    select session_id, participant, role, participant_id, state, since, seen_at, due_at
    from jsonb_to_recordset(${JSON.stringify(presences)}::jsonb) as news(session_id text, participant text, role text,
      participant_id text, state text, since bigint, seen_at bigint, due_at bigint)
    on conflict (session_id, participant) do update set
      state = excluded.state, since = excluded.since, seen_at = excluded.seen_at, due_at = excluded.due_at`.execute(
    trx,
  );
}

export function presenceEvent(
  type: Extract<NewEvent['type'], `participant.${string}`>,
  sessionId: string,
  participant: SessionParticipant,
  now: number,
): NewEvent {
  const payload = { session_id: sessionId, ...toParticipating(participant) };
  return { subject: `session:${sessionId}`, type, payload, createdAt: now };
}

/** Who else is, or was, in a session. @param reader who asks, and is left out; undefined for who is nobody in it. */
export async function presencesFor(
  { kysely }: ServiceContext,
  sessionId: string,
  reader: SessionParticipant | undefined,
): Promise<Presence[]> {
  const rows = await kysely
    .selectFrom('presences')
    .select(['participant', 'role', 'participant_id', 'state', 'since'])
    .where('session_id', '=', sessionId)
    .orderBy('participant')
    .execute();
  return rows
    .filter(({ participant }) => participant !== reader?.participant)
    .map(({ state, since, ...who }) => ({
      ...toParticipating(who),
      state,
      since: Math.floor(since / 1000),
    }));
}
