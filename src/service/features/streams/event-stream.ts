import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import { keepAliveLine, retryLine, usualRetryMs } from './frame.js';
import type { StreamCredential } from './stream-credential.js';
import type { StreamSource } from './stream-source.js';

/** Where a stream begins. */
export interface StreamStart {
  source: StreamSource;
  /** The events after this id are sent. */
  lastId: number;
  /** Whether the subject as it stands comes first. */
  withSnapshot: boolean;
  /** What ends it ends the stream. */
  credential: StreamCredential;
}

/** Events that are read at a time. */
const batchSize = 50;
/** What may wait for a slow reader, bytes. */
const bufferBytes = 65_536;
const keepAliveMs = 15_000;
/** A reader that takes nothing for so long is dropped; it comes back with Last-Event-ID. */
const stuckForMs = 30_000;

const encoder = new TextEncoder();

/**
 * One reader of a subject's events. It reads them when it is woken and there is room, whatever woke it, so that
 * wake-ups may be lost in each other but no event is.
 */
export class EventStream {
  readonly source: StreamSource;
  readonly credential: StreamCredential;
  readonly body: ReadableStream<Uint8Array>;
  readonly #context: ServiceContext;
  /** When its credential ends, ms since the epoch. */
  #endsAt = Infinity;
  readonly #onClose: (stream: EventStream) => void;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #lastId: number;
  #needsSnapshot: boolean;
  #isWanted = true;
  #isReading = false;
  #isClosed = false;
  #quietSince: number;
  #stuckSince: number | undefined;

  constructor(context: ServiceContext, start: StreamStart, onClose: (stream: EventStream) => void) {
    this.source = start.source;
    this.credential = start.credential;
    this.#context = context;
    this.#onClose = onClose;
    this.#lastId = start.lastId;
    this.#needsSnapshot = start.withSnapshot;
    this.#quietSince = context.now();
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          this.#write(retryLine(usualRetryMs));
        },
        pull: () => this.#read(),
        cancel: () => this.#leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
    );
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** There may be something new. */
  wake(): void {
    this.#isWanted = true;
    void this.#read();
  }

  /** Looks after itself, about once a second: keep-alive, a read that failed, a reader that is stuck. */
  tick(now: number): void {
    if (now >= this.#endsAt) return this.close();
    if (this.#hasRoom()) {
      this.#stuckSince = undefined;
      if (now - this.#quietSince >= keepAliveMs) this.#write(keepAliveLine);
      void this.#read();
    } else {
      this.#stuckSince ??= now;
      if (now - this.#stuckSince >= stuckForMs) this.#drop();
    }
  }

  /** Its credential ends then. */
  endAt(at: number): void {
    this.#endsAt = at;
    if (this.#context.now() >= at) this.close();
  }

  /** Ends the stream of a reader who is to come back, after so long. */
  sendAway(retryMs: number): void {
    if (!this.#isClosed) this.#write(retryLine(retryMs));
    this.close();
  }

  /** Ends the stream; what is written already still arrives. */
  close(): void {
    if (this.#isClosed) return;
    this.#leave();
    this.#controller.close();
  }

  #drop(): void {
    this.#leave();
    this.#controller.error(new Error('a reader of live events took nothing for too long'));
  }

  #leave(): void {
    this.#isClosed = true;
    this.#onClose(this);
  }

  #hasRoom(): boolean {
    return (this.#controller.desiredSize ?? 0) > 0;
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isWanted && !this.#isClosed && this.#hasRoom()) {
        this.#isWanted = false;
        await this.#readBatch();
      }
    } catch (error) {
      // The next tick tries again.
      this.#isWanted = true;
      this.#context.logger.error('live events could not be read', { error: String(error) });
    } finally {
      this.#isReading = false;
    }
  }

  async #readBatch(): Promise<void> {
    const events = this.source.hasNoEvents ? [] : await this.#nextEvents();
    const told = await this.source.tell(events, this.#lastId, this.#needsSnapshot);
    if (this.#isClosed) return;
    if (!told) return this.close();

    if (told.frames.length > 0) this.#write(told.frames.join(''));
    this.#needsSnapshot = false;
    this.#lastId = events.at(-1)?.id ?? this.#lastId;
    if (told.isOver) this.close();
    else if (events.length === batchSize || told.hasMore) this.#isWanted = true;
  }

  #nextEvents(): Promise<EventRow[]> {
    return this.#context.kysely
      .selectFrom('events')
      .selectAll()
      .where('subject', '=', this.source.subject)
      .where('id', '>', this.#lastId)
      .orderBy('id')
      .limit(batchSize)
      .execute();
  }

  #write(text: string): void {
    this.#quietSince = this.#context.now();
    this.#controller.enqueue(encoder.encode(text));
  }
}
