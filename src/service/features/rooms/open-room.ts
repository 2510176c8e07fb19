import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { announceDue, roomDueChannel } from '../../foundation/jobs/due-channel.js';
import { forgetFailures, type DueRows } from '../../foundation/jobs/failed-work.js';
import { changeSession, type SessionView } from '../sessions/index.js';
import { askProvider } from './ask-provider.js';
import type { RoomProvider, RoomSession } from './room-provider.js';

export const roomRows: DueRows = { work: 'room', table: 'rooms', id: 'session_id', dueAt: 'due_at' };

/** Who is at it and was not heard of again for this long is taken to have crashed, ms: more than all that is asked at once takes. */
export const leaseMs = 60_000;
/** How often a room that is there is looked at, ms: its session may have been ended by an older instance. */
const lookEveryMs = 3_600_000;

/** What a provider is told of a session. */
export const toRoomSession = ({ id, started_at, status, deadline_at }: SessionView): RoomSession => ({
  sessionId: id,
  startedAt: started_at,
  endsAt: status === 'active' ? deadline_at : null,
});

/** The id of the room of a live session. */
export type FindRoom = (
  context: ServiceContext,
  provider: RoomProvider,
  view: SessionView,
) => Promise<string>;

/**
 * The room that is there.
 * @throws {SessionError} `ROOM_NOT_OPEN`
 */
export const requireRoom: FindRoom = async (context, provider, view) => {
  const roomId = await readRoomId(context, provider, view);
  if (roomId === undefined) throw new SessionError('ROOM_NOT_OPEN');
  return roomId;
};

/**
 * The room, opened where it is not there yet. It is written down before, so that whatever was opened is closed.
 * @throws {SessionError} `SESSION_ENDED`
 * @throws {RoomProviderError}
 */
export const openRoom: FindRoom = async (context, provider, view) => {
  const known = await readRoomId(context, provider, view);
  if (known !== undefined) return known;
  await changeSession(context, view.id, undefined, async (trx, session, now) => {
    if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
    await writeRoom(trx, { sessionId: session.id, provider, dueAt: now + leaseMs });
    return session;
  });
  const roomId = await askToOpen(provider, toRoomSession(view));
  const kept = await keepRoom(context, provider, view.id, roomId);
  if (kept === undefined) throw new SessionError('SESSION_ENDED');
  return kept;
};

/** Undefined where none is open, or one of a provider that the service had before. */
async function readRoomId(
  { kysely }: ServiceContext,
  provider: RoomProvider,
  { id }: SessionView,
): Promise<string | undefined> {
  const room = await kysely
    .selectFrom('rooms')
    .select('room_id')
    .where('session_id', '=', id)
    .where('provider', '=', provider.name)
    .where('is_over', '=', false)
    .executeTakeFirst();
  return room?.room_id ?? undefined;
}

/** Writes down, under the lock of its session, that there is to be a room: of another provider in place of one of before. */
export async function writeRoom(
  trx: Transaction<Tables>,
  { sessionId, provider, dueAt }: { sessionId: string; provider: RoomProvider; dueAt: number },
): Promise<void> {
  await trx
    .insertInto('rooms')
    .values({ session_id: sessionId, provider: provider.name, due_at: dueAt })
    .onConflict((conflict) =>
      conflict.column('session_id').doUpdateSet({
        provider: provider.name,
        room_id: sql`case when rooms.provider = ${provider.name} then rooms.room_id end`,
        due_at: dueAt,
      }),
    )
    .execute();
  await announceDue(trx, dueAt, roomDueChannel);
}

/** @throws {RoomProviderError} */
export const askToOpen = (provider: RoomProvider, session: RoomSession): Promise<string> =>
  askProvider(async () => {
    const { roomId } = await provider.open(session);
    if (typeof roomId !== 'string' || roomId === '' || roomId.length > 2048)
      throw new TypeError('it has opened a room without an id');
    return roomId;
  });

/**
 * Keeps a room that was opened. Of several who have opened it at the same time one is first.
 * @returns its id; undefined where its session is over: it is closed then.
 */
export async function keepRoom(
  context: ServiceContext,
  provider: RoomProvider,
  sessionId: string,
  roomId: string,
): Promise<string | undefined> {
  return context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const room = await trx
      .updateTable('rooms')
      .set({
        room_id: sql`coalesce(room_id, ${roomId})`,
        due_at: sql`case when is_over then ${now}::bigint else ${now + lookEveryMs}::bigint end`,
      })
      .where('session_id', '=', sessionId)
      .where('provider', '=', provider.name)
      .returning(['room_id', 'is_over'])
      .executeTakeFirst();
    await forgetFailures(trx, roomRows.work, [sessionId]);
    if (room?.is_over) await announceDue(trx, now, roomDueChannel);
    return room && !room.is_over ? room.room_id! : undefined;
  });
}
