import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema } from '../../foundation/http/page-cursor.js';
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
import { deliverySchema } from './delivery-schemas.js';
import {
  createdSchema,
  createOfProviderSchema,
  endpointIdExample,
  endpointPageSchema,
} from './endpoint-schemas.js';
import { pageOfEndpoints, registerEndpoint, sendTest } from './endpoint-answers.js';
import { deleteEndpoint, findEndpoint } from './endpoints.js';
import type { WebhookNetwork } from './network.js';

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
      const made = await registerEndpoint(c, { context, network }, providerId, c.req.valid('json'));
      return c.json({ ...made.endpoint, secret: made.secret }, 201);
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
      responses: answers(endpointPageSchema, 'The older spelling of GET /webhook-endpoints', [
        'PROVIDER_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      return c.json(await pageOfEndpoints(context, providerId, c.req.valid('query')), 200);
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
    async (c) => c.json(await sendTest(c, context, c.req.valid('json').webhook_id), 200),
  );
}
