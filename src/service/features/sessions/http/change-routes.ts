import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Transaction } from 'kysely';
import type { ErrorCode } from '../../../../protocol/error-codes.js';
import type { Pauser } from '../../../../protocol/pauser.js';
import { isFinal } from '../../../../protocol/state-machine.js';
import { recordChange } from '../../../foundation/audit.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { askedChange } from '../../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../../foundation/auth/authenticator.js';
import type { Permission } from '../../../foundation/auth/permissions.js';
import type { SessionRow, Tables } from '../../../foundation/database/schema.js';
import { requireSession } from '../session-credential.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';
import { idempotencyOf } from '../../../foundation/http/idempotency-key.js';
import {
  answers,
  bearerOrProof,
  idParameters,
  optionalBody,
  takesKey,
} from '../../../foundation/http/route-shapes.js';
import { answerSession } from './session-answer.js';
import { completeAnswerSchema, completeSchema, sessionAnswerSchema } from './session-schemas.js';
import { cancelSession } from '../cancel.js';
import { changeSession } from '../change.js';
import { completeSession } from '../complete.js';
import { pauseSession } from '../pause.js';
import { resumeSession } from '../resume.js';
import { startSession } from '../start.js';

const nothing = z.strictObject({});

interface SessionActionRoute {
  action: string;
  summary: string;
  /** What its answer shows. */
  answer: string;
  permission?: Permission;
  /** What refuses it beside the state of the session. */
  codes?: readonly ErrorCode[];
  /** Whether it has been done already: asked for again it changes nothing. */
  isDone?(session: SessionRow): boolean;
  work(
    context: ServiceContext,
    trx: Transaction<Tables>,
    session: SessionRow,
    now: number,
    asker: Pauser,
  ): Promise<void>;
}

const actions: readonly SessionActionRoute[] = [
  {
    action: 'start',
    summary: 'Let the time of a session that waits begin',
    answer: 'The session, started; the same again where it had started before',
    permission: 'sessions.start',
    isDone: ({ started_at, status }) => started_at !== null && !isFinal(status),
    work: startSession,
  },
  {
    action: 'cancel',
    summary: 'Cancel a session that has not started',
    answer: 'The session, cancelled; the same again where it was cancelled before',
    isDone: ({ status }) => status === 'cancelled',
    work: cancelSession,
  },
  {
    action: 'pause',
    summary: 'Pause a session',
    answer: 'The session after the pause',
    permission: 'sessions.pause',
    codes: ['PAUSE_NOT_ALLOWED'],
    work: pauseSession,
  },
  {
    action: 'resume',
    summary: 'Go on after a pause',
    answer: 'The session after the resume',
    permission: 'sessions.pause',
    work: resumeSession,
  },
];

/** What changes a session, the extension aside: start, cancel, pause, resume, end and complete. */
export function sessionChangeRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Sessions'],
    security: bearerOrProof,
    method: 'post' as const,
    middleware: allow(authenticator, 'sessions.change'),
  };

  for (const { action, summary, answer, permission = 'sessions.change', codes, isDone, work } of actions) {
    app.openapi(
      createRoute({
        ...common,
        middleware: allow(authenticator, permission),
        path: `/api/v1/sessions/{id}/${action}`,
        summary,
        ...takesKey,
        request: { params: idParameters, body: optionalBody(nothing) },
        responses: answers(sessionAnswerSchema, answer, [
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'TRANSITION_REFUSED',
          ...(codes ?? []),
        ]),
      }),
      async (c) => {
        const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
        const asked = await askedChange(c);
        const idempotency = idempotencyOf(c, `${action} ${id}`, {});
        await changeSession(context, id, idempotency, async (trx, session, now) => {
          if (isDone?.(session)) return {};
          await work(context, trx, session, now, c.get('credential').side);
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
      summary: 'End a session, or cancel one that waits',
      ...takesKey,
      request: { params: idParameters, body: optionalBody(nothing) },
      responses: answers(
        sessionAnswerSchema,
        'The session with its bill; the same again where it had ended before',
        ['SESSION_NOT_FOUND'],
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
      middleware: allow(authenticator, 'sessions.complete'),
      path: '/api/v1/sessions/{id}/complete',
      summary: 'Complete a session, or cancel one that waits',
      ...takesKey,
      request: { params: idParameters, body: optionalBody(completeSchema) },
      responses: answers(
        completeAnswerSchema,
        'The bill; the same again where the session had ended before',
        ['SESSION_NOT_FOUND'],
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
          revision: session.revision,
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
