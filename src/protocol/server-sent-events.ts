/** One event of a stream, as it was dispatched. */
export interface ServerSentEvent {
  /** `message` where the stream names none. */
  type: string;
  data: string;
  /** What `Last-Event-ID` wants once this event has been taken in. */
  lastEventId: string;
}

/** Reads a stream of server-sent events as it comes, in whatever pieces (HTML standard, 9.2.6). */
export class ServerSentEvents {
  /** Of the last block that has ended, also of one without data. */
  lastEventId: string;
  /** How long to wait before coming back after a break, ms; undefined where the stream has not said so. */
  retryMs: number | undefined;
  /** It takes a leading byte order mark away, and puts a replacement for what is no UTF-8. */
  readonly #decoder = new TextDecoder();
  /** The line that has not ended yet. */
  #line = '';
  /** Whether a line feed that comes next belongs to the line end before it. */
  #isAfterReturn = false;
  #type = '';
  #data = '';
  #id: string;

  /** @param lastEventId of the stream that this one goes on from; empty where it is the first. */
  constructor(lastEventId = '') {
    this.lastEventId = this.#id = lastEventId;
  }

  /** Takes in the next bytes. @returns the events that they complete, in order. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (!text) return [];
    const news = this.#isAfterReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.#isAfterReturn = text.endsWith('\r');
    // No other character ends a line: not U+2028, which JSON leaves as it is.
    const lines = (this.#line + news).split(/\r\n|\r|\n/);
    this.#line = lines.pop()!;
    return lines.flatMap((line) => this.#take(line) ?? []);
  }

  #take(line: string): ServerSentEvent | undefined {
    if (line === '') return this.#dispatch();
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (name === 'event') this.#type = value;
    if (name === 'data') this.#data += `${value}\n`;
    if (name === 'id' && !value.includes('\0')) this.#id = value;
    if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const type = this.#type || 'message';
    const data = this.#data;
    this.#type = this.#data = '';
    this.lastEventId = this.#id;
    return data ? { type, data: data.slice(0, -1), lastEventId: this.#id } : undefined;
  }
}
