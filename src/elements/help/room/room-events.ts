import type { SessionEvent } from '../../../controller/events.js';
import type { CallQuality } from '../../../controller/room/quality.js';
import type { ErrorCode } from '../../../protocol/error-codes.js';

/** The events of a room and their fields: ids and states. They bubble and are composed. */
export interface RoomEventFields {
  /** This page is in the call, whether or not the other side is there yet. */
  'room-joined': { sessionId: string };
  /** It is in the call no more: by the person's will, because another page of theirs has it, or for the rest. */
  'room-left': { sessionId: string; reason: 'left' | 'elsewhere' | 'ended' | 'failed' };
  /** The call is as good as that from now on. */
  'room-quality': { sessionId: string; quality: CallQuality };
  /** It could not be joined, or did not come about. */
  'room-failed': { sessionId: string; code: ErrorCode };
}

export type MarketplaceRoomEventMap = {
  [T in keyof RoomEventFields]: SessionEvent & RoomEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceRoomEventMap {}
}
