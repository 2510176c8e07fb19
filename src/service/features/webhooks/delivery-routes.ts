import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';
import {
  findDelivery,
  listDeliveries,
  queueTest,
  redeliver,
  type DeliveryWithAttempts,
} from './deliveries.js';
import { findEndpoint } from './endpoints.js';

const statusSchema = z.enum(['pending', 'delivered', 'failed', 'cancelled']);

const deliveryIdExample = 'msg_0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });

const attemptSchema = z.strictObject({
  number: z.int().openapi({ example: 1 }),
  started_at: instant,
  duration_ms: z.int().nullable().describe('Null, like the rest, while it runs').openapi({ example: 85 }),
  response_status: z.int().nullable().openapi({ example: 204 }),
  error: z.string().nullable().describe('Null after a 2xx').openapi({ example: null }),
});

const deliverySchema = z
  .strictObject({
    id: z.string().describe('The header webhook-id').openapi({ example: deliveryIdExample }),
    endpoint_id: z.string().openapi({ example: 'b7a5c1de-6f0e-4b1c-9c53-0d6f6c0f2a11' }),
    type: z.string().openapi({ example: 'session.ended' }),
    data: z
      .record(z.string(), z.unknown())
      .openapi({ example: { session_id: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10', final_cost: 90 } }),
    status: statusSchema.openapi({ example: 'delivered' }),
    created_at: instant,
    next_attempt_at: z.int().nullable().describe('Null once it is finished').openapi({ example: null }),
    finished_at: z.int().nullable().openapi({ example: 1_767_225_601 }),
    attempts: z.array(attemptSchema),
  })
  .openapi('WebhookDelivery');

const seconds = (instantMs: number) => Math.floor(instantMs / 1000);

function toDelivery(row: DeliveryWithAttempts): z.output<typeof deliverySchema> {
  return {
    id: row.id,
    endpoint_id: row.endpoint_id,
    type: row.type,
    data: row.data as Record<string, unknown>,
    status: row.status,
    created_at: seconds(row.created_at),
    next_attempt_at: row.due_at === null ? null : Math.ceil(row.due_at / 1000),
    finished_at: row.finished_at === null ? null : seconds(row.finished_at),
    attempts: row.attempts_made.map(({ delivery_id, started_at, ...attempt }) => {
      void delivery_id;
      return { ...attempt, started_at: seconds(started_at) };
    }),
  };
}

const deliveryParameters = z.object({
  ...idParameters.shape,
  delivery_id: z.string().openapi({ example: deliveryIdExample }),
});

/** `/webhook-endpoints/{id}/deliveries`: what was sent, how each attempt went, and how to send it again; `/test`. */
export function webhookDeliveryRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Webhooks'],
    security: bearer,
  };
  const read = allow(authenticator, 'webhooks.read');
  const manage = allow(authenticator, 'webhooks.manage');

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/webhook-endpoints/{id}/test',
      middleware: manage,
      summary: 'Send a test',
      request: { params: idParameters },
      responses: answers(deliverySchema, 'A delivery of type webhook.test, which is on its way', [
        'WEBHOOK_ENDPOINT_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
      const deliveryId = await queueTest(context, endpoint, await askedChange(c));
      return c.json(toDelivery(await findDelivery(context, endpoint, deliveryId)), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/webhook-endpoints/{id}/deliveries',
      middleware: read,
      summary: 'List deliveries',
      request: {
        params: idParameters,
        query: z.strictObject({
          status: statusSchema.optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ deliveries: z.array(deliverySchema), next_cursor: nextCursorSchema }),
        'Newest first, each with its attempts',
        ['WEBHOOK_ENDPOINT_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { status, cursor, limit } = c.req.valid('query');
      const { id } = c.req.valid('param');
      const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
      const rows = await listDeliveries(context, endpoint, { status, after: readCursor(cursor), limit });
      return c.json({ deliveries: rows.map(toDelivery), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/webhook-endpoints/{id}/deliveries/{delivery_id}',
      middleware: read,
      summary: 'Read a delivery',
      request: { params: deliveryParameters },
      responses: answers(deliverySchema, 'The delivery with its attempts', [
        'WEBHOOK_ENDPOINT_NOT_FOUND',
        'WEBHOOK_DELIVERY_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { id, delivery_id } = c.req.valid('param');
      const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
      return c.json(toDelivery(await findDelivery(context, endpoint, delivery_id)), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/retry',
      middleware: manage,
      summary: 'Deliver again',
      request: { params: deliveryParameters },
      responses: answers(deliverySchema, 'The delivery, which is on its way again under the same id', [
        'WEBHOOK_ENDPOINT_NOT_FOUND',
        'WEBHOOK_DELIVERY_NOT_FOUND',
        'WEBHOOK_ENDPOINT_DISABLED',
      ]),
    }),
    async (c) => {
      const { id, delivery_id } = c.req.valid('param');
      const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
      const delivery = await findDelivery(context, endpoint, delivery_id);
      await redeliver(context, endpoint, delivery, await askedChange(c));
      return c.json(toDelivery(await findDelivery(context, endpoint, delivery_id)), 200);
    },
  );
}
