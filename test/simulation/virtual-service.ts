import type { HeartbeatAnswer, ValidateAnswer } from '../../src/protocol/api.js';
import type { VirtualTime } from './virtual-time.js';

export const sessionId = 'c0ffee00-0000-4000-8000-000000000001';
/** Of each session: longer than any simulation. */
const deadlineSeconds = 172_800;
/** From a request to its answer. */
const answerMs = 20;
/** From a request to the news that nobody listens. */
const refusalMs = 5;
const signOfLifeMs = 15_000;

/** An event stream as its client reads it, without the browser's streams in between: thousands are open at once. */
class VirtualStream {
  #reading: {
    resolve: (chunk: { done: boolean; value: Uint8Array }) => void;
    reject: (error: Error) => void;
  } | null = null;
  readonly response = {
    ok: true,
    status: 200,
    headers: new Headers({ 'Content-Type': 'text/event-stream' }),
    body: {
      getReader: () => ({
        read: () =>
          new Promise((resolve, reject) => {
            this.#reading = { resolve, reject };
          }),
      }),
    },
  } as unknown as Response;

  say(value: string): void {
    const reading = this.#reading;
    this.#reading = null;
    reading?.resolve({ done: false, value: new TextEncoder().encode(value) });
  }

  breakOff(error: Error): void {
    this.#reading?.reject(error);
    this.#reading = null;
  }
}

/** A session service that is there for thousands of clients, or for none of them. It counts who knocks. */
export class VirtualService {
  readonly #time: VirtualTime;
  readonly #streams = new Set<VirtualStream>();
  readonly #arrivals: number[] = [];
  #isDown = false;

  constructor(time: VirtualTime) {
    this.#time = time;
    const signs = () => {
      for (const stream of this.#streams) stream.say(':\n\n');
      time.setTimeout(signs, signOfLifeMs);
    };
    signs();
  }

  /** Refuses every connection and breaks off every stream, until it is back. */
  set isDown(isDown: boolean) {
    this.#isDown = isDown;
    if (!isDown) return;
    for (const stream of this.#streams) stream.breakOff(new TypeError('network error'));
    this.#streams.clear();
  }

  /** Requests that arrived, answered or not, in each of the seconds from one moment to another. ms */
  arrivalsPerSecond(from: number, until: number): number[] {
    return Array.from(
      { length: Math.round((until - from) / 1000) },
      (_, index) => this.#arrivals[Math.floor(from / 1000) + index] ?? 0,
    );
  }

  /** @param onAnswer called when a request of this client is answered. */
  fetch(url: string, { signal }: RequestInit, onAnswer: () => void): Promise<Response> {
    const second = Math.floor(this.#time.now / 1000);
    this.#arrivals[second] = (this.#arrivals[second] ?? 0) + 1;
    return new Promise((resolve, reject) => {
      const call = url.slice(url.lastIndexOf('/') + 1);
      const isRefused = this.#isDown;
      const settle = () => {
        signal?.removeEventListener('abort', abort);
        if (isRefused) return reject(new TypeError('Failed to fetch'));
        onAnswer();
        resolve(call === 'events' ? this.#openStream(signal!) : this.#answer(call));
      };
      const timer = this.#time.setTimeout(settle, isRefused ? refusalMs : answerMs);
      const abort = () => {
        this.#time.clearTimeout(timer);
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #openStream(signal: AbortSignal): Response {
    const stream = new VirtualStream();
    this.#streams.add(stream);
    signal.addEventListener(
      'abort',
      () => {
        this.#streams.delete(stream);
        stream.breakOff(signal.reason as Error);
      },
      { once: true },
    );
    return stream.response;
  }

  #answer(call: string): Response {
    const server_time = this.#time.now;
    const remaining_seconds = Math.ceil(deadlineSeconds - server_time / 1000);
    const state = { status: 'active' as const, remaining_seconds, expires_at: deadlineSeconds };
    const validated = {
      valid: true,
      session: { id: sessionId, ...state } as ValidateAnswer['session'],
      remaining_seconds,
      server_time,
      capabilities: ['events', 'idempotency'],
    } satisfies ValidateAnswer;
    const beaten = { acknowledged: true, ...state, server_time } satisfies HeartbeatAnswer;
    const text = JSON.stringify(call === 'validate' ? validated : beaten);
    const headers = new Headers();
    return { ok: true, status: 200, headers, text: () => Promise.resolve(text) } as unknown as Response;
  }
}
