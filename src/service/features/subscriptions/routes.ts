import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { subscriptionStatuses } from '../../../protocol/subscription.js';
import { recordChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedCustomer } from '../../foundation/auth/reach.js';
import { runOnce } from '../../foundation/idempotency.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf } from '../../foundation/http/idempotency-key.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  limitSchema,
  metadataSchema,
  optionalBody,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { canceled, changeSubscription, paused, resumed, toPlan, type SubscriptionWish } from './change.js';
import { createSubscription } from './create.js';
import { subscriptionSchema, toSubscription } from './subscription-schemas.js';
import { findSubscription, listSubscriptions } from './subscriptions.js';

const customerId = z.string().openapi({ example: 'customer-17' });
const planId = z.string().openapi({ example: 'pro-monthly' });
/** The end of the year 9999. */
const lastSecond = 253_402_300_799;

const createSchema = z.strictObject({
  customer_id: customerId,
  plan_id: planId,
  metadata: metadataSchema.default({}),
});

const pauseSchema = z.strictObject({
  resumes_at: z
    .int()
    .min(0)
    .max(lastSecond)
    .nullable()
    .default(null)
    .describe('Whole seconds since the epoch; null: until it is resumed')
    .openapi({ example: 1_798_761_600 }),
});

const cancelSchema = z.strictObject({
  at_period_end: z.boolean().default(true).describe('Else it ends now').openapi({ example: true }),
});

const ofTransition: ErrorCode[] = ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_TRANSITION_REFUSED'];

/** `/subscriptions`: customers' subscriptions to plans. */
export function subscriptionRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Subscriptions'],
    security: bearer,
    middleware: allow(authenticator, 'subscriptions.manage'),
  };
  const read = async (id: string) => toSubscription(await findSubscription(context, id));
  const change = async (
    c: Context<HttpEnvironment>,
    { id, name, wish, request }: { id: string; name: string; wish: SubscriptionWish; request?: object },
  ) => {
    const idempotency = idempotencyOf(c, `${name} subscription ${id}`, request);
    await changeSubscription(context, id, wish, await askedChange(c), idempotency);
    return read(id);
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/subscriptions',
      summary: 'Subscribe a customer to a plan',
      ...takesKey,
      request: { body: body(createSchema) },
      responses: answersCreated(subscriptionSchema, 'The subscription; its first period is granted', [
        'CUSTOMER_NOT_FOUND',
        'PLAN_NOT_FOUND',
        'PLAN_INACTIVE',
        'SUBSCRIPTION_EXISTS',
        'SUBSCRIPTION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const asked = await askedChange(c);
      const idempotency = idempotencyOf(c, 'create subscription', request);
      const made = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
        const id = await createSubscription(context, trx, request);
        await recordChange(trx, asked, context.now(), id);
        return { id };
      });
      return c.json(await read(made!.id), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: allow(authenticator, 'subscriptions.read'),
      method: 'get',
      path: '/api/v1/subscriptions',
      summary: 'List subscriptions',
      request: {
        query: z.strictObject({
          customer_id: z.string().optional(),
          status: z.enum(subscriptionStatuses).optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ subscriptions: z.array(subscriptionSchema), next_cursor: nextCursorSchema }),
        'Newest first',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { customer_id, status, cursor, limit } = c.req.valid('query');
      const customerId = reachedCustomer(c.get('credential'), customer_id);
      const filter = { customerId, status, after: readCursor(cursor), limit };
      const rows = await listSubscriptions(context, filter);
      // Of metadata a page reads nothing: it is the marketplace's own.
      const isOwn = c.get('credential').side === 'marketplace';
      const subscriptions = rows
        .map(toSubscription)
        .map((subscription) => (isOwn ? subscription : { ...subscription, metadata: {} }));
      return c.json({ subscriptions, next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/subscriptions/{id}',
      summary: 'Read a subscription',
      request: { params: idParameters },
      responses: answers(subscriptionSchema, 'The subscription', ['SUBSCRIPTION_NOT_FOUND']),
    }),
    async (c) => c.json(await read(c.req.valid('param').id), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/subscriptions/{id}',
      summary: 'Change the plan of a subscription',
      request: { params: idParameters, body: body(z.strictObject({ plan_id: planId })) },
      responses: answers(
        subscriptionSchema,
        'At once where more is granted in the same interval, else pending until the end of the period',
        ['PLAN_NOT_FOUND', 'PLAN_INACTIVE', 'SUBSCRIPTION_EXISTS', ...ofTransition],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      await changeSubscription(context, id, toPlan(c.req.valid('json').plan_id), await askedChange(c));
      return c.json(await read(id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/subscriptions/{id}/cancel',
      summary: 'Cancel a subscription',
      ...takesKey,
      request: { params: idParameters, body: optionalBody(cancelSchema) },
      responses: answers(
        subscriptionSchema,
        'The subscription; it ends with its period, or has ended',
        ofTransition,
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { at_period_end } = cancelSchema.parse(c.req.valid('json') ?? {});
      const wish = canceled(at_period_end);
      return c.json(await change(c, { id, name: 'cancel', wish, request: { at_period_end } }), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/subscriptions/{id}/pause',
      summary: 'Pause a subscription',
      ...takesKey,
      request: { params: idParameters, body: optionalBody(pauseSchema) },
      responses: answers(
        subscriptionSchema,
        'The subscription, paused: nothing is granted, and the wallet stays as it is',
        ofTransition,
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { resumes_at } = pauseSchema.parse(c.req.valid('json') ?? {});
      const wish = paused(resumes_at === null ? null : resumes_at * 1000);
      return c.json(await change(c, { id, name: 'pause', wish, request: { resumes_at } }), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/subscriptions/{id}/resume',
      summary: 'Resume a subscription, or take back its cancellation',
      ...takesKey,
      request: { params: idParameters },
      responses: answers(
        subscriptionSchema,
        'The subscription: the period goes on; where it was over, a new one has begun',
        ofTransition,
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await change(c, { id, name: 'resume', wish: resumed }), 200);
    },
  );
}
