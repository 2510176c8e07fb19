import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { ServiceContext } from '../context.js';
import { allowOnly, requireApplication, requireSession, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { answers, bearer, body, idParameters, limitSchema } from '../http/route-shapes.js';
import {
  extensionsAnswerSchema,
  sessionAnswerSchema,
  sessionSchema,
  validateAnswerSchema,
  validateSchema,
} from '../http/session-schemas.js';
import { listExtensions, listSessions } from '../sessions/list.js';
import { toSession } from '../sessions/session-view.js';

const listQuery = z.strictObject({
  user_id: z.string().optional(),
  application_id: z.string().optional(),
  limit: limitSchema,
});

/** What reads sessions: `/sessions`, `/sessions/{id}`, `/extensions` and `/validate`. */
export function sessionReadRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = { tags: ['Sessions'], security: bearer };
  const anyone = allowOnly(authenticator, 'operator', 'application', 'session');

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/validate',
      request: { body: body(validateSchema) },
      responses: answers(validateAnswerSchema, 'A live session'),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const credential =
        'session_jwt' in request
          ? await authenticator.fromSessionToken(c, request.session_jwt)
          : await authenticator.authenticate(c, 'TOKEN_MISSING');
      const id = 'jti' in request ? request.jti : null;
      const view =
        id === null && credential.kind === 'session'
          ? credential.view
          : await requireSession(context, credential, id!);
      if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
      const now = context.now();
      const session = toSession(view, now);
      const { remaining_seconds } = session;
      return c.json({ valid: true as const, session, remaining_seconds, server_time: now }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions',
      middleware: allowOnly(authenticator, 'operator', 'application'),
      request: { query: listQuery },
      responses: answers(z.strictObject({ sessions: z.array(sessionSchema) }), 'Newest first'),
    }),
    async (c) => {
      const credential = c.get('credential');
      const query = c.req.valid('query');
      if (query.application_id !== undefined)
        requireApplication(credential, query.application_id, 'APPLICATION_NOT_FOUND');
      const applicationId =
        credential.kind === 'application' ? credential.applicationId : query.application_id;
      const views = await listSessions(context, { applicationId, userId: query.user_id, limit: query.limit });
      const now = context.now();
      return c.json({ sessions: views.map((view) => toSession(view, now)) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}',
      middleware: anyone,
      request: { params: idParameters },
      responses: answers(sessionAnswerSchema, 'The session, also after its end'),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const now = context.now();
      return c.json({ session: toSession(view, now), server_time: now }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}/extensions',
      middleware: anyone,
      request: { params: idParameters },
      responses: answers(extensionsAnswerSchema, 'What was bought, oldest first, and what can be bought'),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const extensions = await listExtensions(context, view.id);
      return c.json({ extensions, options: toSession(view, context.now()).extension_options }, 200);
    },
  );
}
