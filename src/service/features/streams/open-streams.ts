import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import {
  announcedApplication,
  announcedEvent,
  announcedProvider,
  eventsChannel,
} from '../../foundation/events/announcements.js';
import type { Subject } from '../../foundation/events/subject.js';
import { readSignalled } from '../rooms/index.js';
import { EventStream, type StreamStart } from './event-stream.js';
import { endsOf, readStrayed } from './stream-credential.js';

const tickMs = 1_000;
/** Streams of one subject on this instance, where its source says nothing else; one more ends the oldest. A browser needs one. */
const mostStreams = 16;
/** The readers of an instance that stops spread over this time, so that the others are not overrun, ms. */
const comeBackWithinMs = 7_000;

/**
 * All open streams of this instance. One listener on the database wakes those of the subject that has news; whatever else
 * they need, one timer does for all of them.
 */
export class OpenStreams {
  readonly #context: ServiceContext;
  readonly #streams = new Map<Subject, Set<EventStream>>();
  #unlisten = async () => {};
  #cancelTimer: (() => void) | undefined;
  #hasMissed = false;
  #isStopped = true;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    this.#unlisten = await this.#context.database.listen(eventsChannel, (payload) => {
      const subject = announcedEvent(payload ?? '')?.subject;
      const applicationId = announcedApplication(payload ?? '');
      const providerId = announcedProvider(payload ?? '');
      if (subject !== undefined) this.wake(subject);
      else if (applicationId !== undefined) this.#lookAtCredentials(applicationId);
      else if (providerId !== undefined) this.#lookAtIssuedTokens(providerId);
      else void this.#wakeMissed();
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
    const { source } = start;
    const ofSubject = this.#streams.get(source.subject) ?? new Set();
    this.#streams.set(source.subject, ofSubject.add(stream));
    source.opened?.();
    if (ofSubject.size > (source.mostStreams ?? mostStreams)) [...ofSubject][0]!.close();
    this.#cancelTimer ??= this.#context.timer(() => this.#tick(), tickMs);
    // It may have ended between the look at it and now, when nobody here was told of it.
    void this.#checkCredentials([stream]);
    return stream.body;
  }

  /** There may be news of it. */
  wake(subject: Subject): void {
    for (const stream of this.#streams.get(subject) ?? []) stream.wake();
  }

  /** Those of an application may have ended: secret keys, and session tokens of its pages. */
  #lookAtCredentials(applicationId: string): void {
    const ofApplication = this.#all().filter(({ credential }) => credential.applicationId === applicationId);
    for (const stream of ofApplication) stream.wake();
    void this.#checkCredentials(ofApplication);
  }

  /** Those of persons of a provider may have ended, or the origin of their pages. */
  #lookAtIssuedTokens(providerId: string): void {
    const ofProvider = this.#all().filter(({ credential }) => credential.issued?.providerId === providerId);
    void this.#checkCredentials(ofProvider);
  }

  /** Ends the streams whose secret keys or issued tokens do not count any more, now or when they expire. */
  async #checkCredentials(streams: readonly EventStream[]): Promise<void> {
    try {
      const ends = await endsOf(
        this.#context,
        streams.map(({ credential }) => credential),
      );
      streams.forEach((stream, n) => stream.endAt(ends[n]!));
    } catch (error) {
      this.#tryAgain(error);
    }
  }

  #all(): EventStream[] {
    return [...this.#streams.values()].flatMap((ofSubject) => [...ofSubject]);
  }

  #forget(stream: EventStream): void {
    const { source } = stream;
    const ofSubject = this.#streams.get(source.subject);
    if (!ofSubject?.delete(stream)) return;
    if (ofSubject.size === 0) this.#streams.delete(source.subject);
    source.closed?.();
  }

  #tick(): void {
    this.#cancelTimer = undefined;
    if (this.#streams.size === 0) return;
    this.#cancelTimer = this.#context.timer(() => this.#tick(), tickMs);
    if (this.#hasMissed) void this.#wakeMissed();
    const now = this.#context.now();
    for (const stream of this.#all()) stream.tick(now);
  }

  /** Notifications may have been lost: one look tells which subjects have news, another who is let in no more. */
  async #wakeMissed(): Promise<void> {
    this.#hasMissed = false;
    const all = this.#all();
    void this.#checkCredentials(all);
    const rows = JSON.stringify(all.map(({ source: { subject }, lastId }) => ({ subject, last_id: lastId })));
    try {
      const { rows: news } = await sql<{ subject: Subject }>`
        select distinct subject from jsonb_to_recordset(${rows}::jsonb) as streams(subject text, last_id bigint)
        where exists (select from events where events.subject = streams.subject and events.id > streams.last_id)`.execute(
        this.#context.kysely,
      );
      const strayed = await readStrayed(
        this.#context,
        all.map(({ credential }) => credential),
      );
      const signalled = await readSignalled(this.#context);
      for (const subject of [...news.map((row) => row.subject), ...strayed, ...signalled]) this.wake(subject);
    } catch (error) {
      this.#tryAgain(error);
    }
  }

  /** With the next tick. */
  #tryAgain(error: unknown): void {
    this.#hasMissed = true;
    this.#context.logger.error('live events could not be read', { error: String(error) });
  }
}
