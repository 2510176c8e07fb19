import type { Participant } from '../../../protocol/events.js';
import type { IceServer } from '../../../protocol/room.js';

/** The session that a room is for. Instants are in milliseconds since the epoch. */
export interface RoomSession {
  sessionId: string;
  /** Null while the session waits. */
  startedAt: number | null;
  /** When its time is up as things stand; null while it stands still. It moves by extension, refund and pause. */
  endsAt: number | null;
}

/** A room that was opened. */
export interface OpenRoom extends RoomSession {
  /** What `open` has answered. */
  roomId: string;
}

/** Who joins a room. No name, nor the customer's id, is told to it. */
export interface RoomGuest {
  participant: Participant;
  /** The same for one person in all rooms of a session: `customer`, `provider`, or such as `helper:ada`. */
  id: string;
  /** Until when what lets this person in is to count, ms since the epoch. */
  expiresAt: number;
}

/** What lets somebody into a room. */
export interface RoomEntry {
  /** An address with http or https. */
  joinUrl?: string | undefined;
  iceServers?: IceServer[] | undefined;
}

/**
 * Where the two sides of a session meet. Whatever it throws, or is not done within ten seconds, is a room that is not there at
 * the moment: the cause is logged, so it holds no secret.
 */
export interface RoomProvider {
  /** Told to pages: they know `embedded`, and open the `joinUrl` of all others. */
  readonly name: string;
  /** Makes the room, once for each session, however often it is asked. */
  open(room: RoomSession): Promise<{ roomId: string }>;
  /** Lets one person in, for a while; asked each time that somebody asks how to join, and kept nowhere. */
  join(room: OpenRoom, guest: RoomGuest): Promise<RoomEntry>;
  /** The session is over: puts everybody out. A room that is gone already is closed. */
  close(roomId: string): Promise<void>;
}
