import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { SessionError } from '../protocol/errors.js';
import { clientAddress } from './client-address.js';
import { problemResponse } from './http/problem.js';
import type { SessionService } from './service.js';
import { refuseUnreadable } from './unreadable-request.js';

export interface ServeOptions {
  /** 0 takes a free one. */
  port: number;
  /** 127.0.0.1 where none is named: only this machine. */
  host?: string;
  /**
   * How many proxies stand in front of this server, each of which appends to `X-Forwarded-For`: rate limits go by the
   * address that the outermost of them saw. 0 where it is left out: by the address of who connects, if it is a public one.
   */
  trustedProxies?: number;
  /** How long the headers of a request may take to arrive, ms; 10 000 where it is left out. */
  headersTimeoutMs?: number;
  /** How long a whole request may take to arrive, ms; 30 000 where it is left out. The answer may take longer. */
  requestTimeoutMs?: number;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  url: string;
  /**
   * Takes no new requests, lets the running ones finish, then resolves.
   * @param withinMs what runs longer is broken off; without it there is no end to waiting.
   */
  close(withinMs?: number): Promise<void>;
}

/** How late a request that takes too long may be noticed, ms. */
const checkingMs = 1000;
/** How often a server that closes looks for connections whose answer is over, ms. */
const closingMs = 50;

/** Serves a session service over HTTP with Node's own server. */
export async function serve(
  service: Pick<SessionService, 'fetch'>,
  {
    port,
    host = '127.0.0.1',
    trustedProxies = 0,
    headersTimeoutMs = 10_000,
    requestTimeoutMs = 30_000,
  }: ServeOptions,
): Promise<RunningServer> {
  const listener = getRequestListener(
    (request, { incoming }) =>
      service.fetch(request, { clientAddress: clientAddress(incoming, trustedProxies) }),
    {
      // An address or a host that is none: nothing that a Request could be made of.
      errorHandler: () => problemResponse(new SessionError('REQUEST_MALFORMED'), crypto.randomUUID()),
    },
  );
  const timeouts = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(checkingMs, headersTimeoutMs),
  };
  const server = createServer(timeouts, listener);
  refuseUnreadable(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, close: (withinMs) => closeServer(server, withinMs) };
}

function closeServer(server: Server, withinMs?: number): Promise<void> {
  // A connection that answers now is kept alive afterwards: it must be closed then.
  const closing = setInterval(() => server.closeIdleConnections(), closingMs);
  const breakingOff = withinMs && setTimeout(() => server.closeAllConnections(), withinMs);
  return new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  }).finally(() => {
    clearInterval(closing);
    clearTimeout(breakingOff || undefined);
  });
}
