import { sql, type Transaction } from 'kysely';
import type { EventRow, Tables } from '../../foundation/database/schema.js';
import type { EventConsumer } from '../../foundation/events/consumer.js';
import { idIn } from '../../foundation/events/subject.js';
import { announceDue, roomDueChannel } from '../../foundation/jobs/due-channel.js';
import { writeRoom } from './open-room.js';
import type { RoomProvider } from './room-provider.js';

/**
 * Has a room opened as soon as a helper has taken a request, and closed once its session is over: both by work that falls due with
 * the transaction of what happened, and begins when that is committed.
 */
export const followSessions =
  (provider: RoomProvider): EventConsumer =>
  async (trx, events) => {
    for (const { type, payload, created_at: dueAt } of events) {
      const { session_id: sessionId } = payload as { session_id?: string | null };
      if (type === 'help_request.claimed' && sessionId) await writeRoom(trx, { sessionId, provider, dueAt });
    }
    const over = events.filter(({ type }) => type === 'session.ended');
    if (over.length > 0) await endRooms(trx, over);
  };

async function endRooms(trx: Transaction<Tables>, ends: readonly EventRow[]): Promise<void> {
  const ids = ends.map(({ subject }) => idIn('session', subject!)!);
  const now = Math.max(...ends.map(({ created_at }) => created_at));
  // One that is being opened is left to whoever does that, until its time is over.
  const { numAffectedRows } = await sql`
    update rooms set is_over = true, due_at = case when room_id is null then due_at else ${now}::bigint end
    where session_id = any(${ids}::text[])`.execute(trx);
  if (numAffectedRows) await announceDue(trx, now, roomDueChannel);
}
