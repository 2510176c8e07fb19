import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { recordChange } from '../../foundation/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { requireReach } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf } from '../../foundation/http/idempotency-key.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { runOnce } from '../../foundation/idempotency.js';
import {
  answerSession,
  changeSession,
  createSessionAnswerSchema,
  launch,
  passTime,
  readSession,
  requireSession,
  sessionAnswerSchema,
} from '../sessions/index.js';
import { isRehearsal, rehearsedSeconds, sellRehearsal } from './rehearsal.js';

/** `/applications/{id}/rehearsals` and `/sessions/{id}/fast-forward`: a session that nobody pays for, and whose time passes at once. */
export function rehearsalRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    security: bearer,
    method: 'post' as const,
    middleware: allow(authenticator, 'installations.verify'),
    ...takesKey,
  };

  app.openapi(
    createRoute({
      ...common,
      tags: ['Applications'],
      path: '/api/v1/applications/{id}/rehearsals',
      summary: 'Rehearse a session of an application of tests',
      request: { params: idParameters },
      responses: answersCreated(
        createSessionAnswerSchema,
        `The session of up to ${rehearsedSeconds} s, and the address to open; its customer is the application’s own, and pays nothing`,
        ['APPLICATION_NOT_FOUND', 'REHEARSAL_IMPOSSIBLE'],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const asked = await askedChange(c);
      const idempotency = idempotencyOf(c, `rehearse ${id}`, {});
      const made = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
        const sessionId = await sellRehearsal(context, trx, id, ({ provider_id }) =>
          requireReach(
            c.get('credential'),
            { applicationId: id, providerId: provider_id },
            'APPLICATION_NOT_FOUND',
          ),
        );
        await recordChange(trx, asked, context.now(), sessionId);
        return { id: sessionId };
      });
      return c.json(await launch(context, await readSession(context, made!.id)), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      tags: ['Sessions'],
      path: '/api/v1/sessions/{id}/fast-forward',
      summary: 'Let the time of a rehearsal pass at once',
      request: {
        params: idParameters,
        body: body(
          z.strictObject({
            remaining_seconds: z
              .int()
              .min(0)
              .max(rehearsedSeconds)
              .describe('What is left then; where less is left it stays as it is')
              .openapi({ example: 20 }),
          }),
        ),
      },
      responses: answers(sessionAnswerSchema, 'The session; what passed counts as used', [
        'SESSION_NOT_FOUND',
        'SESSION_ENDED',
        'REHEARSAL_IMPOSSIBLE',
      ]),
    }),
    async (c) => {
      const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const request = c.req.valid('json');
      const asked = await askedChange(c);
      const idempotency = idempotencyOf(c, `fast-forward ${id}`, request);
      await changeSession(context, id, idempotency, async (trx, session, now) => {
        if (!isRehearsal(session))
          throw new SessionError('REHEARSAL_IMPOSSIBLE', { message: 'The session is no rehearsal.' });
        if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
        if (session.status !== 'active')
          throw new SessionError('REHEARSAL_IMPOSSIBLE', { message: 'Its time does not run.' });
        if (await passTime(context, trx, session, request.remaining_seconds, now))
          await recordChange(trx, asked, now);
        return {};
      });
      return c.json(await answerSession(c, context, id), 200);
    },
  );
}
