import { SessionError } from '../../protocol/errors.js';
import type { WebhookEvent } from '../../protocol/webhooks.js';
import { environment } from '../options.js';
import { verifyWebhook, type VerifyWebhookOptions } from '../verify-webhook.js';
import {
  methodNotAllowed,
  problem,
  reportToConsole,
  type ReportError,
  type RouteHandler,
} from './handler.js';

type EventOf<Type extends WebhookEvent['type']> = Extract<WebhookEvent, { type: Type }>;

/** What a handler knows beside the event. */
export interface WebhookContext {
  /** `webhook-id`: the same each time that this event is sent. */
  id: string;
}

export interface WebhookRouteOptions extends VerifyWebhookOptions {
  /** `whsec_...`, or several while you change over; the environment's `MARKETPLACE_WEBHOOK_SECRET` by default. */
  secret?: string | readonly string[] | undefined;
  /** Takes every event, before the handler of its type. */
  onEvent?: ((event: WebhookEvent, context: WebhookContext) => unknown) | undefined;
  /** Takes events by their type. */
  on?: {
    [Type in WebhookEvent['type']]?: (event: EventOf<Type>, context: WebhookContext) => unknown;
  };
  /** Hears of what a handler throws; `console.error` by default. */
  onError?: ReportError | undefined;
}

/** What the service sends at most, and much more than that. */
const maxBodyBytes = 1_048_576;

const parsedBefore =
  'The body was read before it came to the webhook route, and what is signed are its bytes. Mount the route before ' +
  'anything that parses bodies. Next.js App Router: export const POST = createWebhookRoute(...), and where you read the ' +
  'body yourself, read that of request.clone(). Hono: in no middleware call c.req.json(), or pass new Request(c.req.url, { method: ' +
  "'POST', headers: c.req.raw.headers, body: await c.req.arrayBuffer() }).";

/**
 * Receives webhooks: 204 once the handlers are done, 400 where the webhook is not the service's, 500 where a handler throws,
 * so that it is sent again.
 * @throws {TypeError} when it is called without a secret, and where the body was read already: says what to change.
 * @example
 * export const POST = createWebhookRoute({ on: { 'session.ended': ({ data }) => bill(data.session_id, data.final_cost) } });
 */
export function createWebhookRoute(options: WebhookRouteOptions = {}): RouteHandler {
  const { onEvent, on = {}, onError = reportToConsole } = options;
  return async (request) => {
    if (request.method !== 'POST') return methodNotAllowed('POST');
    const secret = options.secret ?? environment('MARKETPLACE_WEBHOOK_SECRET');
    if (!secret?.length) throw new TypeError('secret is missing: pass it, or set MARKETPLACE_WEBHOOK_SECRET');
    if (request.bodyUsed) throw new TypeError(parsedBefore);
    const body = await readBody(request);
    if (!body) return problem(413, 'BODY_TOO_LARGE', 'The body is longer than any webhook.');
    let event: WebhookEvent;
    try {
      event = await verifyWebhook(body, request.headers, secret, options);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      return problem(400, error.code, error.message);
    }
    const context = { id: request.headers.get('webhook-id')! };
    try {
      await onEvent?.(event, context);
      const handler = on[event.type] as
        ((event: WebhookEvent, context: WebhookContext) => unknown) | undefined;
      await handler?.(event, context);
    } catch (error) {
      onError(error);
      return problem(500, 'SERVICE_ERROR', 'The webhook could not be handled. Send it again.');
    }
    return new Response(null, { status: 204 });
  };
}

/** The whole body; undefined where it is too long, whatever it said of its length. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader!.read()) {
    length += read.value.length;
    if (length > maxBodyBytes) {
      await reader!.cancel();
      return undefined;
    }
    chunks.push(read.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
