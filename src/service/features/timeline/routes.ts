import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { Credential } from '../../foundation/auth/credential.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearerOrProof, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';
import { readHelpRequest } from '../help-requests/index.js';
import { requireSession, type SessionView } from '../sessions/index.js';
import { isComplete, readTimeline, type Told } from './timeline.js';

const eventIdForm = /^\d{1,15}$/;

const entrySchema = z
  .strictObject({
    id: z.int().describe('Rises with time').openapi({ example: 4711 }),
    type: z.string().describe('As the streams and webhooks name it').openapi({ example: 'session.extended' }),
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
    data: z
      .record(z.string(), z.unknown())
      .describe('What the event says: ids, states and amounts, and no word that anybody wrote')
      .openapi({ example: { session_id: '0a1b2c3d', additional_seconds: 900, additional_cost: 150 } }),
  })
  .openapi('TimelineEntry');

const timelineSchema = z.strictObject({
  timeline: z.array(entrySchema),
  is_complete: z
    .boolean()
    .describe('Whether its beginning is still there; events are put away after a time (retention)'),
  next_cursor: nextCursorSchema,
});

/** `GET /sessions/{id}/timeline`: what has happened to a session, and to the help request that it came from. */
export function timelineRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearerOrProof,
      middleware: allow(authenticator, 'sessions.read'),
      method: 'get',
      path: '/api/v1/sessions/{id}/timeline',
      summary: 'Read what has happened to a session',
      request: {
        params: idParameters,
        query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }),
      },
      responses: answers(
        timelineSchema,
        'Oldest first, also after the end. With help-requests.read also what happened to the help request whose talk it is; for a helper to the own ones',
        ['SESSION_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const credential = c.get('credential');
      const session = await requireSession(context, credential, c.req.valid('param').id);
      const { cursor, limit } = c.req.valid('query');
      const after = Number(readCursor(cursor, eventIdForm)?.id ?? 0);
      const told = await toldOf(context, credential, session);
      const [events, is_complete] = await Promise.all([
        readTimeline(context, told, { after, limit }),
        isComplete(context, told),
      ]);
      const places = events.map(({ id, created_at }) => ({ id: String(id), created_at }));
      return c.json(
        { timeline: events.map(toEntry), is_complete, next_cursor: nextCursor(places, limit) },
        200,
      );
    },
  );
}

/** The session, and the help request whose talk it is where the credential reads that. */
async function toldOf(
  context: ServiceContext,
  credential: Credential,
  session: SessionView,
): Promise<Told[]> {
  const ofSession: Told = { subject: `session:${session.id}`, beganAt: session.created_at };
  const { help_request_id: requestId } = session;
  if (requestId === null || !credential.permissions.includes('help-requests.read')) return [ofSession];
  const request = await readHelpRequest(context, requestId);
  // A helper who gave it back goes on reaching the session that he had, and no more.
  if (credential.helperId !== undefined && credential.helperId !== request.helper_id) return [ofSession];
  return [{ subject: `request:${requestId}`, beganAt: request.opened_at }, ofSession];
}

const toEntry = ({ id, type, payload, created_at }: EventRow): z.output<typeof entrySchema> => ({
  id,
  type,
  created_at: Math.floor(created_at / 1000),
  data: payload as Record<string, unknown>,
});
