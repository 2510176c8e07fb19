import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../../../protocol/errors.js';
import { isFinal } from '../../../../protocol/state-machine.js';
import { recordChange } from '../../../foundation/audit.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { askedChange } from '../../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../../foundation/auth/authenticator.js';
import { requireSession } from '../session-credential.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';
import { idempotencyOf } from '../../../foundation/http/idempotency-key.js';
import { answers, bearer, idParameters, takesKey } from '../../../foundation/http/route-shapes.js';
import { createSessionAnswerSchema } from './session-schemas.js';
import { releaseBinding } from '../proof/binding.js';
import { changeSession } from '../change.js';
import { launch } from '../launch.js';
import { readSession } from '../session-view.js';

/**
 * `POST /sessions/{id}/launch`: a server brings a customer back who closed the page of a session that still runs. The
 * session is bound anew, to the browser that opens it next; session tokens of before are refused from then on.
 */
export function sessionLaunchRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Sessions'],
      security: bearer,
      method: 'post',
      path: '/api/v1/sessions/{id}/launch',
      summary: 'Launch a running session again',
      ...takesKey,
      middleware: allow(authenticator, 'sessions.launch'),
      request: { params: idParameters },
      responses: answers(createSessionAnswerSchema, 'The session as it stands, with a fresh session token', [
        'SESSION_NOT_FOUND',
        'SESSION_ENDED',
      ]),
    }),
    async (c) => {
      const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const asked = await askedChange(c);
      await changeSession(context, id, idempotencyOf(c, `launch ${id}`, {}), async (trx, session, now) => {
        if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
        await releaseBinding(trx, session);
        await recordChange(trx, asked, now);
        return {};
      });
      return c.json(await launch(context, await readSession(context, id)), 200);
    },
  );
}
