import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { isFinal } from '../../../../protocol/state-machine.js';
import { toSession } from '../../../../protocol/rules/session-view.js';
import { allow, type Authenticator } from '../../../foundation/auth/authenticator.js';
import type { ServiceContext } from '../../../foundation/context.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';
import { answers, bearerOrProof, body, idParameters } from '../../../foundation/http/route-shapes.js';
import type { WriteBehind } from '../../../foundation/write-behind.js';
import type { HeardReport, Heartbeat } from '../heartbeat.js';
import { requireSession } from '../session-credential.js';
import { freshToken } from './session-answer.js';
import { heartbeatAnswerSchema, heartbeatSchema } from './session-schemas.js';

/** A page is there, and brings what it has counted. */
export function heartbeatRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  heartbeats: WriteBehind<Heartbeat>,
  onReport: (report: HeardReport) => void,
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearerOrProof,
      method: 'post',
      middleware: allow(authenticator, 'sessions.change'),
      path: '/api/v1/sessions/{id}/heartbeat',
      summary: 'Tell that the page is there',
      request: { params: idParameters, body: body(heartbeatSchema) },
      responses: answers(heartbeatAnswerSchema, 'How the session stands; also after its end', [
        'SESSION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const view = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const session = toSession(view);
      const { metrics } = c.req.valid('json');
      const now = context.now();
      if (!isFinal(view.status)) heartbeats.record(view.id, { sessionId: view.id, heardAt: now });
      if (metrics)
        onReport({ ...metrics, sessionId: view.id, applicationId: view.application_id, heardAt: now });
      return c.json(
        {
          acknowledged: true as const,
          revision: session.revision,
          status: session.status,
          remaining_seconds: session.remaining_seconds,
          expires_at: session.expires_at,
          server_time: view.read_at,
          ...(!isFinal(view.status) && { next_heartbeat_seconds: context.limits.heartbeatSeconds }),
          ...(await freshToken(c, context, view)),
          session,
        },
        200,
      );
    },
  );
}
