import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import type { Participant } from '../../protocol/events.js';
import type { ServiceContext } from '../context.js';
import type { LiveEvents } from '../events/live-events.js';
import { allowOnly, requireSession, type Authenticator } from '../http/authentication.js';
import { sideOf, type Credential } from '../http/credential.js';
import type { HttpEnvironment } from '../http/environment.js';
import { bearerOrProof, idParameters, problemWith } from '../http/route-shapes.js';

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // nginx holds answers back to fill its buffers, unless told otherwise.
  'X-Accel-Buffering': 'no',
};

/** `GET /sessions/{id}/events`: what happens to the session, as server-sent events (HTML standard, 9.2). */
export function sessionEventsRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  liveEvents: LiveEvents,
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearerOrProof,
      method: 'get',
      path: '/api/v1/sessions/{id}/events',
      summary: 'Hear what happens to a session',
      middleware: allowOnly(authenticator, 'operator', 'application', 'session'),
      request: {
        params: idParameters,
        headers: z.object({
          'last-event-id': z.string().optional().describe('Goes on after that event, without a snapshot'),
        }),
      },
      responses: {
        200: {
          description:
            'Events until the session has ended, each with the whole session; a session.snapshot first, unless Last-Event-ID is sent. Who listens is there: the other side is told of it by participant.joined, .lost and .back',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        204: { description: 'The session has ended and every event was sent: do not come back' },
        default: problemWith(['SESSION_NOT_FOUND', 'EVENT_ID_INVALID']),
      },
    }),
    async (c) => {
      const credential = c.get('credential');
      const { id } = await requireSession(context, credential, c.req.valid('param').id);
      const { newestId, endId } = await readEnds(context, id);
      const lastEventId = readEventId(c.req.valid('header')['last-event-id'], newestId);
      if (lastEventId !== undefined && endId !== null && endId <= lastEventId) return c.body(null, 204);
      // A body that nobody reads would stay open for ever.
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      const stream = liveEvents.open({
        sessionId: id,
        lastId: lastEventId ?? newestId,
        withSnapshot: lastEventId === undefined,
        participant: participantOf(credential),
        launchCount: credential.kind === 'session' ? credential.view.launch_count : undefined,
      });
      return c.body(stream, 200, streamHeaders);
    },
  );
}

/** The marketplace looks on; all others are a side. */
function participantOf(credential: Credential): Participant | undefined {
  const side = sideOf(credential);
  return side === 'marketplace' ? undefined : side;
}

/** The newest event of a session (0 where it has none), and the one that told its end. */
async function readEnds(context: ServiceContext, sessionId: string) {
  return context.kysely
    .selectFrom('outbox')
    .select([
      sql<number>`coalesce(max(id), 0)`.as('newestId'),
      sql<number | null>`max(id) filter (where type = 'session.ended')`.as('endId'),
    ])
    .where('session_id', '=', sessionId)
    .executeTakeFirstOrThrow();
}

function readEventId(text: string | undefined, newestId: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) > newestId) throw new SessionError('EVENT_ID_INVALID');
  return Number(text);
}
