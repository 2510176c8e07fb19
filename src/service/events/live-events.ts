import { sql } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import type { Database } from '../database/database.js';
import type { Timer } from '../due-scheduler.js';
import { announcedSession, outboxChannel } from '../outbox.js';
import type { Attendance } from '../presence/attendance.js';
import { EventStream, type StreamStart } from './event-stream.js';

const tickMs = 1_000;
/** Streams of one session on this instance; one more ends the oldest. A browser needs one. */
const maxStreamsPerSession = 16;
/** The readers of an instance that stops spread over this time, so that the others are not overrun, ms. */
const comeBackWithinMs = 7_000;

/**
 * All open streams of this instance. One listener on the database wakes those of the session that has news; whatever else
 * they need, one timer does for all of them.
 */
export class LiveEvents {
  readonly #context: ServiceContext;
  readonly #database: Database;
  readonly #timer: Timer;
  readonly #attendance: Attendance;
  readonly #streams = new Map<string, Set<EventStream>>();
  #unlisten = async () => {};
  #cancelTimer: (() => void) | undefined;
  #hasMissed = false;
  #isStopped = true;

  constructor(context: ServiceContext, database: Database, timer: Timer, attendance: Attendance) {
    this.#context = context;
    this.#database = database;
    this.#timer = timer;
    this.#attendance = attendance;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    this.#unlisten = await this.#database.listen(outboxChannel, (payload) => {
      const sessionId = payload === null ? undefined : announcedSession(payload);
      if (sessionId === undefined) void this.#wakeMissed();
      else for (const stream of this.#streams.get(sessionId) ?? []) stream.wake();
    });
  }

  /** Ends every stream, and tells their readers to come back one after the other. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const unlisten = this.#unlisten;
    this.#unlisten = async () => {};
    await unlisten();
    for (const stream of this.#all()) stream.sendAway(Math.round(1000 + Math.random() * comeBackWithinMs));
  }

  /** How many streams are open. */
  get size(): number {
    return this.#all().length;
  }

  /** @throws {SessionError} `SERVICE_UNAVAILABLE` once the service is closing. */
  open(start: StreamStart): ReadableStream<Uint8Array> {
    if (this.#isStopped) throw new SessionError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 3 });
    const stream = new EventStream(this.#context, start, (closed) => this.#forget(closed));
    const ofSession = this.#streams.get(start.sessionId) ?? new Set();
    this.#streams.set(start.sessionId, ofSession.add(stream));
    if (start.participant) this.#attendance.came(start.sessionId, start.participant);
    if (ofSession.size > maxStreamsPerSession) [...ofSession][0]!.close();
    this.#cancelTimer ??= this.#timer(() => this.#tick(), tickMs);
    return stream.body;
  }

  #all(): EventStream[] {
    return [...this.#streams.values()].flatMap((ofSession) => [...ofSession]);
  }

  #forget(stream: EventStream): void {
    const ofSession = this.#streams.get(stream.sessionId);
    if (!ofSession?.delete(stream)) return;
    if (ofSession.size === 0) this.#streams.delete(stream.sessionId);
    if (stream.participant) this.#attendance.went(stream.sessionId, stream.participant);
  }

  #tick(): void {
    this.#cancelTimer = undefined;
    if (this.#streams.size === 0) return;
    this.#cancelTimer = this.#timer(() => this.#tick(), tickMs);
    if (this.#hasMissed) void this.#wakeMissed();
    const now = this.#context.now();
    for (const stream of this.#all()) stream.tick(now);
  }

  /** Notifications may have been lost: one look tells which sessions have news. */
  async #wakeMissed(): Promise<void> {
    this.#hasMissed = false;
    const all = this.#all();
    const rows = JSON.stringify(
      all.map(({ sessionId, lastId }) => ({ session_id: sessionId, last_id: lastId })),
    );
    try {
      const { rows: news } = await sql<{ session_id: string }>`
        select distinct outbox.session_id
        from jsonb_to_recordset(${rows}::jsonb) as streams(session_id text, last_id bigint)
        join outbox on outbox.session_id = streams.session_id and outbox.id > streams.last_id`.execute(
        this.#context.kysely,
      );
      for (const { session_id } of news)
        for (const stream of this.#streams.get(session_id) ?? []) stream.wake();
    } catch (error) {
      // The next tick tries again.
      this.#hasMissed = true;
      this.#context.logger.error('live events could not be read', { error: String(error) });
    }
  }
}
