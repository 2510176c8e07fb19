import { sql, type Transaction } from 'kysely';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PresenceRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { doBatch } from '../../foundation/jobs/due-batch.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';
import { appendEvents, type NewEvent } from '../../foundation/events/append-events.js';
import { buryInstances } from './lease.js';
import { hasHeartbeats } from './participants.js';
import { presenceEvent, readPresences, writePresences } from './presences.js';
import { startJoined, type MayStart } from './start-when-joined.js';

/**
 * Who has had no stream open for so long is lost, ms: a page that is loaded again, a network that is changed and an
 * instance that is replaced take less.
 */
export const absenceMs = 20_000;
/** How often it looks at least, also for instances that died, ms. */
const lookEveryMs = 5_000;

/** A page whose heartbeats stay away for so long is lost, ms, whatever a broken connection still looks like. */
export const silenceMs = ({ limits }: ServiceContext): number => 2_500 * limits.heartbeatSeconds;

/** Participants that are looked at in one transaction. */
const batchSize = 100;

/** Finds out who is lost. @param instanceId this instance, which lives. */
export function presenceExpiry(context: ServiceContext, instanceId: string): DueWork {
  return {
    name: 'look for who is lost',
    workers: 1,

    async doNext() {
      await buryInstances(context, instanceId);
      const { wasAny } = await doBatch(context, {
        rows,
        claim: claimDue,
        idOf: ({ id }) => id,
        work: (trx, due, now) => findLost(trx, context, due, now),
      });
      return wasAny;
    },

    async earliest() {
      const due = await earliestDue(context.kysely, rows);
      // What is written meanwhile is due later than that, so nobody needs to announce it.
      return Math.min(due ?? Infinity, context.now() + lookEveryMs);
    },
  };
}

const rows: DueRows = { work: 'presence_expiry', table: 'presences', id: 'session_id', dueAt: 'due_at' };

type DueSession = MayStart & Pick<SessionRow, 'last_heartbeat_at'>;

/** Locks sessions with a participant who is due, as far as nobody else has them. */
function claimDue(trx: Transaction<Tables>, now: number, among?: readonly string[]): Promise<DueSession[]> {
  return trx
    .selectFrom('presences')
    .innerJoin('sessions', 'sessions.id', 'presences.session_id')
    .select([
      'sessions.id',
      'sessions.status',
      'sessions.last_heartbeat_at',
      'sessions.duration_limit_seconds',
    ])
    .select(['sessions.warning_seconds', 'sessions.waiting_until'])
    .select(['sessions.waits_for', 'sessions.waits_for_id'])
    .where('presences.due_at', '<=', now)
    .where(isToBeTried(rows, now))
    .$if(among !== undefined, (query) => query.where(sql<boolean>`sessions.id = any(${among}::text[])`))
    .orderBy('presences.due_at')
    .limit(batchSize)
    .forUpdate('sessions')
    .skipLocked()
    .execute();
}

async function findLost(
  trx: Transaction<Tables>,
  context: ServiceContext,
  due: readonly DueSession[],
  now: number,
): Promise<void> {
  const sessions = new Map(due.map((session) => [session.id, session]));
  // Read again under the lock: somebody may have come back meanwhile.
  const presences = await readPresences(trx, [...sessions.keys()]);
  const changed: PresenceRow[] = [];
  const back = new Set<DueSession>();
  const events: NewEvent[] = [];
  for (const { is_attended, ...known } of presences) {
    if (known.due_at === null || known.due_at > now) continue;
    const session = sessions.get(known.session_id)!;
    const { status, last_heartbeat_at } = session;
    const next = isFinal(status)
      ? { ...known, due_at: null }
      : nextPresence(known, { isAttended: is_attended, heardAt: last_heartbeat_at, now, context });
    changed.push(next);
    if (next.state !== known.state) {
      const type = next.state === 'lost' ? 'participant.lost' : 'participant.back';
      events.push(presenceEvent(type, session.id, known, now));
      if (next.state === 'present') back.add(session);
    }
  }
  await writePresences(trx, changed);
  await appendEvents(context, trx, events);
  await startJoined(context, trx, [...back], now);
}

interface Signs {
  isAttended: boolean;
  /** The last heartbeat, ms since the epoch; null where there never was one. */
  heardAt: number | null;
  now: number;
  context: ServiceContext;
}

/** What becomes of a participant who is due. */
function nextPresence(known: PresenceRow, { isAttended, heardAt, now, context }: Signs): PresenceRow {
  const become = (state: PresenceRow['state'], due_at: number | null): PresenceRow => ({
    ...known,
    state,
    since: state === known.state ? known.since : now,
    due_at,
  });
  if (!isAttended) return become('lost', null);
  // A server and a desk send no heartbeats, and a page need not.
  if (!hasHeartbeats(known.participant)) return become('present', null);
  if (heardAt === null) return become('present', now + silenceMs(context));
  const silentAt = Math.max(heardAt, known.seen_at) + silenceMs(context);
  if (silentAt > now) return become('present', silentAt);
  // Its connection may be a good one still, and its heartbeats come again.
  return become('lost', now + absenceMs);
}
