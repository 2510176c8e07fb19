import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { problemResponse } from '../foundation/http/problem.js';

const timedOut = 'ERR_HTTP_REQUEST_TIMEOUT';

/** What Node's parser and its clock refuse, by its codes. */
const codes: Record<string, ErrorCode> = {
  [timedOut]: 'REQUEST_TIMED_OUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
};

/** How long a connection that is closed may take to notice it, ms: what it still sends is thrown away (RFC 9112, 9.6). */
const lingerMs = 1_000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** What a connection has asked for. */
interface Connection {
  /** Requests whose answers are not over, oldest first: more than one where they are pipelined (RFC 9112, 9.3.2). */
  readonly underWay: Set<Exchange>;
  /** The request that came last, answered or not. */
  last: Exchange;
}

/**
 * Answers what never becomes a request, too slow or no HTTP, as everything else: with a problem. Requests that came whole
 * before it on the same connection are answered first, each with its own answer; after it the connection is closed.
 */
export function refuseUnreadable(
  server: Server,
  {
    isUnhurried,
    onFault,
  }: {
    /** Whether the body of a request may take longer than the server gives it. */
    isUnhurried(request: IncomingMessage): boolean;
    /** Told what failed in here, which ends the connection and nothing else. */
    onFault(error: unknown): void;
  },
): void {
  const connections = new WeakMap<Duplex, Connection>();
  const refused = new WeakSet<Duplex>();
  server.on('request', (request, response) => {
    const exchange = { request, response };
    const underWay = connections.get(request.socket)?.underWay ?? new Set();
    connections.set(request.socket, { underWay: underWay.add(exchange), last: exchange });
    // Finished or cut off.
    response.on('close', () => underWay.delete(exchange));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const last = connections.get(socket)?.last.request;
    if (error.code === timedOut && last && !last.complete && isUnhurried(last)) return;
    // What follows on a connection that cannot be read any more cannot be read either.
    if (refused.has(socket)) return;
    refused.add(socket);
    // An exception in a listener of the server would end the process.
    refuse(error, socket, connections.get(socket)).catch((fault: unknown) => {
      socket.destroy();
      onFault(fault);
    });
  });
}

async function refuse(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  connection: Connection | undefined,
): Promise<void> {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const { last, underWay = [] } = connection ?? {};
  // The request itself breaks off, or what comes after it is none.
  const broken = last && !last.request.complete ? last : undefined;
  for (const exchange of underWay) if (exchange !== broken || isWritten(exchange)) await untilOver(exchange);
  if (broken?.response.headersSent) return broken.response.closed ? close(socket) : void socket.destroy();
  // The answer that was begun must not follow this one on the same connection.
  if (broken?.response.socket) broken.response.detachSocket(broken.response.socket);
  const problem = new SessionError(codes[error.code ?? ''] ?? 'REQUEST_MALFORMED');
  close(socket, await toText(problemResponse(problem, crypto.randomUUID())));
}

const isWritten = ({ response }: Exchange) => response.writableEnded;

const untilOver = ({ response }: Exchange) =>
  new Promise<void>((resolve) => (response.closed ? resolve() : response.once('close', resolve)));

function close(socket: Duplex, text = ''): void {
  socket.end(text);
  const lingering = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(lingering));
}

async function toText(response: Response): Promise<string> {
  const body = await response.text();
  const headers = [...response.headers, ['Content-Length', Buffer.byteLength(body)], ['Connection', 'close']];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\n${lines}\r\n${body}`;
}
