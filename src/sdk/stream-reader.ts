import { untilAborted } from './in-time.js';

export interface StreamOptions {
  /** Ends the iteration; it throws the signal's reason then. */
  signal?: AbortSignal | undefined;
}

/** A stream that says nothing, not even that it is there, for so long is lost, ms. */
const longestSilenceMs = 45_000;

/** One connection, which is given up after a silence. */
export class StreamReader {
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
