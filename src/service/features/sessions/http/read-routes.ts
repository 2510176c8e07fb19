import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { capabilities, type Capability } from '../../../../protocol/api.js';
import { SessionError } from '../../../../protocol/errors.js';
import { isFinal } from '../../../../protocol/state-machine.js';
import { toSession } from '../../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { allow, requirePermission, type Authenticator } from '../../../foundation/auth/authenticator.js';
import { reachedCustomer, requireApplication } from '../../../foundation/auth/reach.js';
import type { Credential } from '../../../foundation/auth/credential.js';
import {
  CustomerCredential,
  requireSession,
  SessionCredential,
  type SessionTokenScheme,
} from '../session-credential.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';
import { cursorSchema, readCursor } from '../../../foundation/http/page-cursor.js';
import {
  answers,
  bearerOrProof,
  body,
  idParameters,
  limitSchema,
} from '../../../foundation/http/route-shapes.js';
import { sessionPageSchema, toSessionPage } from './session-page.js';
import { sessionAnswerSchema, validateAnswerSchema, validateSchema } from './session-schemas.js';
import { listSessions } from '../list.js';

const listQuery = z.strictObject({
  user_id: z.string().optional(),
  application_id: z.string().optional(),
  cursor: cursorSchema,
  limit: limitSchema,
});

const asValidation = { missing: 'TOKEN_MISSING', isValidation: true } as const;

/** What a session token for a user allows; others allow all. */
const allowedBy = (credential: Credential) =>
  credential instanceof SessionCredential &&
  credential.grant && { allowed_operations: [...credential.grant.operations] };

/** What reads sessions: `/sessions`, `/sessions/{id}` and `/validate`. */
export function sessionReadRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  sessionTokens: SessionTokenScheme,
): void {
  const findById = async (c: Context<HttpEnvironment>, id: string) => {
    const credential = await authenticator.authenticate(c, asValidation);
    if (credential instanceof CustomerCredential) throw new SessionError('NO_LIVE_SESSION');
    requirePermission(credential, 'sessions.read');
    return { credential, view: await requireSession(context, credential, id) };
  };
  const verifyInBody = async (c: Context<HttpEnvironment>, token: string) => {
    const presented = { token, place: 'body', isValidation: true } as const;
    const credential = authenticator.admit(c, await sessionTokens.verify(c, presented));
    if (credential instanceof CustomerCredential) throw new SessionError('NO_LIVE_SESSION');
    requirePermission(credential, 'sessions.read');
    return { credential, view: credential.view };
  };
  const common = { tags: ['Sessions'], security: bearerOrProof };
  const read = allow(authenticator, 'sessions.read');

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
        'NO_LIVE_SESSION',
        'TOKEN_SESSION_MISMATCH',
      ]),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const { credential, view } =
        'jti' in request ? await findById(c, request.jti) : await verifyInBody(c, request.session_jwt);
      if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
      const session = toSession(view);
      const { remaining_seconds } = session;
      return c.json(
        {
          valid: true as const,
          session,
          remaining_seconds,
          server_time: view.read_at,
          capabilities: capabilities.filter((name) => isOffered(context, name)),
          ...allowedBy(credential),
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
      middleware: allow(authenticator, 'sessions.list'),
      request: { query: listQuery },
      responses: answers(sessionPageSchema, 'Newest first', ['APPLICATION_NOT_FOUND', 'CUSTOMER_NOT_FOUND']),
    }),
    async (c) => {
      const credential = c.get('credential');
      const query = c.req.valid('query');
      if (query.application_id !== undefined)
        requireApplication(credential, query.application_id, 'APPLICATION_NOT_FOUND');
      const applicationId = credential.applicationId ?? query.application_id;
      const userId = reachedCustomer(credential, query.user_id);
      const { providerId } = credential;
      const { cursor, limit } = query;
      const filter = { applicationId, providerId, userId, after: readCursor(cursor), limit };
      const page = await listSessions(context, filter);
      return c.json(toSessionPage(page, limit), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}',
      summary: 'Read a session',
      middleware: read,
      request: { params: idParameters },
      responses: answers(sessionAnswerSchema, 'The session, also after its end', ['SESSION_NOT_FOUND']),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      return c.json({ session: toSession(view), server_time: view.read_at }, 200);
    },
  );
}

/** Whether this service has what a capability promises. */
const isOffered = ({ keepsFiles, hasRooms }: ServiceContext, name: Capability): boolean =>
  name === 'files' ? keepsFiles : name === 'room' ? hasRooms : true;
