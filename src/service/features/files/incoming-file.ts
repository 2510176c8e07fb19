import { createHash } from 'node:crypto';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { beginningBytes } from './content-type.js';

/** Who sends nothing for so long is not waited for, ms. */
const stalledMs = 30_000;
/** So long nobody asks how fast somebody sends, ms. */
const graceMs = 30_000;
/** The least rate after that, bytes a second; large files come faster, so that none takes longer than the longest. */
const leastRate = 4_096;
/** The longest that a file may take to arrive, ms. */
export const longestMs = 3_600_000;

/** A file while it arrives: what is sent is passed on as it comes, counted and hashed on the way. */
export class IncomingFile {
  readonly #context: ServiceContext;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #size: number;
  readonly #startedAt: number;
  readonly #hash = createHash('sha256');
  /** What was read for its type. */
  #begun: Uint8Array[] = [];
  #received = 0;
  #failure: unknown;

  /** @param size bytes that are to come. */
  constructor(context: ServiceContext, body: ReadableStream<Uint8Array>, size: number) {
    this.#context = context;
    this.#reader = body.getReader();
    this.#size = size;
    this.#startedAt = context.now();
  }

  /** Why it did not come whole; undefined where that is not its sender's fault. */
  get failure(): unknown {
    return this.#failure;
  }

  /** SHA-256 of all of it, hex; once the content has come to its end. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Its first bytes, which the content holds too. */
  async beginning(): Promise<Uint8Array> {
    let length = 0;
    while (length < Math.min(this.#size, beginningBytes)) {
      const chunk = await this.#next();
      if (!chunk) break;
      this.#begun.push(chunk);
      length += chunk.length;
    }
    return Buffer.concat(this.#begun).subarray(0, beginningBytes);
  }

  /** All of it. @throws {SessionError} `BODY_MALFORMED` where it is not as long as it was said to be, `REQUEST_TIMED_OUT` */
  async *content(): AsyncGenerator<Uint8Array, void, undefined> {
    const begun = this.#begun;
    this.#begun = [];
    yield* begun;
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) yield chunk;
    if (this.#received !== this.#size) this.#fail(new SessionError('BODY_MALFORMED'));
  }

  /** Takes no more of it. */
  leave(): void {
    this.#reader.cancel().catch(() => {});
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#inTime(this.#reader.read()).catch((error: unknown) =>
      this.#fail(error),
    );
    if (done) return undefined;
    this.#received += value.length;
    if (this.#received > this.#size) this.#fail(new SessionError('BODY_MALFORMED'));
    this.#requirePace();
    this.#hash.update(value);
    return value;
  }

  async #inTime<T>(reading: Promise<T>): Promise<T> {
    let cancel = () => {};
    const stalled = new Promise<never>((_, reject) => {
      cancel = this.#context.timer(() => reject(new SessionError('REQUEST_TIMED_OUT')), stalledMs);
    });
    return Promise.race([reading, stalled]).finally(() => cancel());
  }

  #requirePace(): void {
    const sendingMs = this.#context.now() - this.#startedAt - graceMs;
    const rate = Math.max(leastRate, (this.#size * 1000) / (longestMs - 2 * graceMs));
    if (this.#received < (sendingMs * rate) / 1000) this.#fail(new SessionError('REQUEST_TIMED_OUT'));
  }

  #fail(error: unknown): never {
    this.#failure ??= error;
    throw error;
  }
}
