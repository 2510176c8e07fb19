import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { capabilities } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { ServiceContext } from '../context.js';
import { allowOnly, requireApplication, requireSession, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { cursorSchema, readCursor } from '../http/page-cursor.js';
import { answers, bearerOrProof, body, idParameters, limitSchema } from '../http/route-shapes.js';
import { sessionPageSchema, toSessionPage } from '../http/session-page.js';
import {
  extensionsAnswerSchema,
  sessionAnswerSchema,
  validateAnswerSchema,
  validateSchema,
} from '../http/session-schemas.js';
import { listExtensions } from '../sessions/extension-history.js';
import { listSessions } from '../sessions/list.js';
import { toSession } from '../sessions/session-view.js';

const listQuery = z.strictObject({
  user_id: z.string().optional(),
  application_id: z.string().optional(),
  cursor: cursorSchema,
  limit: limitSchema,
});

/** What reads sessions: `/sessions`, `/sessions/{id}`, `/extensions` and `/validate`. */
export function sessionReadRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = { tags: ['Sessions'], security: bearerOrProof };
  const anyone = allowOnly(authenticator, 'operator', 'application', 'session');

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/validate',
      summary: 'Validate a session',
      request: { body: body(validateSchema) },
      responses: answers(validateAnswerSchema, 'A live session', [
        'SESSION_NOT_FOUND',
        'SESSION_ENDED',
        'TOKEN_SESSION_MISMATCH',
      ]),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const view =
        'jti' in request
          ? await requireSession(context, await authenticator.authenticateValidation(c), request.jti)
          : (await authenticator.authenticateBody(c, request.session_jwt)).view;
      if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
      const session = toSession(view);
      const { remaining_seconds } = session;
      return c.json(
        {
          valid: true as const,
          session,
          remaining_seconds,
          server_time: view.read_at,
          capabilities: [...capabilities],
          next_heartbeat_seconds: context.limits.heartbeatSeconds,
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions',
      summary: 'List sessions',
      middleware: allowOnly(authenticator, 'operator', 'application'),
      request: { query: listQuery },
      responses: answers(sessionPageSchema, 'Newest first', ['APPLICATION_NOT_FOUND']),
    }),
    async (c) => {
      const credential = c.get('credential');
      const query = c.req.valid('query');
      if (query.application_id !== undefined)
        requireApplication(credential, query.application_id, 'APPLICATION_NOT_FOUND');
      const applicationId =
        credential.kind === 'application' ? credential.applicationId : query.application_id;
      const { user_id: userId, cursor, limit } = query;
      const page = await listSessions(context, { applicationId, userId, after: readCursor(cursor), limit });
      return c.json(toSessionPage(page, limit), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}',
      summary: 'Read a session',
      middleware: anyone,
      request: { params: idParameters },
      responses: answers(sessionAnswerSchema, 'The session, also after its end', ['SESSION_NOT_FOUND']),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      return c.json({ session: toSession(view), server_time: view.read_at }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}/extensions',
      summary: 'Read what a session was extended by',
      middleware: anyone,
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
