// A small world of real HTTP servers, under names as a provider has them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Surroundings } from '../../src/inspection/scene.js';

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

export type Handler = (url: URL, request: IncomingMessage) => Reply | Promise<Reply>;

/** Answers for each origin; nobody is at one that is not named. */
export class Stage {
  readonly origins = new Map<string, Handler>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
  #port = 0;

  static async open(): Promise<Stage> {
    const stage = new Stage();
    stage.#server.listen(0, '127.0.0.1');
    await once(stage.#server, 'listening');
    stage.#port = (stage.#server.address() as AddressInfo).port;
    return stage;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The network of somebody who asks: names lead to the servers of this machine. */
  surroundings(): Surroundings {
    return {
      now: Date.now,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      fetch: async (request) => {
        const { origin, pathname, search } = new URL(request.url);
        if (!this.origins.has(origin)) return fetch('http://127.0.0.1:1');
        const headers = new Headers(request.headers);
        headers.set('x-stage', origin);
        const { method, redirect, signal } = request;
        const body = request.body ? await request.text() : null;
        const target = `http://127.0.0.1:${this.#port}${pathname}${search}`;
        return fetch(target, { method, headers, redirect, signal, body });
      },
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = String(request.headers['x-stage'] ?? '');
    const url = new URL(request.url!, origin);
    const { status = 200, headers = {}, body = '' } = await this.origins.get(origin)!(url, request);
    response.writeHead(status, headers).end(body);
  }
}

/** Passes on to a service, as a proxy does in front of it. */
export function passTo(
  service: string,
  change: (reply: Required<Reply>) => Reply = (reply) => reply,
): Handler {
  return async (url, request) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { host, connection, 'x-stage': stage, 'content-length': length, ...headers } = request.headers;
    void [host, connection, stage, length];
    const answer = await fetch(service + url.pathname + url.search, {
      method: request.method!,
      headers: headers as Record<string, string>,
      body: body || null,
    });
    const kept = Object.fromEntries(
      [...answer.headers].filter(
        ([name]) => !/^(transfer-encoding|connection|keep-alive|content-length)$/.test(name),
      ),
    );
    return change({ status: answer.status, headers: kept, body: await answer.text() });
  };
}
