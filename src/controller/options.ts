import { SessionError } from '../protocol/errors.js';
import type { SessionEvent } from './events.js';
import type { Logger } from './logger.js';

/** Called around each request; for headers of your own, or for measuring. */
export interface HttpHooks {
  /** May change the headers before the request leaves. */
  request?(url: string, headers: Headers): void;
  /** Sees each answer, also refused ones. */
  response?(response: Response): void;
}

export interface SessionControllerOptions {
  /** Address of the session service, such as `https://market.example/api/v1`. https only, localhost aside. */
  readonly apiEndpoint: string;
  /** The application that session tokens must be for. */
  readonly applicationId?: string | undefined;
  /** Where the marketplace publishes its keys; set, the session token is verified in the page too. */
  readonly jwksUri?: string | undefined;
  /** A session token, where the program has it already. */
  readonly sessionToken?: string | undefined;
  /** Asks the program for a session token when the address holds none. */
  readonly getSessionToken?: (() => Promise<string>) | undefined;
  /** An address of the page's own server that answers `{session_token}`. */
  readonly sessionTokenUrl?: string | undefined;
  /** Name of the query parameter that holds the session token; default `session`. */
  readonly tokenParam?: string | undefined;
  /**
   * Names the place of this session where a page has several, as an element's id does: each keeps its session token for a
   * reload by itself. `tokenParam` names it too.
   */
  readonly id?: string | undefined;
  /** Seconds left at which to warn; default 300 and 60. */
  readonly warningSeconds?: readonly number[] | undefined;
  /** Minutes to offer of those that the service sells; default 15, 30 and 60. */
  readonly extendMinutes?: readonly number[] | undefined;
  /** Whether the time stops while no tab of the session is looked at, where the service lets it; default false. */
  readonly pauseOnHidden?: boolean | undefined;
  /**
   * Whether to count what happens to the session in this page, for the provider's figures: numbers alone, never a person, an
   * address or a text. Default false; a browser with Global Privacy Control or Do Not Track is never counted.
   */
  readonly analytics?: boolean | undefined;
  /** Seconds between heartbeats until the service says otherwise; default 30. */
  readonly heartbeatSeconds?: number | undefined;
  /** Origins that may be returned to, beside the service's, the page's own and those that the application has registered. */
  readonly returnOrigins?: readonly string[] | undefined;
  /** Whether to leave for the return address at the end; default true. */
  readonly redirect?: boolean | undefined;
  readonly hooks?: HttpHooks | undefined;
  /** Where to log; default nowhere. */
  readonly logger?: Logger | undefined;
  /** Whether to log to the console where no `logger` is set; default false. */
  readonly debug?: boolean | undefined;
  /**
   * In place of a service one in memory, which sells this page a session, to try things: `[]`, or words such as `duration=120`
   * (seconds), `tokens=500` and `price=10` (tokens a minute). Refused (`SANDBOX_REFUSED`) where `apiEndpoint` is not of this
   * machine, or there is a session token.
   */
  readonly sandbox?: readonly string[] | undefined;
  /** Hears of each event before its listeners do. @internal */
  heard?(event: SessionEvent): void;
}

/**
 * An address of the service's without a trailing slash.
 * @throws {SessionError} `CONFIGURATION_INVALID` where it is no https address (localhost aside).
 */
export function checkedAddress(address: string): string {
  const isSafe = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/.test(address);
  if (!isSafe || !URL.canParse(address)) throw new SessionError('CONFIGURATION_INVALID');
  return String(address).replace(/\/+$/, '');
}
