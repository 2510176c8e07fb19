import type { Participant } from './events.js';

/** An entry of `RTCConfiguration.iceServers` (W3C WebRTC, 4.2.2). */
export interface IceServer {
  urls: string[];
  username?: string | undefined;
  credential?: string | undefined;
}

/** Answer to `POST /sessions/{id}/room`: how one side joins the call, as of now. Times in whole seconds since the epoch. */
export interface RoomAnswer {
  /** Whose room it is: `embedded` in the page itself, by signals; others by their name. */
  provider: string;
  /** The side that it is for. */
  participant: Participant;
  /** Which side gives way where both offer at once (perfect negotiation, W3C WebRTC, 10.7): one of the two always does. */
  polite: boolean;
  /** Where the room is, outside of the page. */
  join_url?: string | undefined;
  /** For an embedded room: servers that help to find a way. */
  ice_servers?: IceServer[] | undefined;
  /** When the session started; null while it waits. */
  opens_at: number | null;
  /** When its time is up as things stand; null while it stands still. */
  ends_at: number | null;
  /** Until when one can join with this answer; another one is asked for then. */
  expires_at: number;
}

/**
 * - `join`: a page has come, or has come back; it is answered by a `description`
 * - `description`: an offer or an answer (`RTCSessionDescriptionInit`)
 * - `candidate`: an ICE candidate (`RTCIceCandidateInit`)
 * - `leave`: a page goes
 */
export const signalTypes = ['join', 'description', 'candidate', 'leave'] as const;
export type SignalType = (typeof signalTypes)[number];

/** `POST /sessions/{id}/signals`. */
export interface SignalRequest {
  type: SignalType;
  /** What belongs to the type: any JSON object, 32 768 characters at most. */
  data?: Record<string, unknown> | undefined;
  /** The sending page's own name for itself, by which the other side tells pages apart. */
  sender_id: string;
  /** The side, where the credential does not say it: a secret key, or the marketplace. */
  participant?: Participant | undefined;
}

/** The name of the frames, without an id, by which the other side gets signals over its live events. */
export const signalEvent = 'session.signal';

/** What such a frame holds. */
export interface SignalFrame {
  type: SignalType;
  data?: Record<string, unknown> | undefined;
  /** The side that has sent it. */
  from: Participant;
  sender_id: string;
}
