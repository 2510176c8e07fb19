import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ExtendAnswer, ExtendRequest } from '../../../protocol/api.js';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { toSession } from '../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import {
  changeSession,
  extendAnswerSchema,
  extendSchema,
  extensionsAnswerSchema,
  issueSessionToken,
  olderExtendSchema,
  readSession,
  renewAnswerSchema,
  renewSchema,
  requireSession,
  SessionCredential,
} from '../sessions/index.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf, requireIdempotency } from '../../foundation/http/idempotency-key.js';
import {
  answers,
  bearerOrProof,
  body,
  idParameters,
  needsKey,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import type { Idempotency } from '../../foundation/idempotency.js';
import { openCheckout, type StripeGateway } from '../payments/index.js';
import { extendSession } from './extend.js';
import { listExtensions } from './history.js';

const extendCodes: ErrorCode[] = [
  'SESSION_NOT_FOUND',
  'SESSION_ENDED',
  'TRANSITION_REFUSED',
  'EXTENSION_REFUSED',
  'EXTENSION_LIMIT_REACHED',
  'EXTENSION_PRICE_CHANGED',
  'INSUFFICIENT_TOKENS',
  'PAYMENT_METHOD_REFUSED',
  'PAYMENTS_UNAVAILABLE',
  'PAYMENT_PROVIDER_REFUSED',
  'CHECKOUT_CLOSED',
  'RETURN_URL_REFUSED',
];

/** `/sessions/{id}/extend`, its two older spellings that lead to the same change, and what was bought before. */
export function extensionRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  gateway: StripeGateway | null,
): void {
  const common = {
    tags: ['Sessions'],
    security: bearerOrProof,
    middleware: allow(authenticator, 'sessions.extend'),
  };

  type KeyOf = (c: Context<HttpEnvironment>, action: string, request: unknown) => Idempotency | undefined;

  async function extend(
    c: Context<HttpEnvironment>,
    sessionId: string,
    request: ExtendRequest,
    keyOf: KeyOf,
  ) {
    const { id } = await requireSession(context, c.get('credential'), sessionId);
    const asked = await askedChange(c);
    const { checkout_id, ...result } = await changeSession(
      context,
      id,
      keyOf(c, `extend ${id}`, request),
      (trx, session, now) => extendSession(context, trx, session, { request, asked }, now),
    );
    const checkout = checkout_id !== undefined && {
      checkout_url: await openCheckout(context, gateway, checkout_id),
    };
    const view = await readSession(context, id);
    const credential = c.get('credential');
    const grant = credential instanceof SessionCredential ? credential.grant : undefined;
    const sessionToken = await issueSessionToken(context, view, grant);
    const session = toSession(view);
    return {
      ...result,
      ...checkout,
      session_token: sessionToken,
      revision: session.revision,
      session,
      server_time: view.read_at,
    } satisfies ExtendAnswer;
  }

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/{id}/extend',
      summary: 'Buy more time',
      ...needsKey,
      request: { params: idParameters, body: body(extendSchema) },
      responses: answers(extendAnswerSchema, 'More time, paid; needs an Idempotency-Key', extendCodes),
    }),
    async (c) =>
      c.json(await extend(c, c.req.valid('param').id, c.req.valid('json'), requireIdempotency), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'put',
      path: '/api/v1/sessions/{id}/renew',
      summary: 'Buy more time, in minutes',
      ...takesKey,
      deprecated: true,
      request: { params: idParameters, body: body(renewSchema) },
      responses: answers(renewAnswerSchema, 'The older spelling of extend', extendCodes),
    }),
    async (c) => {
      const { additional_minutes, ...price } = c.req.valid('json');
      const request = { additional_seconds: additional_minutes * 60, ...price };
      const answer = await extend(c, c.req.valid('param').id, request, idempotencyOf);
      const { expires_at, additional_cost, checkout_url, revision } = answer;
      return c.json({ revision, new_expires_at: expires_at, additional_cost, checkout_url }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/extend',
      summary: 'Buy more time, the session in the body',
      ...takesKey,
      deprecated: true,
      request: { body: body(olderExtendSchema) },
      responses: answers(extendAnswerSchema, 'The older spelling of extend', extendCodes),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const additional_seconds =
        'additional_minutes' in request ? request.additional_minutes * 60 : request.additional_seconds;
      const { session_id, tokens_to_deduct } = request;
      return c.json(
        await extend(c, session_id, { additional_seconds, tokens_to_deduct }, idempotencyOf),
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}/extensions',
      summary: 'Read what a session was extended by',
      middleware: allow(authenticator, 'sessions.read'),
      request: { params: idParameters },
      responses: answers(extensionsAnswerSchema, 'What was bought, oldest first, and what can be bought', [
        'SESSION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const extensions = await listExtensions(context, view.id);
      return c.json({ extensions, options: toSession(view).extension_options }, 200);
    },
  );
}
