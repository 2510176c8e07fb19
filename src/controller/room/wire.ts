import type { Participant } from '../../protocol/events.js';
import { signalEvent, signalTypes, type SignalRequest, type SignalType } from '../../protocol/room.js';
import type { LiveNews } from '../network/live-news.js';

/** What one page of a call tells those of the other side. */
export interface Signal {
  type: SignalType;
  /** The page that has sent it: one side may have several open. */
  senderId: string;
  /** The page that it is for; every page of the other side where none is named. */
  to?: string | undefined;
  /** The connection that it is about: each try to connect two pages has a name of its own. */
  connection?: string | undefined;
  description?: RTCSessionDescriptionInit | undefined;
  candidates?: readonly RTCIceCandidateInit[] | undefined;
}

/** A signal as it is sent: what only pages understand is in `data`. */
export const signalRequest = ({ type, senderId, ...data }: Signal): SignalRequest => ({
  type,
  sender_id: senderId,
  data: { ...data },
});

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;

/** Reads a frame of the service, whoever has written what is in it; undefined where it is no signal. */
export function readSignal(frame: unknown): Signal | undefined {
  const { type, sender_id, data } = (frame ?? {}) as Record<string, unknown>;
  const known = signalTypes.find((name) => name === type);
  if (!known || !isText(sender_id)) return undefined;
  const { to, connection, description, candidates } = (data ?? {}) as Record<string, unknown>;
  return {
    type: known,
    senderId: sender_id,
    to: isText(to) ? to : undefined,
    connection: isText(connection) ? connection : undefined,
    description: description instanceof Object ? (description as RTCSessionDescriptionInit) : undefined,
    candidates: Array.isArray(candidates) ? (candidates as RTCIceCandidateInit[]) : undefined,
  };
}

/** What a live event of the session means to a call; undefined where that is nothing. */
export function roomNewsOf({
  name,
  data,
}: LiveNews):
  { type: 'signal'; signal: Signal } | { type: 'lost'; participant: Participant | undefined } | undefined {
  if (name === 'participant.lost')
    return { type: 'lost', participant: (data as { participant?: Participant }).participant };
  const signal = name === signalEvent ? readSignal(data) : undefined;
  return signal && { type: 'signal', signal };
}
