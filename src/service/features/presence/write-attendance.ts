import { sql, type Transaction } from 'kysely';
import type { Participant } from '../../../protocol/events.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PresenceRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents, type NewEvent } from '../../foundation/events/append-events.js';
import { absenceMs, silenceMs } from './absence.js';
import { presenceEvent, readPresences, writePresences } from './presences.js';

/** Whether a side has a stream open on an instance. */
export interface AttendanceNews {
  sessionId: string;
  participant: Participant;
  isHere: boolean;
}

/**
 * Writes down who has streams open on an instance, and tells who joined and who is back. Who has gone is not lost yet:
 * a page that is loaded again comes back at once.
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
      news.filter((side) => !here.includes(side)),
    );
    const presences = await readPresences(trx, ids);
    const now = context.now();
    const changed: PresenceRow[] = [];
    const events: NewEvent[] = [];
    for (const { sessionId, participant, isHere } of news) {
      if (!live.has(sessionId)) continue;
      const known = presences.find((one) => one.session_id === sessionId && one.participant === participant);
      if (isHere) {
        const isNews = known?.state !== 'present';
        const since = isNews ? now : known.since;
        const dueAt = participant === 'customer' ? now + silenceMs(context) : null;
        const side = { session_id: sessionId, participant };
        changed.push({ ...side, state: 'present', since, seen_at: now, due_at: dueAt });
        if (isNews) events.push(presenceEvent(known ? 'participant.back' : 'participant.joined', side, now));
      } else if (known?.state === 'present' && !known.is_attended) {
        changed.push({ ...known, due_at: now + absenceMs });
      }
    }
    await writePresences(trx, changed);
    if (events.length > 0) await appendEvents(context, trx, events);
  });
}

/** Locks sessions, always in one order. @returns those that are not over. */
async function lockLive(trx: Transaction<Tables>, ids: readonly string[]): Promise<Set<string>> {
  const sessions = await trx
    .selectFrom('sessions')
    .select(['id', 'status'])
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Set(sessions.filter(({ status }) => !isFinal(status)).map(({ id }) => id));
}

async function arrive(trx: Transaction<Tables>, instanceId: string, sides: readonly AttendanceNews[]) {
  if (sides.length === 0) return;
  await trx
    .insertInto('attendances')
    .values(
      sides.map(({ sessionId, participant }) => ({
        session_id: sessionId,
        participant,
        instance_id: instanceId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function depart(trx: Transaction<Tables>, instanceId: string, sides: readonly AttendanceNews[]) {
  if (sides.length === 0) return;
  const rows = JSON.stringify(
    sides.map(({ sessionId, participant }) => ({ session_id: sessionId, participant })),
  );
  await sql`
    delete from attendances using jsonb_to_recordset(${rows}::jsonb) as gone(session_id text, participant text)
    where attendances.session_id = gone.session_id and attendances.participant = gone.participant
      and instance_id = ${instanceId}`.execute(trx);
}
