import type { LiveEvent } from '../protocol/events.js';
import { ServerSentEvents } from '../protocol/server-sent-events.js';
import { ApiError, InvalidAnswerError } from './errors.js';
import { sleep, untilAborted } from './in-time.js';
import { mayTryAgain, pauseMsAfter } from './retries.js';
import type { Call, Transport } from './transport.js';
import { fromWire, type FromWire } from './wire.js';

/** One event of a session, by `type`, with the whole session. */
export type SessionEvent = FromWire<LiveEvent>;

export interface EventOptions {
  /** Ends the iteration; it throws the signal's reason then. */
  signal?: AbortSignal | undefined;
}

/** A stream that says nothing, not even that it is there, for so long is lost, ms. */
const longestSilenceMs = 45_000;

/**
 * Reads the live events of a session until it has ended. What is lost on the way is taken up behind the last event.
 * @throws {ApiError} where the service refuses it for good.
 */
export async function* readEvents(
  transport: Transport,
  path: string,
  { signal = new AbortController().signal }: EventOptions = {},
): AsyncGenerator<SessionEvent, void, undefined> {
  let lastEventId = '';
  let pauseMs: number | undefined;
  for (let failures = 0; ;) {
    const reader = new StreamReader(signal);
    try {
      const headers = { Accept: 'text/event-stream', ...(lastEventId && { 'Last-Event-ID': lastEventId }) };
      const call: Call = { method: 'GET', path, options: { headers } };
      const response = await reader.within(transport.open(call, reader.signal));
      // The session has ended and every event was sent.
      if (response.status === 204) return;
      const events = new ServerSentEvents(lastEventId);
      for await (const bytes of reader.read(response)) {
        for (const { type, data } of events.push(bytes)) {
          failures = 0;
          yield fromWire({ ...(JSON.parse(data) as object), type }) as SessionEvent;
        }
        lastEventId = events.lastEventId;
        pauseMs = events.retryMs ?? pauseMs;
      }
      failures += 1;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof InvalidAnswerError || error instanceof SyntaxError) throw error;
      if (error instanceof ApiError && !mayTryAgain(error.status, error.code, true)) throw error;
      failures += 1;
    } finally {
      reader.close();
    }
    await sleep(failures > 1 ? pauseMsAfter(failures, undefined) : (pauseMs ?? 1000), signal);
  }
}

/** One connection, which is given up after a silence. */
class StreamReader {
  readonly #closing = new AbortController();
  readonly signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#closing.signal]);
  }

  within<T>(promise: Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), longestSilenceMs);
    return untilAborted(this.signal, promise);
  }

  async *read({ body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = body!.getReader();
    for (;;) {
      const { done, value } = await this.within(chunks.read());
      if (done) return;
      yield value;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
  }
}
