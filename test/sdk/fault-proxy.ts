import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one request: an answer of the proxy's own, or a failure on the way. */
export type Fault =
  | 'pass'
  /** The service answers, and the connection breaks before the answer is through. */
  | 'cut after the write'
  /** Half of the service's answer is through when the connection breaks. */
  | 'cut within the answer'
  /** Nobody answers, ever. */
  | 'hang'
  | { status: number; headers?: Record<string, string>; body?: string };

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Stands between the SDK and a service, and is the network and the load balancer that fail. */
export class FaultProxy {
  readonly url: string;
  readonly seen: SeenRequest[] = [];
  /** What becomes of the next requests, in order; those behind them pass. */
  faults: Fault[] = [];
  readonly #server: Server;
  readonly #target: string;

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  static async start(target: string): Promise<FaultProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, target);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Forgets what was seen, and what was to fail. */
  reset(faults: Fault[] = []): void {
    this.seen.length = 0;
    this.faults = faults;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, path: url, headers, body });
    const fault = this.faults.shift() ?? 'pass';
    if (fault === 'hang') return;
    if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const sent = without(headers, ['host', 'connection', 'content-length']);
    const answer = await fetch(this.#target + url, {
      method,
      headers: sent,
      ...(body && { body }),
    });
    const text = await answer.text();
    if (fault === 'cut after the write') {
      request.socket.destroy();
      return;
    }
    const kept = without(Object.fromEntries(answer.headers), ['content-encoding', 'transfer-encoding']);
    if (fault === 'cut within the answer') {
      response.writeHead(answer.status, { ...kept, 'content-length': String(Buffer.byteLength(text)) });
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.status, kept).end(text);
  }
}

/** Headers that are about one connection go no further. */
const without = (headers: IncomingMessage['headers'], names: string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))) as Record<
    string,
    string
  >;
