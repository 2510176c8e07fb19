import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { until } from './fixtures.js';

/** What a receiver answers: a status, headers with it, nothing at all, or a connection that breaks. */
export type ReceiverAnswer = number | { status: number; headers: Record<string, string> } | 'hang' | 'reset';

export interface Received {
  path: string;
  id: string;
  headers: Record<string, string>;
  body: string;
}

/** A server that takes webhooks, on a free port of this machine. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** How the next ones are answered, first one first; 204 once there are none left. */
  answers: ReceiverAnswer[] = [];
  /** How one is answered that no entry of `answers` is left for. */
  answer: ReceiverAnswer = 204;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#take(request, response));
  }

  /** @param tls with it the receiver speaks https. */
  static async start(tls?: { key: string; cert: string }): Promise<WebhookReceiver> {
    const server = tls ? createSecureServer(tls) : createServer();
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `http://${this.host}/hooks`;
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }

  get types(): string[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }

  /** Waits until that many have come. */
  async atLeast(count: number): Promise<Received[]> {
    await until(() => this.received.length >= count);
    return this.received;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const headers = request.headers as Record<string, string>;
    const answer = this.answers.shift() ?? this.answer;
    this.received.push({ path: request.url!, id: headers['webhook-id']!, headers, body });
    if (answer === 'hang') return;
    if (answer === 'reset') return void request.socket.destroy();
    const { status, headers: more } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    response.writeHead(status, more).end();
  }
}
