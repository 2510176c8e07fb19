import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange } from '../../foundation/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedCustomer, reachedProvider, requireApplication } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf, requireIdempotency } from '../../foundation/http/idempotency-key.js';
import { cursorSchema, nextCursor, readCursor } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  limitSchema,
  needsKey,
  optionalBody,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { runOnce } from '../../foundation/idempotency.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { requireHelper } from '../helpers/index.js';
import { decline, recordOutcome, start, withdraw, type HelperAnswer } from './answer.js';
import { changeRequest } from './change-request.js';
import { claimRequest } from './claim.js';
import { cancel } from './close.js';
import { createHelpRequest } from './create.js';
import { openPayment } from './payment/index.js';
import type { StripeGateway } from '../payments/index.js';
import {
  answerSchema,
  createSchema,
  helpRequestListSchema,
  helpRequestSchema,
  helpRequestStatusSchema,
  outcomeRequestSchema,
} from './help-request-schemas.js';
import {
  listHelpRequests,
  readHelpRequest,
  requireHelpRequest,
  toHelpRequest,
  typicalWait,
} from './requests.js';

const ofAnswer: ErrorCode[] = [
  'HELP_REQUEST_NOT_FOUND',
  'HELPER_NOT_FOUND',
  'NOT_OFFERED',
  'REQUEST_TAKEN',
  'REQUEST_CANCELLED',
  'REQUEST_EXPIRED',
];

/** `/help-requests`: a customer asks for help, and exactly one helper gives it. */
export function helpRequestRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  gateway: StripeGateway | null,
): void {
  const common = { tags: ['Help requests'], security: bearer };
  const answering = { ...common, ...takesKey, middleware: allow(authenticator, 'help-requests.answer') };

  /** The request as it stands, for who asks. */
  const answer = async (c: Context<HttpEnvironment>, id: string) => {
    const view = await readHelpRequest(context, id);
    const typical_wait_seconds = await typicalWait(context, view.provider_id);
    const credential = c.get('credential');
    const isPayable = view.status === 'awaiting_payment' && credential.helperId === undefined;
    const checkout_url = isPayable ? view.checkout_url : null;
    return { ...toHelpRequest(view, credential), checkout_url, typical_wait_seconds };
  };

  /** Who answers, and which request of his provider. */
  const answererOf = async (c: Context<HttpEnvironment>, id: string, named: string | undefined) => {
    const credential = c.get('credential');
    const helperId = named ?? credential.helperId;
    if (helperId === undefined)
      throw new InvalidRequest([
        { pointer: '/helper_id', message: 'needed without an access token of a helper' },
      ]);
    const helper = await requireHelper(context, credential, helperId);
    const { provider_id } = await requireHelpRequest(context, credential, id);
    if (provider_id !== helper.provider_id) throw new SessionError('HELP_REQUEST_NOT_FOUND');
    return helper.id;
  };

  const answerWith = async (
    c: Context<HttpEnvironment>,
    {
      id,
      name,
      request,
      work,
    }: { id: string; name: string; request: { helper_id?: string | undefined }; work: HelperAnswer },
  ) => {
    const helperId = await answererOf(c, id, request.helper_id);
    const asked = await askedChange(c);
    const idempotency = idempotencyOf(c, `${name} help request ${id}`, request);
    await changeRequest(context, id, idempotency, async (trx, locked, now) => {
      if (await work(context, trx, { ...locked, helperId }, now)) await recordChange(trx, asked, now);
    });
    return answer(c, id);
  };

  app.openapi(
    createRoute({
      ...common,
      ...needsKey,
      middleware: allow(authenticator, 'help-requests.create'),
      method: 'post',
      path: '/api/v1/help-requests',
      summary: 'Ask for help',
      request: { body: body(createSchema) },
      responses: answersCreated(
        helpRequestSchema,
        'The request, open: its price is held, and all who can help are asked. With a price in money it awaits the payment at checkout_url',
        [
          'APPLICATION_NOT_FOUND',
          'CUSTOMER_NOT_FOUND',
          'HELP_CATEGORY_NOT_FOUND',
          'HELP_CATEGORY_INACTIVE',
          'INSUFFICIENT_TOKENS',
          'PAYMENT_METHOD_REFUSED',
          'PAYMENTS_UNAVAILABLE',
          'PAYMENT_PROVIDER_REFUSED',
          'CHECKOUT_CLOSED',
          'RETURN_URL_REFUSED',
          'HELP_REQUEST_NOT_FOUND',
        ],
      ),
    }),
    async (c) => {
      const request = c.req.valid('json');
      requireApplication(c.get('credential'), request.application_id, 'APPLICATION_NOT_FOUND');
      const { description, ...named } = request;
      const idempotency = requireIdempotency(c, 'create help request', { ...named, description });
      const asked = await askedChange(c);
      const made = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
        const id = await createHelpRequest(context, trx, request);
        await recordChange(trx, asked, context.now(), id);
        return { id };
      });
      await openPayment(context, gateway, made!.id);
      return c.json(await answer(c, made!.id), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: allow(authenticator, 'help-requests.read'),
      method: 'get',
      path: '/api/v1/help-requests',
      summary: 'List help requests',
      request: {
        query: z.strictObject({
          provider_id: z.string().optional(),
          helper_id: z.string().optional(),
          user_id: z.string().optional(),
          status: helpRequestStatusSchema.optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        helpRequestListSchema,
        'Newest first; a customer sees the own ones, a helper those that he has or had',
        ['PROVIDER_NOT_FOUND', 'CUSTOMER_NOT_FOUND', 'HELPER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { provider_id, helper_id, user_id, status, cursor, limit } = c.req.valid('query');
      const credential = c.get('credential');
      const ownId = credential.helperId;
      if (ownId !== undefined && helper_id !== undefined && helper_id !== ownId)
        throw new SessionError('HELPER_NOT_FOUND');
      const rows = await listHelpRequests(context, {
        applicationId: credential.applicationId,
        providerId: reachedProvider(credential, provider_id),
        helperId: ownId ?? helper_id,
        userId: reachedCustomer(credential, user_id),
        status,
        after: readCursor(cursor),
        limit,
      });
      const requests = rows.map((row) => toHelpRequest(row, credential));
      return c.json({ requests, next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: allow(authenticator, 'help-requests.read'),
      method: 'get',
      path: '/api/v1/help-requests/{id}',
      summary: 'Read a help request',
      request: { params: idParameters },
      responses: answers(helpRequestSchema, 'The request', ['HELP_REQUEST_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = await requireHelpRequest(context, c.get('credential'), c.req.valid('param').id);
      return c.json(await answer(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      ...takesKey,
      middleware: allow(authenticator, 'help-requests.cancel'),
      method: 'post',
      path: '/api/v1/help-requests/{id}/cancel',
      summary: 'Cancel a help request',
      request: { params: idParameters },
      responses: answers(helpRequestSchema, 'The request, cancelled: all that was held is given back', [
        'HELP_REQUEST_NOT_FOUND',
        'REQUEST_EXPIRED',
        'REQUEST_TRANSITION_REFUSED',
      ]),
    }),
    async (c) => {
      const { id } = await requireHelpRequest(context, c.get('credential'), c.req.valid('param').id);
      const asked = await askedChange(c);
      const idempotency = idempotencyOf(c, `cancel help request ${id}`, undefined);
      await changeRequest(context, id, idempotency, async (trx, locked, now) => {
        if (locked.request.status === 'cancelled') return;
        await cancel(context, trx, locked, 'requested', now);
        await recordChange(trx, asked, now);
      });
      return c.json(await answer(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...answering,
      method: 'post',
      path: '/api/v1/help-requests/{id}/claim',
      summary: 'Claim a help request',
      request: { params: idParameters, body: optionalBody(answerSchema) },
      responses: answers(
        helpRequestSchema,
        'The request, whose session waits for this helper and the customer',
        [...ofAnswer, 'HELPER_BUSY', 'HELPER_UNAVAILABLE'],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const request = answerSchema.parse(c.req.valid('json') ?? {});
      const helperId = await answererOf(c, id, request.helper_id);
      const asked = await askedChange(c);
      const idempotency = idempotencyOf(c, `claim help request ${id}`, request);
      await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
        if (await claimRequest(context, trx, { requestId: id, helperId }))
          await recordChange(trx, asked, context.now());
        return {};
      });
      return c.json(await answer(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...answering,
      method: 'post',
      path: '/api/v1/help-requests/{id}/decline',
      summary: 'Decline a help request',
      request: { params: idParameters, body: optionalBody(answerSchema) },
      responses: answers(helpRequestSchema, 'The request, which goes on looking for others', ofAnswer),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const request = answerSchema.parse(c.req.valid('json') ?? {});
      return c.json(await answerWith(c, { id, name: 'decline', request, work: decline }), 200);
    },
  );

  app.openapi(
    createRoute({
      ...answering,
      method: 'post',
      path: '/api/v1/help-requests/{id}/withdraw',
      summary: 'Give a claimed help request back',
      request: { params: idParameters, body: optionalBody(answerSchema) },
      responses: answers(helpRequestSchema, 'The request, which is offered to the others again', [
        ...ofAnswer,
        'REQUEST_TRANSITION_REFUSED',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const request = answerSchema.parse(c.req.valid('json') ?? {});
      return c.json(await answerWith(c, { id, name: 'withdraw', request, work: withdraw }), 200);
    },
  );

  app.openapi(
    createRoute({
      ...answering,
      method: 'post',
      path: '/api/v1/help-requests/{id}/start',
      summary: 'Start the talk',
      request: { params: idParameters, body: optionalBody(answerSchema) },
      responses: answers(
        helpRequestSchema,
        'The request, in progress: the time of its session runs. It starts by itself once both listen to the session',
        [...ofAnswer, 'CUSTOMER_ABSENT', 'REQUEST_TRANSITION_REFUSED'],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const request = answerSchema.parse(c.req.valid('json') ?? {});
      return c.json(await answerWith(c, { id, name: 'start', request, work: start }), 200);
    },
  );

  app.openapi(
    createRoute({
      ...answering,
      method: 'post',
      path: '/api/v1/help-requests/{id}/outcome',
      summary: 'Record how a talk ended',
      request: { params: idParameters, body: body(outcomeRequestSchema) },
      responses: answers(helpRequestSchema, 'The request with its outcome, which is given once', [
        ...ofAnswer,
        'OUTCOME_GIVEN',
        'REQUEST_TRANSITION_REFUSED',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const request = c.req.valid('json');
      const work = recordOutcome(request.outcome, request.notes);
      return c.json(await answerWith(c, { id, name: 'outcome of', request, work }), 200);
    },
  );
}
