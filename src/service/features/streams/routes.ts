import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { readEnds, readEventId } from './last-event-id.js';
import type { OpenStreams } from './open-streams.js';
import { SessionSource } from './session-source.js';
import { streamCredentialOf } from './stream-credential.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { participantOf, type Attendance } from '../presence/index.js';
import { newestSignal } from '../rooms/index.js';
import { requireSession } from '../sessions/index.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { bearerOrProof, idParameters, problemWith } from '../../foundation/http/route-shapes.js';

export const streamHeaders = {
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
  { streams, attendance }: { streams: OpenStreams; attendance: Attendance },
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearerOrProof,
      method: 'get',
      path: '/api/v1/sessions/{id}/events',
      summary: 'Hear what happens to a session',
      middleware: allow(authenticator, 'sessions.read'),
      request: {
        params: idParameters,
        headers: z.object({
          'last-event-id': z.string().optional().describe('Goes on after that event, without a snapshot'),
        }),
      },
      responses: {
        200: {
          description:
            'Events until the session has ended, each with the whole session; a session.snapshot first, unless Last-Event-ID is sent. Who listens is there: the others are told of it by participant.joined, .lost and .back. A side also hears what the other one signals from then on, as session.signal without an id: Last-Event-ID brings none back',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        204: { description: 'The session has ended and every event was sent: do not come back' },
        default: problemWith(['SESSION_NOT_FOUND', 'EVENT_ID_INVALID']),
      },
    }),
    async (c) => {
      const credential = c.get('credential');
      const view = await requireSession(context, credential, c.req.valid('param').id);
      const { id } = view;
      const { newestId, endId } = await readEnds(context, `session:${id}`, ['session.ended']);
      const lastEventId = readEventId(c.req.valid('header')['last-event-id'], newestId);
      if (lastEventId !== undefined && endId !== null && endId <= lastEventId) return c.body(null, 204);
      // A body that nobody reads would stay open for ever.
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      const reader = {
        credential: streamCredentialOf(c),
        participant: participantOf(credential, view),
        signalId: await newestSignal(context, id),
      };
      const source = new SessionSource(context, attendance, id, reader);
      const stream = streams.open({
        source,
        lastId: lastEventId ?? newestId,
        withSnapshot: lastEventId === undefined,
        credential: reader.credential,
      });
      return c.body(stream, 200, streamHeaders);
    },
  );
}
