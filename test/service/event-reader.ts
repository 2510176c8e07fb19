import type { LiveEvent } from '../../src/protocol/events.js';
import { until } from './fixtures.js';

export interface Frame {
  id: number;
  event: string;
  data: LiveEvent;
}

/** Reads a stream of live events, frame by frame, as it comes. */
export class EventReader {
  readonly response: Response;
  readonly frames: Frame[] = [];
  /** What came of the other side's presence, which keeps no time with the changes of the session. */
  readonly presence: Frame[] = [];
  /** Comments and `retry` lines, as they are. */
  readonly others: string[] = [];
  isOver = false;
  readonly #abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    void this.#read().then(
      () => (this.isOver = true),
      () => (this.isOver = true),
    );
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return new EventReader(response, abort);
  }

  get ids(): number[] {
    return this.frames.map(({ id }) => id);
  }

  get types(): string[] {
    return this.frames.map(({ event }) => event);
  }

  /** Waits until that many frames have come. */
  async atLeast(count: number): Promise<Frame[]> {
    await until(() => this.frames.length >= count || this.isOver).catch(() => {});
    const { length } = this.frames;
    if (length < count)
      throw new Error(
        `${length} of ${count} frames came, and the stream ${this.isOver ? 'ended' : 'is open'}`,
      );
    return this.frames;
  }

  async untilOver(): Promise<void> {
    await until(() => this.isOver);
  }

  leave(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of this.response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const [, id, event, json] = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/.exec(block) ?? [];
    if (id === undefined) this.others.push(block);
    else {
      const list = event!.startsWith('participant.') ? this.presence : this.frames;
      list.push({ id: Number(id), event: event!, data: JSON.parse(json!) as LiveEvent });
    }
  }
}
