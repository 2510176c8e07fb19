import type { Selectable } from 'kysely';
import type { Participant } from '../../protocol/events.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { ServiceContext } from '../context.js';
import type { OutboxTable } from '../database/schema.js';
import { presencesFor } from '../presence/presences.js';
import { readSession, toSession } from '../sessions/session-view.js';
import { eventFrame, keepAliveLine, retryLine, snapshotFrame, usualRetryMs } from './frame.js';

/** Where a stream begins. */
export interface StreamStart {
  sessionId: string;
  /** The events after this id are sent. */
  lastId: number;
  /** Whether the session as it stands comes first. */
  withSnapshot: boolean;
  /** The launch whose session token opened it: a later launch ends it. Undefined for a server, which stays. */
  launchCount: number | undefined;
  /** Which side reads it; undefined for who only looks on. */
  participant: Participant | undefined;
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
 * One reader of a session's events. It reads the outbox when it is woken and there is room, whatever woke it, so that
 * wake-ups may be lost in each other but no event is.
 */
export class EventStream {
  readonly sessionId: string;
  readonly participant: Participant | undefined;
  readonly body: ReadableStream<Uint8Array>;
  readonly #context: ServiceContext;
  readonly #launchCount: number | undefined;
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
    this.sessionId = start.sessionId;
    this.participant = start.participant;
    this.#context = context;
    this.#launchCount = start.launchCount;
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
    if (this.#hasRoom()) {
      this.#stuckSince = undefined;
      if (now - this.#quietSince >= keepAliveMs) this.#write(keepAliveLine);
      void this.#read();
    } else {
      this.#stuckSince ??= now;
      if (now - this.#stuckSince >= stuckForMs) this.#drop();
    }
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
    const events = await this.#context.kysely
      .selectFrom('outbox')
      .selectAll()
      .where('session_id', '=', this.sessionId)
      .where('id', '>', this.#lastId)
      .orderBy('id')
      .limit(batchSize)
      .execute();
    // After the events: the session in a frame is never older than the event.
    const view = await readSession(this.#context, this.sessionId);
    const presence =
      this.#needsSnapshot && (await presencesFor(this.#context, this.sessionId, this.participant));
    if (this.#isClosed) return;
    if (this.#launchCount !== undefined && this.#launchCount !== view.launch_count) return this.close();

    const standing = { session: toSession(view), serverTime: view.read_at };
    if (presence) this.#write(snapshotFrame(this.#lastId, standing, presence));
    this.#needsSnapshot = false;
    for (const event of events) {
      if (!this.#isOwnPresence(event)) this.#write(eventFrame(event, standing));
      this.#lastId = event.id;
      if (event.type === 'session.ended') return this.close();
    }
    if (events.length === batchSize) this.#isWanted = true;
    else if (isFinal(view.status)) await this.#closeIfEndWasTold();
  }

  /** Nobody is told that he is there himself. */
  #isOwnPresence({ type, payload }: Selectable<OutboxTable>): boolean {
    return (
      type.startsWith('participant.') &&
      (payload as { participant?: Participant }).participant === this.participant
    );
  }

  /** A stream that began after the end has nothing to wait for. */
  async #closeIfEndWasTold(): Promise<void> {
    const end = await this.#context.kysely
      .selectFrom('outbox')
      .select('id')
      .where('session_id', '=', this.sessionId)
      .where('type', '=', 'session.ended')
      .where('id', '<=', this.#lastId)
      .executeTakeFirst();
    if (end) this.close();
  }

  #write(text: string): void {
    this.#quietSince = this.#context.now();
    this.#controller.enqueue(encoder.encode(text));
  }
}
