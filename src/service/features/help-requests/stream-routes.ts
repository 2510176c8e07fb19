import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../../protocol/errors.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { bearer, idParameters, problemWith } from '../../foundation/http/route-shapes.js';
import { requireHelper } from '../helpers/index.js';
import {
  readEnds,
  readEventId,
  streamCredentialOf,
  streamHeaders,
  type OpenStreams,
} from '../streams/index.js';
import { DeskSource } from './desk-source.js';
import type { OpenDesks } from './open-desks.js';
import { endEvents, RequestSource } from './request-source.js';
import { requireHelpRequest } from './requests.js';

const stream = { 'text/event-stream': { schema: z.string() } };

/** `/help-requests/{id}/events` and `/helpers/{id}/events`, as server-sent events (HTML standard, 9.2). */
export function helpStreamRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  { streams, desks }: { streams: OpenStreams; desks: OpenDesks },
): void {
  app.openapi(
    createRoute({
      tags: ['Help requests'],
      security: bearer,
      middleware: allow(authenticator, 'help-requests.read'),
      method: 'get',
      path: '/api/v1/help-requests/{id}/events',
      summary: 'Hear what happens to a help request',
      request: {
        params: idParameters,
        headers: z.object({
          'last-event-id': z.string().optional().describe('Goes on after that event, without a snapshot'),
        }),
      },
      responses: {
        200: {
          description:
            'Events until the request is over, each with the request as it stands; a help_request.snapshot first, unless Last-Event-ID is sent. Nothing that anybody wrote is in them',
          content: stream,
        },
        204: { description: 'The request is over and every event was sent: do not come back' },
        default: problemWith(['HELP_REQUEST_NOT_FOUND', 'EVENT_ID_INVALID']),
      },
    }),
    async (c) => {
      const credential = c.get('credential');
      const { id, helper_id } = await requireHelpRequest(context, credential, c.req.valid('param').id);
      const helperId = credential.helperId;
      if (helperId !== undefined && helper_id !== helperId) throw new SessionError('HELP_REQUEST_NOT_FOUND');
      const { newestId, endId } = await readEnds(context, `request:${id}`, endEvents);
      const lastEventId = readEventId(c.req.valid('header')['last-event-id'], newestId);
      if (lastEventId !== undefined && endId !== null && endId <= lastEventId) return c.body(null, 204);
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      const opened = streams.open({
        source: new RequestSource(context, id, credential),
        lastId: lastEventId ?? newestId,
        withSnapshot: lastEventId === undefined,
        credential: streamCredentialOf(c),
      });
      return c.body(opened, 200, streamHeaders);
    },
  );

  app.openapi(
    createRoute({
      tags: ['Helpers'],
      security: bearer,
      middleware: allow(authenticator, 'helpers.attend'),
      method: 'get',
      path: '/api/v1/helpers/{id}/events',
      summary: 'Hear what a helper’s desk shows',
      request: { params: idParameters },
      responses: {
        200: {
          description:
            'A desk.snapshot at each beginning, and then what has changed, as it stands, without ids: there is nothing to go on after. A helper who listens is there, and is offered what waits',
          content: stream,
        },
        default: problemWith(['HELPER_NOT_FOUND']),
      },
    }),
    async (c) => {
      const credential = c.get('credential');
      const { id } = await requireHelper(context, credential, c.req.valid('param').id);
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      const opened = streams.open({
        source: new DeskSource(context, id, desks, credential.helperId !== undefined),
        lastId: 0,
        withSnapshot: true,
        credential: streamCredentialOf(c),
      });
      return c.body(opened, 200, streamHeaders);
    },
  );
}
