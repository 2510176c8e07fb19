import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
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
  problemWith,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { findDelivery, queueTest } from './deliveries.js';
import { deliverySchema, toDelivery } from './delivery-schemas.js';
import {
  createdSchema,
  createOfProviderSchema,
  endpointIdExample,
  endpointSchema,
  toEndpoint,
} from './endpoint-schemas.js';
import { createEndpoint, deleteEndpoint, findEndpoint, listEndpoints } from './endpoints.js';
import type { WebhookNetwork } from './network.js';
import { requireOwnEvents } from './own-events.js';
import { secretOf } from './secrets.js';

const webhookParameters = z.object({
  ...idParameters.shape,
  webhook_id: z.string().openapi({ example: endpointIdExample }),
});

/** `/providers/{id}/webhooks` and `/webhooks/test`: the older spellings of `/webhook-endpoints`. */
export function olderWebhookRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  network: WebhookNetwork,
): void {
  const common = { tags: ['Webhooks'], security: bearer, deprecated: true };
  const read = allow(authenticator, 'webhooks.read');
  const manage = allow(authenticator, 'webhooks.manage');

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/providers/{id}/webhooks',
      middleware: manage,
      ...takesKey,
      summary: 'Register a webhook endpoint of a provider',
      request: { params: idParameters, body: body(createOfProviderSchema) },
      responses: answersCreated(createdSchema, 'The older spelling of POST /webhook-endpoints', [
        'PROVIDER_NOT_FOUND',
        'WEBHOOK_TARGET_REFUSED',
        'WEBHOOK_LIMIT_REACHED',
        'WEBHOOK_ENDPOINT_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      const endpoint = c.req.valid('json');
      requireOwnEvents(providerId, endpoint.events);
      const idempotency = idempotencyOf(c, `create webhook ${providerId}`, endpoint);
      const asked = await askedChange(c);
      const row = await createEndpoint(context, network, providerId, endpoint, asked, idempotency);
      return c.json({ ...toEndpoint(row), secret: secretOf(context, row) }, 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/providers/{id}/webhooks',
      middleware: read,
      summary: 'List the webhook endpoints of a provider',
      request: { params: idParameters, query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }) },
      responses: answers(
        z.strictObject({ endpoints: z.array(endpointSchema), next_cursor: nextCursorSchema }),
        'The older spelling of GET /webhook-endpoints',
        ['PROVIDER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      const { cursor, limit } = c.req.valid('query');
      const rows = await listEndpoints(context, providerId, { after: readCursor(cursor), limit });
      return c.json({ endpoints: rows.map(toEndpoint), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/providers/{id}/webhooks/{webhook_id}',
      middleware: manage,
      summary: 'Delete a webhook endpoint of a provider',
      request: { params: webhookParameters },
      responses: {
        204: { description: 'The older spelling of DELETE /webhook-endpoints/{id}' },
        default: problemWith(['PROVIDER_NOT_FOUND', 'WEBHOOK_ENDPOINT_NOT_FOUND']),
      },
    }),
    async (c) => {
      const { id, webhook_id } = c.req.valid('param');
      const endpoint = await findEndpoint(context, webhook_id, reachedProvider(c.get('credential'), id));
      await deleteEndpoint(context, endpoint, await askedChange(c));
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/webhooks/test',
      middleware: manage,
      summary: 'Send a test, the webhook endpoint in the body',
      request: {
        body: body(z.strictObject({ webhook_id: z.string().openapi({ example: endpointIdExample }) })),
      },
      responses: answers(deliverySchema, 'The older spelling of POST /webhook-endpoints/{id}/test', [
        'WEBHOOK_ENDPOINT_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { webhook_id } = c.req.valid('json');
      const endpoint = await findEndpoint(context, webhook_id, reachedProvider(c.get('credential')));
      const deliveryId = await queueTest(context, endpoint, await askedChange(c));
      return c.json(toDelivery(await findDelivery(context, endpoint, deliveryId)), 200);
    },
  );
}
