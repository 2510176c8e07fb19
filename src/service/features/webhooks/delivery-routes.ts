import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';
import { findDelivery, listDeliveries, redeliver } from './deliveries.js';
import { deliveryIdExample, deliverySchema, statusSchema, toDelivery } from './delivery-schemas.js';
import { sendTest } from './endpoint-answers.js';
import { findEndpoint } from './endpoints.js';

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
    async (c) => c.json(await sendTest(c, context, c.req.valid('param').id), 200),
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
