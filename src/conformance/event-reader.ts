import { ServerSentEvents, type ServerSentEvent } from '../protocol/server-sent-events.js';
import { expect, shown, Violation } from './expect.js';
import type { Backend, JsonObject } from './backend.js';

export interface Frame {
  id: string;
  event: string;
  data: JsonObject;
}

/** Whose events are read, such as a session: they are below its path. */
export interface Subject {
  backend: Backend;
  path: string;
  token: string;
}

export interface Reading {
  /** Who reads; whoever has the subject's token where it is left out. */
  as?: string;
  /** The event after which it goes on; from the snapshot where there is none. */
  lastId?: string;
  /** Whether it reads who else is there too; it is passed over where this is left out. */
  withPresence?: boolean;
}

const usualWaitMs = 5_000;

/** Reads server-sent events (HTML standard, 9.2) one after the other. */
export class EventReader {
  readonly #frames: AsyncGenerator<Frame>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  private constructor(body: ReadableStream<Uint8Array>, withPresence: boolean) {
    this.#reader = body.getReader();
    this.#frames = this.#read(withPresence);
  }

  static async open(
    { backend, path, token }: Subject,
    { as = token, lastId, withPresence = false }: Reading = {},
  ): Promise<EventReader> {
    const headers = { ...(lastId !== undefined && { 'Last-Event-ID': lastId }) };
    const response = await backend.open('GET', `${path}/events`, { token: as, headers });
    expect(response.status === 200, `GET ${path}/events answers ${response.status}`);
    const type = response.headers.get('content-type') ?? '';
    expect(/^text\/event-stream\b/i.test(type), `the content type is ${shown(type)}, not text/event-stream`);
    return new EventReader(response.body!, withPresence);
  }

  /** @throws {Violation} where none comes in time, or the stream is over. */
  async next(waitMs = usualWaitMs): Promise<Frame> {
    const { value, done } = await this.#inTime(this.#frames.next(), waitMs);
    expect(!done, 'the stream is over, and an event is missing');
    return value as Frame;
  }

  /** @throws {Violation} where another event comes, or the stream goes on. */
  async untilOver(): Promise<void> {
    const { value, done } = await this.#inTime(this.#frames.next(), usualWaitMs);
    expect(done === true, `the stream is to be over, and ${(value as Frame)?.event} comes`);
  }

  leave(): void {
    this.#reader.cancel().catch(() => {});
  }

  async #inTime<T>(promise: Promise<T>, waitMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Violation(`nothing came within ${waitMs / 1000} s`)), waitMs);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  async *#read(withPresence: boolean): AsyncGenerator<Frame> {
    const stream = new ServerSentEvents();
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return;
      for (const event of stream.push(value)) {
        if (withPresence || !event.type.startsWith('participant.')) yield toFrame(event);
      }
    }
  }
}

function toFrame({ lastEventId, type, data }: ServerSentEvent): Frame {
  return { id: lastEventId, event: type, data: parseData(type, data) };
}

function parseData(type: string, data: string): JsonObject {
  try {
    return JSON.parse(data) as JsonObject;
  } catch {
    throw new Violation(`the data of ${shown(type)} is no JSON`);
  }
}
