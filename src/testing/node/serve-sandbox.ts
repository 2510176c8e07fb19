import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { toRequest } from '../../sdk/routes/node-handler.js';
import type { SandboxOptions } from '../../sandbox/options.js';
import { createSandbox, type TestSandbox } from '../create-sandbox.js';

export interface ServeSandboxOptions extends Omit<SandboxOptions, 'apiEndpoint'> {
  /** Any free one by default. */
  port?: number | undefined;
}

/** A sandbox that is served on this machine. */
export interface ServedSandbox {
  sandbox: TestSandbox;
  /** What a page is to be given as `api-endpoint`. */
  apiEndpoint: string;
  /** Ends the server, and whatever is open. */
  close(): Promise<void>;
}

/** Serves a sandbox over HTTP, for pages of any origin, on the loopback address alone. */
export async function serveSandbox({
  port = 0,
  ...options
}: ServeSandboxOptions = {}): Promise<ServedSandbox> {
  const server = createServer((request, response) => {
    const left = new AbortController();
    response.on('close', () => left.abort());
    sandbox
      .fetch(new Request(toRequest(request), { signal: left.signal }))
      .then((answer) => send(answer, response))
      // As asked for, or nobody is there any more.
      .catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const apiEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const sandbox = createSandbox({ ...options, apiEndpoint });
  return {
    sandbox,
    apiEndpoint,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (!answer.body) {
    response.end();
    return;
  }
  // A reader of live events has the answer as soon as it begins.
  response.flushHeaders();
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
}
