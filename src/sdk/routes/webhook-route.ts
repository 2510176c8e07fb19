import { SessionError } from '../../protocol/errors.js';
import type { WebhookEvent } from '../../protocol/webhooks.js';
import { verifyWebhook, webhookSecret, type VerifyWebhookOptions } from '../verify-webhook.js';
import { readWebhookBody } from '../webhook-body.js';
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
    const secret = webhookSecret(options.secret);
    const body = await readWebhookBody(request);
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
