import { sql, type Transaction } from 'kysely';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PresenceRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents, type NewEvent } from '../../foundation/events/append-events.js';
import { absenceMs, silenceMs } from './absence.js';
import { hasHeartbeats, type SessionParticipant } from './participants.js';
import { presenceEvent, readPresences, writePresences } from './presences.js';
import { startJoined, type MayStart } from './start-when-joined.js';

/** Whether somebody has a stream open on an instance. */
export interface AttendanceNews {
  sessionId: string;
  participant: SessionParticipant;
  isHere: boolean;
}

/**
 * Writes down who has streams open on an instance, and tells who joined and who is back; a session that waited for them
 * starts. Who has gone is not lost yet: a page that is loaded again comes back at once.
 */
export async function writeAttendance(
  context: ServiceContext,
  instanceId: string,
  news: readonly AttendanceNews[],
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const ids = [...new Set(news.map(({ sessionId }) => sessionId))];
    const live = await lockLive(trx, ids);
    const here = news.filter(({ sessionId, isHere }) => isHere && live.has(sessionId));
    await arrive(trx, instanceId, here);
    await depart(
      trx,
      instanceId,
      news.filter((each) => !here.includes(each)),
    );
    const presences = await readPresences(trx, ids);
    const now = context.now();
    const changed: PresenceRow[] = [];
    const events: NewEvent[] = [];
    for (const { sessionId, participant: who, isHere } of news) {
      if (!live.has(sessionId)) continue;
      const known = presences.find(
        ({ session_id, participant }) => session_id === sessionId && participant === who.participant,
      );
      if (isHere) {
        const isNews = known?.state !== 'present';
        const since = isNews ? now : known.since;
        const dueAt = hasHeartbeats(who.participant) ? now + silenceMs(context) : null;
        changed.push({
          session_id: sessionId,
          ...who,
          state: 'present',
          since,
          seen_at: now,
          due_at: dueAt,
        });
        const type = known ? 'participant.back' : 'participant.joined';
        if (isNews) events.push(presenceEvent(type, sessionId, who, now));
      } else if (known?.state === 'present' && !known.is_attended) {
        changed.push({ ...known, due_at: now + absenceMs });
      }
    }
    await writePresences(trx, changed);
    await appendEvents(context, trx, events);
    const joined = new Set(here.map(({ sessionId }) => live.get(sessionId)!));
    await startJoined(context, trx, [...joined], now);
  });
}

/** Locks sessions, always in one order. @returns those that are not over. */
async function lockLive(trx: Transaction<Tables>, ids: readonly string[]): Promise<Map<string, MayStart>> {
  const sessions = await trx
    .selectFrom('sessions')
    .select(['id', 'status', 'duration_limit_seconds', 'warning_seconds'])
    .select(['waiting_until', 'waits_for', 'waits_for_id'])
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(sessions.filter(({ status }) => !isFinal(status)).map((session) => [session.id, session]));
}

async function arrive(trx: Transaction<Tables>, instanceId: string, news: readonly AttendanceNews[]) {
  if (news.length === 0) return;
  await trx
    .insertInto('attendances')
    .values(
      news.map(({ sessionId, participant }) => ({
        session_id: sessionId,
        ...participant,
        instance_id: instanceId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function depart(trx: Transaction<Tables>, instanceId: string, news: readonly AttendanceNews[]) {
  if (news.length === 0) return;
  const rows = JSON.stringify(
    news.map(({ sessionId, participant: { participant } }) => ({ session_id: sessionId, participant })),
  );
  await sql`
    delete from attendances using jsonb_to_recordset(${rows}::jsonb) as gone(session_id text, participant text)
    where attendances.session_id = gone.session_id and attendances.participant = gone.participant
      and instance_id = ${instanceId}`.execute(trx);
}
