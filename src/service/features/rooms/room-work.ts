import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import { isAway } from '../../foundation/database/failures.js';
import type { RoomRow } from '../../foundation/database/schema.js';
import { claimOne } from '../../foundation/jobs/claim-one.js';
import { roomDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, forgetFailures, isToBeTried, noteFailure } from '../../foundation/jobs/failed-work.js';
import { readSession } from '../sessions/index.js';
import { askProvider } from './ask-provider.js';
import { askToOpen, keepRoom, leaseMs, roomRows, toRoomSession } from './open-room.js';
import type { RoomProvider } from './room-provider.js';

/**
 * Opens the rooms of sessions to which two people are on their way, and closes those of sessions that are over. A row is claimed
 * first, and its provider asked outside of any transaction: what fails or hangs is tried again, and holds up no other.
 */
export function roomWork(context: ServiceContext, provider: RoomProvider): DueWork {
  return {
    name: 'opening and closing of rooms',
    channel: roomDueChannel,
    workers: 4,

    async doNext() {
      const room = await claim(context);
      if (!room) return false;
      try {
        await look(context, provider, room);
      } catch (error) {
        if (isAway(error)) throw error;
        await noteFailure(context, roomRows.work, room.session_id, error);
      }
      return true;
    },

    earliest: () => earliestDue(context.kysely, roomRows),
  };
}

const claim = (context: ServiceContext): Promise<RoomRow | undefined> =>
  claimOne(context, roomRows.work, async (trx, onFound) => {
    const now = context.now();
    const due = await trx
      .selectFrom('rooms')
      .selectAll()
      .where('due_at', '<=', now)
      .where(isToBeTried(roomRows, now))
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!due) return undefined;
    onFound(due.session_id);
    await trx
      .updateTable('rooms')
      .set({ due_at: now + leaseMs })
      .where('session_id', '=', due.session_id)
      .execute();
    return due;
  });

async function look(
  context: ServiceContext,
  provider: RoomProvider,
  { session_id: id, provider: name, room_id: known, is_over: wasOver }: RoomRow,
): Promise<void> {
  // Nobody knows how to close one of a provider that the service had before: its own limits end it.
  if (name !== provider.name) return forget(context, id);
  // Asked of the session itself: an older instance that has ended it knows nothing of rooms.
  const view = await readSession(context, id);
  // Whoever was opening it is done, or gone: to open it again tells which one it was.
  const roomId = known ?? (await askToOpen(provider, toRoomSession(view)));
  if (!isFinal(view.status)) return void (await keepRoom(context, provider, id, roomId));
  // An end that was told since the room was claimed has made it due again: it is closed by whoever claims it then.
  if (known !== null && !wasOver && (await isOver(context, id))) return;
  await askProvider(() => provider.close(roomId));
  await forget(context, id);
}

/** Whether it was told that the session is over; so too where the room is gone. */
async function isOver({ kysely }: ServiceContext, sessionId: string): Promise<boolean> {
  const room = await kysely
    .selectFrom('rooms')
    .select('is_over')
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return room?.is_over ?? true;
}

async function forget({ kysely }: ServiceContext, sessionId: string): Promise<void> {
  await kysely.transaction().execute(async (trx) => {
    await trx.deleteFrom('rooms').where('session_id', '=', sessionId).execute();
    await forgetFailures(trx, roomRows.work, [sessionId]);
  });
}
