import { settled, type SentRequest } from './fake-world.js';

/** A stream of server-sent events in the service's hand. */
export class FakeStream {
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  readonly #response = new Response(
    new ReadableStream<Uint8Array>({ start: (controller) => void (this.#controller = controller) }),
    { headers: { 'Content-Type': 'text/event-stream' } },
  );

  /** As `fetch` answers: a stream that is given up breaks off. */
  readonly answer = ({ init }: SentRequest): Response => {
    init.signal!.addEventListener('abort', () => this.#controller.error(init.signal!.reason));
    return this.#response;
  };

  async say(text: string): Promise<void> {
    this.#controller.enqueue(new TextEncoder().encode(text));
    await settled();
  }

  sayByte(byte: number): void {
    this.#controller.enqueue(new Uint8Array([byte]));
  }

  async end(): Promise<void> {
    this.#controller.close();
    await settled();
  }

  async fail(): Promise<void> {
    this.#controller.error(new TypeError('network error'));
    await settled();
  }
}
