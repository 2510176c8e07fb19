import type { Capability } from '../../protocol/api.js';
import type { Participant } from '../../protocol/events.js';
import type { HttpRequest, Transport } from '../network/http-request.js';
import type { LiveNews } from '../network/live-news.js';
import type { World } from '../world.js';

/**
 * What a line tells: an `event` of the session; that something may have been missed (`restored`); that the session, its state
 * or what its backend offers may be another (`changed`).
 */
export type LineNews = { type: 'event'; event: LiveNews } | { type: 'restored' } | { type: 'changed' };

/** How what belongs to a session reaches it: as the customer's page does, or a helper's. */
export interface SessionLine {
  readonly world: World;
  /** The side that speaks here. */
  readonly side: Participant;
  /** `closed` before there is a session, `over` once it has ended. */
  readonly state: 'closed' | 'open' | 'over';
  /** Undefined while it is closed. */
  readonly sessionId: string | undefined;
  /** Whether the session's backend has it. */
  offers(capability: Capability): boolean;
  /** The service's clock, ms since the epoch. */
  now(): number;
  /**
   * Asks about the session; the path is below that of the session, such as `/room`.
   * @param sendBy sends it with the same authorization in another way than by `fetch`, once.
   * @throws {SessionError} the service's code, `CALL_REFUSED` while the line is closed, and the codes of HTTP. With `sendBy`
   *   `CALL_REFUSED` too in a tab without the session token: another one sends for it, by messages.
   */
  request<Body>(request: HttpRequest, sendBy?: Transport): Promise<Body>;
  /** Calls back until `signal` aborts. */
  listen(listener: (news: LineNews) => void, signal: AbortSignal): void;
}
