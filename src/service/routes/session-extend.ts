import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ExtendAnswer, ExtendRequest } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import type { ServiceContext } from '../context.js';
import { askedChange } from '../http/audit.js';
import { allowOnly, requireSession, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { idempotencyOf, requireIdempotency } from '../http/idempotency-key.js';
import { answers, bearerOrProof, body, idParameters, needsKey, takesKey } from '../http/route-shapes.js';
import { extendAnswerSchema, extendSchema, renewAnswerSchema, renewSchema } from '../http/session-schemas.js';
import type { Idempotency } from '../idempotency.js';
import { openCheckout } from '../payments/open-checkout.js';
import { changeSession } from '../sessions/change.js';
import { extendSession } from '../sessions/extend.js';
import { readSession, toSession } from '../sessions/session-view.js';
import { issueSessionToken } from '../tokens/issue.js';

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

const olderExtendSchema = z.union([
  z.strictObject({ session_id: z.string(), additional_seconds: z.number() }),
  z.strictObject({ session_id: z.string(), additional_minutes: z.number() }),
]);

/** `/sessions/{id}/extend`, and its two older spellings that lead to the same change. */
export function sessionExtendRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Sessions'],
    security: bearerOrProof,
    middleware: allowOnly(authenticator, 'operator', 'application', 'session'),
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
      checkout_url: await openCheckout(context, checkout_id),
    };
    const view = await readSession(context, id);
    const sessionToken = await issueSessionToken(context, view);
    return {
      ...result,
      ...checkout,
      session_token: sessionToken,
      session: toSession(view),
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
      const request = { additional_seconds: c.req.valid('json').additional_minutes * 60 };
      const answer = await extend(c, c.req.valid('param').id, request, idempotencyOf);
      const { expires_at, additional_cost, checkout_url } = answer;
      return c.json({ new_expires_at: expires_at, additional_cost, checkout_url }, 200);
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
      return c.json(await extend(c, request.session_id, { additional_seconds }, idempotencyOf), 200);
    },
  );
}
