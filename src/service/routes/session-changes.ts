import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { isFinal } from '../../protocol/state-machine.js';
import { recordChange } from '../audit.js';
import type { ServiceContext } from '../context.js';
import { askedChange } from '../http/audit.js';
import { allowOnly, requireSession, type Authenticator } from '../http/authentication.js';
import { sideOf } from '../http/credential.js';
import type { HttpEnvironment } from '../http/environment.js';
import { idempotencyOf } from '../http/idempotency-key.js';
import { answers, bearerOrProof, body, idParameters, optionalBody, takesKey } from '../http/route-shapes.js';
import { answerSession, freshToken } from '../http/session-answer.js';
import {
  completeAnswerSchema,
  completeSchema,
  heartbeatAnswerSchema,
  heartbeatSchema,
  sessionAnswerSchema,
} from '../http/session-schemas.js';
import { changeSession } from '../sessions/change.js';
import { completeSession } from '../sessions/complete.js';
import type { HeartbeatRecorder } from '../sessions/heartbeat.js';
import { pauseSession } from '../sessions/pause.js';
import { resumeSession } from '../sessions/resume.js';
import { toSession } from '../sessions/session-view.js';

const nothing = z.strictObject({});

/** What changes a session, the extension aside: heartbeat, pause, resume, end and complete. */
export function sessionChangeRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  heartbeats: HeartbeatRecorder,
): void {
  const common = {
    tags: ['Sessions'],
    security: bearerOrProof,
    method: 'post' as const,
    middleware: allowOnly(authenticator, 'operator', 'application', 'session'),
  };

  app.openapi(
    createRoute({
      ...common,
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
      if (!isFinal(view.status)) heartbeats.record(view.id, context.now());
      return c.json(
        {
          acknowledged: true as const,
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

  for (const [action, summary, work] of [
    ['pause', 'Pause a session', pauseSession],
    ['resume', 'Go on after a pause', resumeSession],
  ] as const) {
    app.openapi(
      createRoute({
        ...common,
        path: `/api/v1/sessions/{id}/${action}`,
        summary,
        ...takesKey,
        request: { params: idParameters, body: optionalBody(nothing) },
        responses: answers(sessionAnswerSchema, `The session after the ${action}`, [
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'TRANSITION_REFUSED',
          'PAUSE_NOT_ALLOWED',
        ]),
      }),
      async (c) => {
        const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
        const asked = await askedChange(c);
        const idempotency = idempotencyOf(c, `${action} ${id}`, {});
        await changeSession(context, id, idempotency, async (trx, session, now) => {
          await work(trx, session, now, sideOf(c.get('credential')));
          await recordChange(trx, asked, now);
          return {};
        });
        return c.json(await answerSession(c, context, id), 200);
      },
    );
  }

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/sessions/{id}/end',
      summary: 'End a session',
      ...takesKey,
      request: { params: idParameters, body: optionalBody(nothing) },
      responses: answers(
        sessionAnswerSchema,
        'The session with its bill; the same again where it had ended before',
        ['SESSION_NOT_FOUND', 'TRANSITION_REFUSED'],
      ),
    }),
    async (c) => {
      const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      await completeSession(context, id, {}, await askedChange(c), idempotencyOf(c, `end ${id}`, {}));
      return c.json(await answerSession(c, context, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/sessions/{id}/complete',
      summary: 'Complete a session',
      ...takesKey,
      request: { params: idParameters, body: optionalBody(completeSchema) },
      responses: answers(
        completeAnswerSchema,
        'The bill; the same again where the session had ended before',
        ['SESSION_NOT_FOUND', 'TRANSITION_REFUSED'],
      ),
    }),
    async (c) => {
      const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const request = c.req.valid('json');
      const idempotency = idempotencyOf(c, `complete ${id}`, request);
      await completeSession(context, id, request, await askedChange(c), idempotency);
      const { session, server_time } = await answerSession(c, context, id);
      return c.json(
        {
          status: session.status,
          used_seconds: session.used_seconds!,
          final_cost: session.final_cost!,
          tokens_refunded: session.tokens_refunded!,
          session,
          server_time,
        },
        200,
      );
    },
  );
}
