import { SessionError } from '../../protocol/errors.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import { parseJson } from '../network/parse-json.js';
import { readStream, type StreamPlace } from '../network/read-stream.js';
import { pageOf } from '../page/browser-page.js';
import type { World } from '../world.js';
import type { AccessClient } from './access-client.js';

/** After a break it is asked for again within this time, by chance, ms; twice as long after each failure. */
const spreadMs = 2000;
const longestSpreadMs = 64_000;

/**
 * `connecting` before the first word, `live` while it is heard, `lost` while it is asked for again and again, `refused` where
 * that would change nothing, `over` once everything was told.
 */
export type FeedState = 'connecting' | 'live' | 'lost' | 'refused' | 'over';

export interface FeedOptions {
  /** Below the API endpoint, such as `/helpers/maria/events`. */
  readonly path: string;
  /** What was told, in its order. `data` is what its JSON holds; undefined where it is none. */
  onEvent(type: string, data: unknown): void;
  /** How it stands, after each change; with the reason of `lost` and `refused`, where there is one. */
  onState(state: FeedState, error?: SessionError): void;
}

/** Whether asking again would be answered the same: it is refused, and not for the time being, nor for the token's sake. */
const isForGood = ({ code, status = 0 }: SessionError) =>
  status >= 400 && status < 500 && ![408, 425, 429].includes(status) && !code.startsWith('ACCESS_TOKEN_');

/**
 * A stream of the service, heard in the name of a person until it is closed: what breaks is asked for again, behind the last
 * event where events have ids. It lets go while the page is put away, and is there at once when page or network are back.
 */
export class Feed {
  readonly #client: AccessClient;
  readonly #options: FeedOptions;
  readonly #world: World;
  readonly #over = new AbortController();
  readonly #place: StreamPlace = { lastEventId: '', retryMs: 0 };
  #state: FeedState = 'connecting';
  #failure: SessionError | undefined;
  /** Of the stream that is open. */
  #stop: AbortController | undefined;
  #isSuspended = false;
  /** Ends the pause before the next one. */
  #wake = () => {};

  constructor(client: AccessClient, options: FeedOptions, world: World = browserWorld()) {
    this.#client = client;
    this.#options = options;
    this.#world = world;
    pageOf(world).listen((news) => {
      if (news === 'suspended' || news === 'resumed') this.#isSuspended = news === 'suspended';
      // The line of a network that was left says nothing for long.
      if (/suspended|resumed|online/.test(news)) this.#stop?.abort();
      if (/resumed|online|shown/.test(news) && this.#state !== 'refused') this.#wake();
    }, this.#over.signal);
    void this.#hearOn();
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Somebody asks again: it is tried at once. */
  retry(): void {
    this.#client.retry();
    this.#wake();
  }

  /** Hears nothing any more, and tells nothing. */
  close(): void {
    this.#over.abort();
    this.#stop?.abort();
    this.#wake();
  }

  async #hearOn(): Promise<void> {
    const page = pageOf(this.#world);
    let spread = spreadMs;
    while (!this.#over.signal.aborted) {
      const outcome = await this.#hear();
      if (outcome === 'over') return this.#tell('over');
      // One that has told something was good, however it ended.
      spread = outcome === 'heard' ? spreadMs : Math.min(spread * 2, longestSpreadMs);
      const failure = this.#failure;
      const isRefused = failure !== undefined && isForGood(failure);
      this.#tell(isRefused ? 'refused' : 'lost', failure);
      const retryMs = Math.min(this.#place.retryMs, longestSpreadMs);
      await this.#pause(isRefused || this.#isSuspended ? undefined : retryMs + page.random() * spread);
    }
  }

  async #hear(): Promise<'heard' | 'broken' | 'over'> {
    const stop = (this.#stop = new AbortController());
    this.#failure = undefined;
    const ask = async (headers: Record<string, string>) => {
      const request = { method: 'GET', path: this.#options.path, headers } as const;
      try {
        const answer = await this.#client.open(request, stop);
        return answer.status === 204 ? undefined : answer;
      } catch (error) {
        if (error instanceof SessionError) this.#failed(error);
        throw error;
      }
    };
    return readStream(
      this.#world,
      {
        place: this.#place,
        ask,
        opened: () => this.#tell('live'),
        take: ({ type, data }) => this.#call(() => this.#options.onEvent(type, parseJson(data))),
      },
      stop,
    );
  }

  #failed(error: SessionError): void {
    // The service knows nothing of that id: from the start, and not refused for good.
    if (this.#place.lastEventId && error.status === 400) this.#place.lastEventId = '';
    else this.#failure = error;
  }

  /** @param delayMs until it is woken where nothing is said. */
  async #pause(delayMs: number | undefined): Promise<void> {
    if (this.#over.signal.aborted) return;
    let timer: number | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (delayMs !== undefined) timer = this.#world.setTimeout(resolve, delayMs);
    });
    this.#wake = () => {};
    this.#world.clearTimeout(timer);
  }

  #tell(state: FeedState, error?: SessionError): void {
    this.#state = state;
    this.#call(() => this.#options.onState(state, error));
  }

  #call(callback: () => void): void {
    if (!this.#over.signal.aborted) callEach([callback]);
  }
}
