import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { ServiceContext } from '../context.js';
import { allowOnly, requireSession, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { answers, bearer, idParameters } from '../http/route-shapes.js';
import { createSessionAnswerSchema } from '../http/session-schemas.js';
import { launch } from '../sessions/launch.js';

/** `POST /sessions/{id}/launch`: a server brings a customer back who closed the page of a session that still runs. */
export function sessionLaunchRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearer,
      method: 'post',
      path: '/api/v1/sessions/{id}/launch',
      middleware: allowOnly(authenticator, 'operator', 'application'),
      request: { params: idParameters },
      responses: answers(createSessionAnswerSchema, 'The session as it stands, with a fresh session token'),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
      return c.json(await launch(context, view), 200);
    },
  );
}
