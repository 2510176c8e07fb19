import type { RoomAnswer } from '../../../protocol/room.js';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import { within } from '../../foundation/within.js';
import { toSession, type SessionView } from '../sessions/index.js';
import type { RoomGuest, RoomProvider } from './room-provider.js';

/** How long one can join with an answer, ms: as long as it takes to get ready, or to come back after a break. */
const entryMs = 15 * 60_000;
/** How long a provider may take for one thing, ms. */
const patienceMs = 10_000;

/**
 * How one side joins the room of a session now. Nothing of it is kept.
 * @throws {SessionError} `SESSION_ENDED`, `ROOM_UNAVAILABLE`
 */
export async function enterRoom(
  { now }: ServiceContext,
  provider: RoomProvider,
  view: SessionView,
  who: Pick<RoomGuest, 'participant' | 'id'>,
): Promise<RoomAnswer> {
  if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
  const { started_at, expires_at } = toSession(view);
  const endsAt = expires_at === null ? null : view.deadline_at;
  const expiresAt = Math.min(now() + entryMs, endsAt ?? Infinity);
  const room = { sessionId: view.id, startedAt: view.started_at, endsAt };
  const entry = await asked(async () => {
    const { roomId } = await provider.open(room);
    return provider.join({ ...room, roomId }, { ...who, expiresAt });
  });
  const { joinUrl, iceServers } = entry;
  return {
    provider: provider.name,
    participant: who.participant,
    polite: who.participant === 'customer',
    ...(joinUrl !== undefined && { join_url: joinUrl }),
    ...(iceServers && { ice_servers: iceServers }),
    opens_at: started_at,
    ends_at: expires_at,
    expires_at: Math.floor(expiresAt / 1000),
  };
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await within(patienceMs, work());
  } catch (cause) {
    throw new SessionError('ROOM_UNAVAILABLE', { cause, retryAfterSeconds: 5 });
  }
}
