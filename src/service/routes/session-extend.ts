import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ExtendAnswer, ExtendRequest } from '../../protocol/api.js';
import type { ServiceContext } from '../context.js';
import { allowOnly, requireSession, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { idempotencyOf, requireIdempotency } from '../http/idempotency-key.js';
import { answers, bearer, body, idParameters } from '../http/route-shapes.js';
import { extendAnswerSchema, extendSchema, renewAnswerSchema, renewSchema } from '../http/session-schemas.js';
import type { Idempotency } from '../idempotency.js';
import { changeSession } from '../sessions/change.js';
import { extendSession } from '../sessions/extend.js';
import { readSession, toSession } from '../sessions/session-view.js';
import { issueSessionToken } from '../tokens/issue.js';

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
    security: bearer,
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
    const result = await changeSession(context, id, keyOf(c, `extend ${id}`, request), (trx, session, now) =>
      extendSession(trx, session, request, now),
    );
    const view = await readSession(context, id);
    const sessionToken = await issueSessionToken(context, view);
    const now = context.now();
    return {
      ...result,
      session_token: sessionToken,
      session: toSession(view, now),
      server_time: now,
    } satisfies ExtendAnswer;
  }

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/{id}/extend',
      request: { params: idParameters, body: body(extendSchema) },
      responses: answers(extendAnswerSchema, 'More time, paid; needs an Idempotency-Key'),
    }),
    async (c) =>
      c.json(await extend(c, c.req.valid('param').id, c.req.valid('json'), requireIdempotency), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'put',
      path: '/api/v1/sessions/{id}/renew',
      deprecated: true,
      request: { params: idParameters, body: body(renewSchema) },
      responses: answers(renewAnswerSchema, 'The older spelling of extend'),
    }),
    async (c) => {
      const request = { additional_seconds: c.req.valid('json').additional_minutes * 60 };
      const answer = await extend(c, c.req.valid('param').id, request, idempotencyOf);
      return c.json({ new_expires_at: answer.expires_at, additional_cost: answer.additional_cost }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/extend',
      deprecated: true,
      request: { body: body(olderExtendSchema) },
      responses: answers(extendAnswerSchema, 'The older spelling of extend'),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const additional_seconds =
        'additional_minutes' in request ? request.additional_minutes * 60 : request.additional_seconds;
      return c.json(await extend(c, request.session_id, { additional_seconds }, idempotencyOf), 200);
    },
  );
}
