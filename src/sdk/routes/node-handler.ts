import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteHandler } from './handler.js';

/** A request as frameworks on Node hand it on: what their parsers have left of the body. */
type NodeRequest = IncomingMessage & { body?: unknown; rawBody?: unknown };

const parsedBefore =
  'The body was parsed before it came to toNodeHandler, and a signature is over its bytes. Express: mount the route before ' +
  'express.json(), or give that route express.raw({ type: "*/*" }). Fastify: register it in a scope of its own with ' +
  'removeAllContentTypeParsers() and addContentTypeParser("*", (request, payload, done) => done(null)), and pass request.raw ' +
  'and reply.raw. NestJS: NestFactory.create(AppModule, { rawBody: true }). Next.js Pages Router: export const config = { api: { bodyParser: false } }.';

/**
 * Mounts a route in Express, Fastify (`request.raw`, `reply.raw`), NestJS, the Pages Router of Next.js and `node:http`.
 * @example
 * app.post('/webhooks', toNodeHandler(createWebhookRoute({ on: { ... } })));
 */
export function toNodeHandler(
  handler: RouteHandler,
): (request: IncomingMessage, response: ServerResponse, next?: (error: unknown) => void) => Promise<void> {
  return async (request, response, next) => {
    try {
      await send(await handler(toRequest(request)), response);
    } catch (error) {
      if (next) next(error);
      else throw error;
    }
  };
}

/** The same request as the Fetch standard has it. */
export function toRequest(request: NodeRequest): Request {
  const headers = new Headers();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]!;
    // HTTP/2's own are no headers.
    if (!name.startsWith(':')) headers.append(name, request.rawHeaders[index + 1]!);
  }
  const { method = 'GET' } = request;
  const body = ['GET', 'HEAD'].includes(method) ? undefined : bodyOf(request);
  // Express cuts what it was mounted at off `url`.
  const { originalUrl = request.url ?? '/' } = request as { originalUrl?: string };
  const isEncrypted = 'encrypted' in request.socket;
  const host = headers.get('host') ?? 'localhost';
  return new Request(new URL(originalUrl, `http${isEncrypted ? 's' : ''}://${host}`), {
    method,
    headers,
    ...(body && { body, duplex: 'half' }),
  });
}

const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> => ArrayBuffer.isView(value);

/** What a parser has kept, or else the body as it comes: how much of it is read is for the route to say. */
function bodyOf(request: NodeRequest): string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  for (const kept of [request.rawBody, request.body])
    if (typeof kept === 'string' || isBytes(kept)) return kept;
  if (request.readableDidRead || request.readableEnded) throw new TypeError(parsedBefore);
  // An answer is still to be sent where the rest is not read.
  const chunks = request.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value as Buffer));
    },
    cancel: async () => void (await chunks.return?.()),
  });
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.statusCode = answer.status;
  // Several cookies are several headers.
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length) response.setHeader('set-cookie', cookies);
  response.end(new Uint8Array(await answer.arrayBuffer()));
}
