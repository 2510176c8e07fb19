import type { ServiceContext } from '../../foundation/context.js';
import { longestMs } from './incoming-file.js';
import type { ScanFile } from './options.js';
import type { FileStorage } from './storage/file-storage.js';

/** A storage that does nothing for so long is not waited for, ms. */
const stalledMs = 60_000;
/** So long a file may be looked at, ms: whoever has sent it waits for five minutes. */
const scanMs = 180_000;

interface Handed {
  size: number;
  contentType: string;
}

/** What is kept of a file in the storage, while it is put there and looked at: neither is waited for without end. */
export class StoredObject {
  readonly #context: ServiceContext;
  readonly #storage: FileStorage;
  readonly #id: string;
  /** Aborts where it is for nothing. */
  readonly #lost: AbortSignal;
  #mayStillCome = false;

  constructor(context: ServiceContext, storage: FileStorage, id: string, lost: AbortSignal) {
    this.#context = context;
    this.#storage = storage;
    this.#id = id;
    this.#lost = lost;
  }

  /** Whether the storage may have all of it, and keep it although it did not say so: a removal now may come too early. */
  get mayStillCome(): boolean {
    return this.#mayStillCome;
  }

  /** @throws what the storage or the content fails by, and where the storage does nothing. */
  async put(content: AsyncIterable<Uint8Array>, { size, contentType }: Handed): Promise<void> {
    const over = new AbortController();
    let cancel = () => {};
    const expectMore = () => {
      cancel();
      cancel = this.#context.timer(() => over.abort(new Error('the storage does not go on')), stalledMs);
    };
    const signal = AbortSignal.any([this.#lost, over.signal, AbortSignal.timeout(longestMs)]);
    const handedOver = this.#handOver(content, size, { expectMore, cancel: () => cancel() });
    expectMore();
    try {
      await unlessAborted(this.#storage.put(this.#id, handedOver, { size, contentType, signal }), signal);
      this.#mayStillCome = false;
    } finally {
      cancel();
    }
  }

  /** The storage is waited for while it has something to do, and not while more has to come from the sender. */
  async *#handOver(
    content: AsyncIterable<Uint8Array>,
    size: number,
    { expectMore, cancel }: { expectMore(): void; cancel(): void },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    let handed = 0;
    for await (const chunk of content) {
      handed += chunk.length;
      this.#mayStillCome = handed >= size;
      expectMore();
      yield chunk;
      cancel();
    }
    expectMore();
  }

  /** @throws what the scan fails by, and where it does not come to an end. */
  async scan(scan: ScanFile, file: Parameters<ScanFile>[1]): ReturnType<ScanFile> {
    const over = new AbortController();
    const cancel = this.#context.timer(() => over.abort(new Error('the scan does not end')), scanMs);
    const signal = AbortSignal.any([this.#lost, over.signal]);
    const look = async () => {
      const stored = await this.#storage.get(this.#id);
      if (!stored) throw new Error('what was stored is not there');
      return scan(untilAborted(stored, over.signal), file);
    };
    try {
      return await unlessAborted(look(), signal);
    } finally {
      cancel();
      over.abort();
    }
  }
}

/**
 * A stream that is let go once the signal aborts, whatever its reader does; who reads on is given the reason. (`pipeThrough` lets go
 * only once everything was taken that it has read.)
 */
function untilAborted(source: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  signal.addEventListener('abort', () => void reader.cancel(signal.reason).catch(() => {}));
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        signal.throwIfAborted();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** What a promise gives; once the signal has aborted its reason is thrown, and what the promise gives later is dropped. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
