import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { AccessClient } from '../access/access-client.js';
import { Feed, type FeedState } from '../access/feed.js';
import { callEach } from '../call-each.js';
import type { HttpRequest } from '../network/http-request.js';
import { pageOf } from '../page/browser-page.js';
import type { World } from '../world.js';
import type { DeskOptions } from './desk-options.js';
import { readFrame, takeFrame, type DeskState } from './desk-state.js';

/** Between two questions whose desk it is, ms; twice as long after each failure. */
const firstPauseMs = 1000;
const longestPauseMs = 64_000;

/**
 * `connecting` until the desk is known, `online` while it is heard, `reconnecting` while it is asked for again and again,
 * `refused` where that would change nothing.
 */
export type DeskConnection = 'connecting' | 'online' | 'reconnecting' | 'refused';

/** Whether somebody has to do something about it: who is signed in no more, or is no helper here. */
const isRefusal = ({ code, status = 0 }: SessionError): boolean =>
  code === 'CONFIGURATION_INVALID' || (status >= 400 && status < 500 && ![408, 425, 429].includes(status));

/**
 * What a page hears of one desk, by one stream for all who need it there: its desk and its bell. A tab of its own has a stream of
 * its own, so that each of them knows what it shows.
 */
class DeskLink {
  readonly #world: World;
  readonly #options: DeskOptions;
  readonly #listeners = new Set<() => void>();
  #over = new AbortController();
  #client: AccessClient | undefined;
  #feed: Feed | undefined;
  #feedState: FeedState = 'connecting';
  /** Whether this stream has told how things stand: until then what is known may be old. */
  #isHeard = false;
  /** The device says that it has no network: a stream of before tells so much later. */
  #isOffline = false;
  #failure: SessionError | undefined;
  #state: DeskState | undefined;
  /** By how much the service's clock is ahead of the device's, ms. */
  #offsetMs = 0;
  #wake = () => {};

  constructor(world: World, options: DeskOptions) {
    this.#world = world;
    this.#options = options;
  }

  get state(): DeskState | undefined {
    return this.#state;
  }

  /** The path of the helper, once it is known. */
  get helperPath(): string {
    return `/helpers/${encodeURIComponent(this.#state!.helper.id)}`;
  }

  get connection(): DeskConnection {
    if (this.#failure && isRefusal(this.#failure)) return 'refused';
    if (this.#feedState === 'live' && this.#isHeard && !this.#isOffline) return 'online';
    return this.#state || this.#feedState === 'lost' ? 'reconnecting' : 'connecting';
  }

  /** Why there is none, where that is known. */
  get code(): ErrorCode | undefined {
    return this.#failure?.code;
  }

  /** The service's clock, ms since the epoch. */
  now(): number {
    return this.#world.now() + this.#offsetMs;
  }

  /** Calls back after each change until the signal aborts; the last one to go ends the stream. */
  hold(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    signal.addEventListener('abort', () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    });
  }

  /** Asks the service in the helper's name. @throws {SessionError} as `AccessClient.request`. */
  request<Body>(request: HttpRequest): Promise<Body> {
    return this.#client!.request<Body>(request);
  }

  /** Somebody asks again: it is tried at once. */
  retry(): void {
    this.#client?.retry();
    this.#feed?.retry();
    this.#wake();
  }

  #open(): void {
    this.#over = new AbortController();
    try {
      this.#client = new AccessClient(this.#options, this.#world);
    } catch (error) {
      this.#failure = error as SessionError;
      return;
    }
    const { signal } = this.#over;
    pageOf(this.#world).listen((news) => {
      if (news !== 'offline' && news !== 'online') return;
      this.#isOffline = news === 'offline';
      callEach(this.#listeners);
    }, signal);
    void this.#listen(signal);
  }

  #close(): void {
    this.#over.abort(new DOMException('', 'AbortError'));
    this.#feed?.close();
    this.#client?.destroy();
    [this.#feed, this.#state, this.#failure] = [undefined, undefined, undefined];
    this.#feedState = 'connecting';
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const id = this.#options.helperId ?? (await this.#ownId(signal));
    if (signal.aborted || id === undefined) return;
    const path = `/helpers/${encodeURIComponent(id)}/events`;
    this.#feed = new Feed(
      this.#client!,
      {
        path,
        onEvent: (_, data) => this.#take(data),
        onState: (state, error) => this.#stands(state, error),
      },
      this.#world,
    );
  }

  /** Whom the access token speaks for: a helper finds nobody but himself. */
  async #ownId(signal: AbortSignal): Promise<string | undefined> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const request = { method: 'GET', path: '/helpers?limit=1' } as const;
        const { helpers } = await this.#client!.request<{ helpers: { id: string }[] }>(request, signal);
        const [own] = helpers;
        if (!own) throw new SessionError('HELPER_NOT_FOUND');
        return own.id;
      } catch (error) {
        if (signal.aborted) return undefined;
        this.#stands('lost', error instanceof SessionError ? error : undefined);
        await this.#pause(pauseMs * (0.5 + pageOf(this.#world).random() / 2), signal);
      }
    }
    return undefined;
  }

  #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#world.setTimeout(resolve, delayMs);
      this.#wake = () => {
        this.#world.clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', this.#wake);
    });
  }

  #stands(state: FeedState, error?: SessionError): void {
    this.#feedState = state;
    this.#failure = error;
    this.#isHeard = false;
    callEach(this.#listeners);
  }

  #take(data: unknown): void {
    const frame = readFrame(data);
    if (!frame) return;
    this.#state = takeFrame(this.#state, frame);
    this.#offsetMs = frame.server_time - this.#world.now();
    this.#isHeard ||= frame.type === 'desk.snapshot';
    // What is heard is a fact, and what the device says a hint.
    this.#isOffline = false;
    callEach(this.#listeners);
  }
}

export type { DeskLink };

const links = new WeakMap<World, Map<string, DeskLink>>();

/** The one link of a page to a desk. */
export function deskLink(world: World, options: DeskOptions): DeskLink {
  const ofWorld = links.get(world) ?? new Map<string, DeskLink>();
  links.set(world, ofWorld);
  const { apiEndpoint, accessTokenUrl, helperId } = options;
  const key = JSON.stringify([apiEndpoint, new URL(accessTokenUrl, world.address).href, helperId]);
  const link = ofWorld.get(key) ?? new DeskLink(world, options);
  ofWorld.set(key, link);
  return link;
}
