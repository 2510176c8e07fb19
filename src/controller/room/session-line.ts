import type { Participant } from '../../protocol/events.js';
import { signalEvent } from '../../protocol/room.js';
import type { HttpRequest } from '../network/http-request.js';
import type { LiveNews } from '../network/live-news.js';
import type { World } from '../world.js';
import { readSignal, type Signal } from './wire.js';

/**
 * What a line tells: a `signal` of the other side; that a side has been `lost`; that one may have missed something
 * (`restored`); that whether a room can be used may have changed (`changed`).
 */
export type LineNews =
  | { type: 'signal'; signal: Signal }
  | { type: 'lost'; participant: Participant | undefined }
  | { type: 'restored' }
  | { type: 'changed' };

/** How a room reaches its session: as the customer's page does, or a helper's. */
export interface SessionLine {
  readonly world: World;
  /** `closed` before there is a session or where its backend offers no rooms, `over` once the session has ended. */
  readonly state: 'closed' | 'open' | 'over';
  /** Undefined while it is closed. */
  readonly sessionId: string | undefined;
  /** The service's clock, ms since the epoch. */
  now(): number;
  /**
   * Asks about the session; the path is below that of the session, such as `/room`.
   * @throws {SessionError} the service's code, `CALL_REFUSED` while the line is closed, and the codes of HTTP.
   */
  request<Body>(request: HttpRequest): Promise<Body>;
  /** Calls back until `signal` aborts. */
  listen(listener: (news: LineNews) => void, signal: AbortSignal): void;
}

/** What a live event of a session means to a room; undefined where that is nothing. */
export function newsOf({ name, data }: LiveNews): LineNews | undefined {
  if (name === 'participant.lost')
    return { type: 'lost', participant: (data as { participant?: Participant }).participant };
  const signal = name === signalEvent ? readSignal(data) : undefined;
  return signal && { type: 'signal', signal };
}
