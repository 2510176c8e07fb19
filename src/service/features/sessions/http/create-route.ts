import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { recordChange } from '../../../foundation/audit.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { askedChange } from '../../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../../foundation/auth/authenticator.js';
import { requireApplication } from '../../../foundation/auth/reach.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';
import { requireIdempotency } from '../../../foundation/http/idempotency-key.js';
import { answersCreated, bearer, body, needsKey } from '../../../foundation/http/route-shapes.js';
import { createSessionAnswerSchema, createSessionSchema } from './session-schemas.js';
import { runOnce } from '../../../foundation/idempotency.js';
import { createSession } from '../create.js';
import { launch } from '../launch.js';
import { readSession } from '../session-view.js';

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
      middleware: allow(authenticator, 'sessions.create'),
      request: { body: body(createSessionSchema(context.limits)) },
      responses: answersCreated(
        createSessionAnswerSchema,
        'The session, active or waiting, with its session token',
        [
          'APPLICATION_NOT_FOUND',
          'CUSTOMER_NOT_FOUND',
          'SESSION_PRICE_CHANGED',
          'INSUFFICIENT_TOKENS',
          'RETURN_URL_REFUSED',
        ],
      ),
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
