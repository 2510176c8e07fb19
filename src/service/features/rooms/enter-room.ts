import type { RoomAnswer } from '../../../protocol/room.js';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { toSession } from '../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionView } from '../sessions/index.js';
import { askProvider } from './ask-provider.js';
import { toRoomSession, type FindRoom } from './open-room.js';
import { RoomProviderError } from './providers/provider-api.js';
import { isWebAddress } from './providers/web-address.js';
import type { RoomEntry, RoomGuest, RoomProvider } from './room-provider.js';

/** How long one can join with an answer, ms: as long as it takes to get ready, or to come back after a break. */
const entryMs = 15 * 60_000;

/**
 * How one side joins the room of a session now. Nothing of it is kept.
 * @param findRoom opens it, or only looks for it.
 * @throws {SessionError} `SESSION_ENDED`, `ROOM_UNAVAILABLE`, and what `findRoom` throws.
 */
export async function enterRoom(
  context: ServiceContext,
  provider: RoomProvider,
  view: SessionView,
  who: Pick<RoomGuest, 'participant' | 'id'>,
  findRoom: FindRoom,
): Promise<RoomAnswer> {
  if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
  const { started_at, expires_at } = toSession(view);
  const room = toRoomSession(view);
  const { joinUrl, iceServers, expiresAt } = await orUnavailable(async () => {
    const roomId = await findRoom(context, provider, view);
    const expiresAt = Math.min(context.now() + entryMs, room.endsAt ?? Infinity);
    const guest = { ...who, expiresAt };
    const entry = await askProvider(async () =>
      requireEntry(await provider.join({ ...room, roomId }, guest)),
    );
    return { ...entry, expiresAt };
  });
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

/** Nobody is sent to what is no page: an address may come from a program of others. */
function requireEntry(entry: RoomEntry): RoomEntry {
  if (entry.joinUrl !== undefined && !isWebAddress(entry.joinUrl))
    throw new TypeError('it has answered a joinUrl that is no address with http or https');
  return { joinUrl: entry.joinUrl, iceServers: entry.iceServers };
}

/** @throws {SessionError} `ROOM_UNAVAILABLE` for what the provider throws. */
async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof RoomProviderError)) throw cause;
    throw new SessionError('ROOM_UNAVAILABLE', { cause, retryAfterSeconds: 5 });
  }
}
