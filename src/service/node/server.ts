import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { SessionError } from '../../protocol/errors.js';
import { clientAddress } from './client-address.js';
import type { Logger } from '../foundation/context.js';
import { problemResponse, toSessionError } from '../foundation/http/problem.js';
import { isAcceptable } from './request-head.js';
import type { SessionService } from '../service.js';
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
  /**
   * How long a whole request may take to arrive, ms; 30 000 where it is left out. The answer may take longer, and so may a file,
   * which the service itself gives its time.
   */
  requestTimeoutMs?: number;
  /**
   * How long a connection may be idle between two requests, ms; 620 000 where it is left out. It must be longer than the
   * idle time of whatever stands in front, which else sends a request into a connection that is just being closed: 60 s for
   * most, 600 s for Google's balancer.
   */
  keepAliveTimeoutMs?: number;
  /** Told of what fails outside of any request. */
  logger?: Logger;
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
    keepAliveTimeoutMs = 620_000,
    logger,
  }: ServeOptions,
): Promise<RunningServer> {
  const malformed = () => problemResponse(new SessionError('REQUEST_MALFORMED'), crypto.randomUUID());
  const unhurried = new WeakSet<object>();
  const listener = getRequestListener(
    (request, { incoming }) =>
      isAcceptable(incoming)
        ? service.fetch(request, {
            clientAddress: clientAddress(incoming, trustedProxies),
            unhurried: () => unhurried.add(incoming),
          })
        : malformed(),
    {
      // An address or a host that is none: nothing that a Request could be made of.
      errorHandler: (error) =>
        error instanceof RequestError
          ? malformed()
          : problemResponse(toSessionError(error), crypto.randomUUID()),
      // Of who names no host, which HTTP/1.0 allows; no answer depends on it.
      hostname: host.includes(':') ? `[${host}]` : host,
    },
  );
  const settings = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(checkingMs, headersTimeoutMs),
    // It is looked at by `isAcceptable`, and refused with a problem.
    requireHostHeader: false,
  };
  const server = createServer(settings, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // An expectation that is not known may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  refuseUnreadable(server, {
    isUnhurried: (request) => unhurried.has(request),
    onFault: (error) => logger?.error('an unreadable request could not be refused', { error: String(error) }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: (withinMs) => closeServer(server, sockets, withinMs),
  };
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>, withinMs?: number): Promise<void> {
  const closeIdle = () => {
    server.closeIdleConnections();
    // To Node one that has never asked for anything is not idle, and nothing else would ever end it.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  // A connection that answers now is kept alive afterwards: it must be closed then.
  const closing = setInterval(closeIdle, closingMs);
  const breakingOff = withinMs && setTimeout(() => server.closeAllConnections(), withinMs);
  return new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    closeIdle();
  }).finally(() => {
    clearInterval(closing);
    clearTimeout(breakingOff || undefined);
  });
}
