import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came by. */
export interface SeenRequest {
  method: string;
  /** Without query, such as `/api/v1/sessions/validate`. */
  path: string;
  /** The last part of the path. */
  call: string;
  /** Milliseconds since the epoch. */
  at: number;
  headers: IncomingMessage['headers'];
  body: string;
  /** Set once the answer has been passed on, or has failed. */
  status: number | 'lost' | null;
}

/** What the line does with one request. */
export type Fault =
  /** Cut before it arrives. */
  | 'cut'
  /** It arrives, and the answer is lost. Where the connection was used before, browsers send the request again by themselves. */
  | 'lose answer'
  /** It arrives, and the answer breaks off behind its first line. */
  | 'break answer'
  /** It arrives twice; the second answer is passed on. */
  | 'double'
  | { delayMs: number };

/**
 * The network between pages and a session service: passes everything on, takes note of it, and breaks where it is told
 * to. Streams stay open until the other side, or `cutStreams`, ends them.
 */
export class SessionLine {
  readonly seen: SeenRequest[] = [];
  /** Decides about each request; undefined lets it pass. */
  fault: (request: SeenRequest) => Fault | undefined = () => undefined;
  readonly #open = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => void this.#pass(request, response));
  #target = '';

  /** Where pages ask. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Where the service is. */
  lead(target: string): void {
    this.#target = target;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Requests of a call, preflights aside. */
  calls(call: string): SeenRequest[] {
    return this.seen.filter((request) => request.call === call && request.method !== 'OPTIONS');
  }

  /** Streams that are open now. */
  get openStreams(): number {
    return this.#open.size;
  }

  cutStreams(): void {
    for (const response of this.#open) response.destroy();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = request.url!.split('?')[0]!;
    const seen: SeenRequest = {
      method: request.method!,
      path,
      call: path.split('/').at(-1)!,
      at: Date.now(),
      headers: request.headers,
      body: body.toString(),
      status: null,
    };
    this.seen.push(seen);
    const fault = seen.method === 'OPTIONS' ? undefined : this.fault(seen);
    if (fault === 'cut') {
      seen.status = 'lost';
      response.destroy();
      return;
    }
    if (fault === 'double') await this.#send(request, body).then((answer) => answer.resume());
    const answer = await this.#send(request, body).catch(() => null);
    if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    // Whoever asked may be gone by now.
    if (answer && fault === 'break answer') {
      response.writeHead(answer.statusCode!, answer.headers);
      response.flushHeaders();
      answer.destroy();
      seen.status = 'lost';
      response.destroy();
      return;
    }
    if (!answer || fault === 'lose answer' || response.destroyed) {
      answer?.destroy();
      seen.status = 'lost';
      response.destroy();
      return;
    }
    seen.status = answer.statusCode!;
    response.writeHead(answer.statusCode!, answer.headers);
    if (answer.headers['content-type']?.startsWith('text/event-stream')) {
      this.#open.add(response);
      response.on('close', () => {
        this.#open.delete(response);
        answer.destroy();
      });
      response.flushHeaders();
    }
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  }

  #send(request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const target = new URL(request.url!, this.#target);
    return new Promise((resolve, reject) => {
      const sent = ask(target, {
        method: request.method!,
        headers: { ...request.headers, host: target.host },
      });
      sent.on('response', resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
