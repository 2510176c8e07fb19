import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './fixtures.js';

export interface Exchange {
  method: string;
  /** Below the API's address, without query. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What goes wrong on the way to a right backend, and back. */
export interface Fault {
  /** Changes what is asked. */
  ask?(exchange: Exchange): Exchange;
  /** Answers in its place. */
  instead?(exchange: Exchange): Reply | undefined;
  /** Changes an event of a stream, or leaves it out; `text` is the whole of it. */
  event?(text: string, exchange: Exchange): string | undefined;
  /** Changes what is answered. */
  answer?(reply: Reply, exchange: Exchange): Reply;
}

/** The JSON of a reply, changed. */
export const changed = (reply: Reply, change: (body: Json) => Json): Reply => ({
  ...reply,
  body: JSON.stringify(change(JSON.parse(reply.body) as Json)),
});

export const json = (status: number, body: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A backend that does one thing wrong, and everything else as the right one behind it. */
export class FaultyBackend {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(target: string, fault: Fault): Promise<FaultyBackend> {
    const server = createServer((request, response) => {
      void (async () => {
        let text = '';
        for await (const chunk of request) text += chunk;
        const {
          host,
          connection,
          'content-length': length,
          ...headers
        } = request.headers as Exchange['headers'];
        void [host, connection, length];
        const given = { method: request.method!, path: request.url!, headers, body: text || undefined };
        const exchange = fault.ask?.(given) ?? given;
        const reply = fault.instead?.(exchange);
        const { method, body } = exchange;
        const gone = new AbortController();
        response.on('close', () => gone.abort());
        const { signal } = gone;
        const answer = reply
          ? undefined
          : await fetch(target + exchange.path, {
              method,
              headers: exchange.headers,
              signal,
              ...(body && { body }),
            });
        const type = answer?.headers.get('content-type') ?? '';
        if (answer && type.startsWith('text/event-stream')) {
          response.writeHead(200, { 'Content-Type': type });
          for await (const event of eventsOf(answer.body!)) {
            const text = fault.event ? fault.event(event, exchange) : event;
            if (text !== undefined) response.write(`${text}\n\n`);
          }
          return void response.end();
        }
        const plain = reply ?? {
          status: answer!.status,
          headers: { 'content-type': type },
          body: await answer!.text(),
        };
        const { status, headers: replyHeaders, body: replyBody } = fault.answer?.(plain, exchange) ?? plain;
        response.writeHead(status, replyHeaders).end(replyBody);
      })().catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FaultyBackend(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** What stands between the empty lines of a stream of server-sent events. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    const events = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = events.pop()!;
    yield* events;
  }
}
