import type { SandboxClock } from './clock.js';

const encoder = new TextEncoder();
/** How long a reader waits before it comes back after a break, ms. */
const retryMs = 3_000;
/** A comment after so long a silence, ms. */
const keepAliveMs = 15_000;

/** A server-sent event (HTML standard, 9.2); without an id nobody goes on after it. */
export const frame = (type: string, data: object, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** What a stream can do while it is open. */
export interface OpenStream {
  write(text: string): void;
  /** What was written still arrives. */
  close(): void;
}

/**
 * A response of server-sent events.
 * @param open begins it. @returns what is to be done once it is over, whoever ends it.
 */
export function streamResponse(clock: SandboxClock, open: (stream: OpenStream) => () => void): Response {
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let timer: number | undefined;
      let isOver = false;
      let closed = () => {};
      end = () => {
        if (isOver) return;
        isOver = true;
        clock.clearTimeout(timer);
        closed();
      };
      const write = (text: string) => {
        if (isOver) return;
        controller.enqueue(encoder.encode(text));
        clock.clearTimeout(timer);
        timer = clock.setTimeout(() => write(':\n\n'), keepAliveMs);
      };
      const close = () => {
        if (isOver) return;
        end();
        controller.close();
      };
      write(`retry: ${retryMs}\n\n`);
      closed = open({ write, close });
      // It may have been over at once.
      if (isOver) closed();
    },
    cancel: () => end(),
  });
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
  });
}
