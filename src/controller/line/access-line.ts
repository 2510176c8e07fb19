import type { LiveEvent } from '../../protocol/events.js';
import { isFinal } from '../../protocol/state-machine.js';
import { AccessClient, type AccessClientOptions } from '../access/access-client.js';
import { Feed } from '../access/feed.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import type { HttpRequest, Transport } from '../network/http-request.js';
import type { LineNews, SessionLine } from './session-line.js';

export interface AccessLineOptions extends AccessClientOptions {
  /** The session that the person attends. */
  readonly sessionId: string;
}

/**
 * The line of somebody of the provider's side, such as a helper: by an access token with `sessions.read` and
 * `sessions.attend`. Whoever listens is in the session.
 */
export class AccessLine implements SessionLine {
  readonly world = browserWorld();
  readonly side = 'provider';
  readonly sessionId: string;
  readonly #client: AccessClient;
  readonly #path: string;
  readonly #listeners = new Set<(news: LineNews) => void>();
  /** While anybody listens. */
  #feed: Feed | undefined;
  #isOver = false;

  /** @throws {SessionError} `CONFIGURATION_INVALID` where `apiEndpoint` is no https address (localhost aside). */
  constructor(options: AccessLineOptions) {
    this.sessionId = options.sessionId;
    this.#path = `/sessions/${encodeURIComponent(options.sessionId)}`;
    this.#client = new AccessClient(options);
  }

  get state(): SessionLine['state'] {
    return this.#isOver ? 'over' : 'open';
  }

  /** Nobody has said what there is: whoever asks for what is not there is told. */
  offers(): boolean {
    return true;
  }

  now(): number {
    return this.world.now();
  }

  request<Body>(request: HttpRequest, sendBy?: Transport): Promise<Body> {
    return this.#client.request<Body>({ ...request, path: this.#path + request.path }, undefined, sendBy);
  }

  listen(listener: (news: LineNews) => void, signal: AbortSignal): void {
    const isFirst = this.#listeners.size === 0;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#feed?.close();
      this.#feed = undefined;
    });
    if (isFirst) this.#feed = this.#hear();
    // Who comes later is told what the others have been told; not before this has returned, as they were.
    else
      queueMicrotask(() => {
        if (signal.aborted) return;
        if (this.#isOver) listener({ type: 'changed' });
        else if (this.#feed?.state === 'live') listener({ type: 'restored' });
      });
  }

  /** One stream for all who listen: an origin has six connections over HTTP/1.1. */
  #hear(): Feed {
    const end = () => {
      this.#isOver = true;
      this.#tell({ type: 'changed' });
    };
    return new Feed(this.#client, {
      path: `${this.#path}/events`,
      onEvent: (name, data) => {
        const told = (data ?? {}) as Partial<LiveEvent>;
        const status = told.session?.status;
        if (name === 'session.ended' || (status && isFinal(status))) return end();
        this.#tell({ type: 'event', event: { name, data: told } });
      },
      onState: (state) => {
        if (state === 'live') this.#tell({ type: 'restored' });
        if (state === 'over') end();
      },
    });
  }

  #tell(news: LineNews): void {
    callEach([...this.#listeners].map((listener) => () => listener(news)));
  }

  /** Asks nothing any more. */
  close(): void {
    this.#client.destroy();
  }
}
