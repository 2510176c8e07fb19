import type { Transaction } from 'kysely';
import { isFinal } from '../../protocol/state-machine.js';
import type { ServiceContext } from '../context.js';
import type { PresenceRow, Tables } from '../database/schema.js';
import type { DueWork } from '../due-scheduler.js';
import { appendEvents, type OutboxEvent } from '../outbox.js';
import { buryInstances } from './lease.js';
import { presenceEvent, readPresences, writePresences } from './presences.js';

/**
 * Who has had no stream open for so long is lost, ms: a page that is loaded again, a network that is changed and an
 * instance that is replaced take less.
 */
export const absenceMs = 20_000;
/** How often it looks at least, also for instances that died, ms. */
const lookEveryMs = 5_000;

/** A page whose heartbeats stay away for so long is lost, ms, whatever a broken connection still looks like. */
export const silenceMs = ({ limits }: ServiceContext): number => 2_500 * limits.heartbeatSeconds;

/** Sides that are looked at in one transaction. */
const batchSize = 100;

/** Finds out who is lost. @param instanceId this instance, which lives. */
export function presenceExpiry(context: ServiceContext, instanceId: string): DueWork {
  return {
    name: 'look for who is lost',
    workers: 1,

    async doNext() {
      await buryInstances(context, instanceId);
      return context.kysely.transaction().execute((trx) => findLost(trx, context));
    },

    async earliest() {
      const { due } = await context.kysely
        .selectFrom('presences')
        .select(({ fn }) => fn.min('due_at').as('due'))
        .where('due_at', 'is not', null)
        .executeTakeFirstOrThrow();
      // What is written meanwhile is due later than that, so nobody needs to announce it.
      return Math.min(due ?? Infinity, context.now() + lookEveryMs);
    },
  };
}

async function findLost(trx: Transaction<Tables>, context: ServiceContext): Promise<boolean> {
  const due = await trx
    .selectFrom('presences')
    .innerJoin('sessions', 'sessions.id', 'presences.session_id')
    .select(['sessions.id', 'sessions.status', 'sessions.last_heartbeat_at'])
    .where('presences.due_at', '<=', context.now())
    .orderBy('presences.due_at')
    .limit(batchSize)
    .forUpdate('sessions')
    .skipLocked()
    .execute();
  if (due.length === 0) return false;
  const now = context.now();
  const sessions = new Map(due.map((session) => [session.id, session]));
  // Read again under the lock: somebody may have come back meanwhile.
  const presences = await readPresences(trx, [...sessions.keys()]);
  const changed: PresenceRow[] = [];
  const events: OutboxEvent[] = [];
  for (const { is_attended, ...known } of presences) {
    if (known.due_at === null || known.due_at > now) continue;
    const { status, last_heartbeat_at } = sessions.get(known.session_id)!;
    const next = isFinal(status)
      ? { ...known, due_at: null }
      : nextPresence(known, { isAttended: is_attended, heardAt: last_heartbeat_at, now, context });
    changed.push(next);
    if (next.state !== known.state) {
      const type = next.state === 'lost' ? 'participant.lost' : 'participant.back';
      events.push(presenceEvent(type, known, now));
    }
  }
  await writePresences(trx, changed);
  if (events.length > 0) await appendEvents(trx, events);
  return true;
}

interface Signs {
  isAttended: boolean;
  /** The last heartbeat, ms since the epoch; null where there never was one. */
  heardAt: number | null;
  now: number;
  context: ServiceContext;
}

/** What becomes of a side that is due. */
function nextPresence(known: PresenceRow, { isAttended, heardAt, now, context }: Signs): PresenceRow {
  const become = (state: PresenceRow['state'], due_at: number | null): PresenceRow => ({
    ...known,
    state,
    since: state === known.state ? known.since : now,
    due_at,
  });
  if (!isAttended) return become('lost', null);
  // A provider's server sends no heartbeats, and a page need not.
  if (known.participant === 'provider') return become('present', null);
  if (heardAt === null) return become('present', now + silenceMs(context));
  const silentAt = Math.max(heardAt, known.seen_at) + silenceMs(context);
  if (silentAt > now) return become('present', silentAt);
  // Its connection may be a good one still, and its heartbeats come again.
  return become('lost', now + absenceMs);
}
