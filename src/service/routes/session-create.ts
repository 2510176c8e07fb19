import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { recordChange } from '../audit.js';
import type { ServiceContext } from '../context.js';
import { askedChange } from '../http/audit.js';
import { allowOnly, requireApplication, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { requireIdempotency } from '../http/idempotency-key.js';
import { answersCreated, bearer, body, needsKey } from '../http/route-shapes.js';
import { createSessionAnswerSchema, createSessionSchema } from '../http/session-schemas.js';
import { runOnce } from '../idempotency.js';
import { createSession } from '../sessions/create.js';
import { launch } from '../sessions/launch.js';
import { readSession } from '../sessions/session-view.js';

/** `POST /sessions`: a server sells a session. */
export function sessionCreateRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearer,
      method: 'post',
      path: '/api/v1/sessions',
      summary: 'Sell a session',
      ...needsKey,
      middleware: allowOnly(authenticator, 'operator', 'application'),
      request: { body: body(createSessionSchema(context.limits.minDurationSeconds)) },
      responses: answersCreated(createSessionAnswerSchema, 'The session, active, with its session token', [
        'APPLICATION_NOT_FOUND',
        'CUSTOMER_NOT_FOUND',
        'INSUFFICIENT_TOKENS',
        'RETURN_URL_REFUSED',
      ]),
    }),
    async (c) => {
      const request = c.req.valid('json');
      requireApplication(c.get('credential'), request.application_id, 'APPLICATION_NOT_FOUND');
      const idempotency = requireIdempotency(c, 'create session', request);
      const asked = await askedChange(c);
      const made = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
        const id = await createSession(context, trx, request);
        await recordChange(trx, asked, context.now(), id);
        return { id };
      });
      return c.json(await launch(context, await readSession(context, made!.id)), 201);
    },
  );
}
