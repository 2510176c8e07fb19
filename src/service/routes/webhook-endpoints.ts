import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { webhookEventTypes } from '../../protocol/webhooks.js';
import type { ServiceContext } from '../context.js';
import type { WebhookEndpointRow } from '../database/schema.js';
import { askedChange } from '../http/audit.js';
import { allowOnly, reachedProvider, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { idempotencyOf } from '../http/idempotency-key.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  idSchema,
  optionalBody,
  problemWith,
  takesKey,
} from '../http/route-shapes.js';
import { InvalidRequest } from '../invalid-request.js';
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
} from '../webhooks/endpoints.js';
import { rollSecret } from '../webhooks/roll-secret.js';
import { secretOf } from '../webhooks/secrets.js';

const endpointIdExample = 'b7a5c1de-6f0e-4b1c-9c53-0d6f6c0f2a11';

const defaultOverlapSeconds = 86_400;
const maxOverlapSeconds = 604_800;

const fields = {
  url: z
    .string()
    .max(2048)
    .describe('An https address on the public internet')
    .openapi({ example: 'https://app.example/hooks' }),
  events: z
    .array(z.enum(webhookEventTypes).openapi({ example: 'session.ended' }))
    .min(1)
    .refine((types) => new Set(types).size === types.length, { message: 'each event once' }),
  description: z.string().max(500).openapi({ example: 'Bookkeeping' }),
};

const createSchema = z.strictObject({
  ...fields,
  description: fields.description.default(''),
  provider_id: idSchema
    .optional()
    .describe('For the operator; a secret key names its own')
    .openapi({ example: 'lantern' }),
});

const changeSchema = z.strictObject({ ...fields, enabled: z.boolean() }).partial();

const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const laterInstant = z.int().nullable().openapi({ example: null });

const endpointSchema = z
  .strictObject({
    id: z.string().openapi({ example: endpointIdExample }),
    provider_id: z.string().openapi({ example: 'lantern' }),
    ...fields,
    enabled: z.boolean(),
    disabled_reason: z.enum(['owner', 'gone', 'failing']).nullable().openapi({ example: null }),
    disabled_at: laterInstant,
    failing_since: laterInstant.describe('The first failure since the last success'),
    previous_secret_expires_at: laterInstant.describe('Until then the secret before signs too'),
    created_at: instant,
  })
  .openapi('WebhookEndpoint');

const secret = z.string().describe('Shown this once').openapi({ example: 'whsec_...' });
const createdSchema = z.strictObject({ ...endpointSchema.shape, secret });

const seconds = (instantMs: number | null) => (instantMs === null ? null : Math.floor(instantMs / 1000));

function toEndpoint(row: WebhookEndpointRow): z.output<typeof endpointSchema> {
  return {
    id: row.id,
    provider_id: row.provider_id,
    url: row.url,
    events: row.event_types,
    description: row.description,
    enabled: row.disabled_at === null,
    disabled_reason: row.disabled_reason,
    disabled_at: seconds(row.disabled_at),
    failing_since: seconds(row.failing_since),
    previous_secret_expires_at: seconds(row.previous_secret_expires_at),
    created_at: Math.floor(row.created_at / 1000),
  };
}

/** `/webhook-endpoints`: the endpoints of a provider that hear of its sessions. */
export function webhookEndpointRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Webhooks'],
    security: bearer,
    middleware: allowOnly(authenticator, 'operator', 'application'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/webhook-endpoints',
      ...takesKey,
      summary: 'Register a webhook endpoint',
      request: { body: body(createSchema) },
      responses: answersCreated(createdSchema, 'The webhook endpoint, with its signing secret', [
        'PROVIDER_NOT_FOUND',
        'WEBHOOK_TARGET_REFUSED',
        'WEBHOOK_LIMIT_REACHED',
        'WEBHOOK_ENDPOINT_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { provider_id, ...endpoint } = c.req.valid('json');
      const providerId = reachedProvider(c.get('credential'), provider_id);
      if (providerId === undefined)
        throw new InvalidRequest([{ pointer: '/provider_id', message: 'needed with the operator key' }]);
      const idempotency = idempotencyOf(c, `create webhook ${providerId}`, endpoint);
      const row = await createEndpoint(context, providerId, endpoint, await askedChange(c), idempotency);
      return c.json({ ...toEndpoint(row), secret: secretOf(context, row) }, 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/webhook-endpoints',
      summary: 'List webhook endpoints',
      request: { query: z.strictObject({ provider_id: z.string().optional() }) },
      responses: answers(z.strictObject({ endpoints: z.array(endpointSchema) }), 'Oldest first', [
        'PROVIDER_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'), c.req.valid('query').provider_id);
      return c.json({ endpoints: (await listEndpoints(context, providerId)).map(toEndpoint) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/webhook-endpoints/{id}',
      summary: 'Read a webhook endpoint',
      request: { params: idParameters },
      responses: answers(endpointSchema, 'The webhook endpoint', ['WEBHOOK_ENDPOINT_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(toEndpoint(await findEndpoint(context, id, reachedProvider(c.get('credential')))), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/webhook-endpoints/{id}',
      summary: 'Change a webhook endpoint',
      request: { params: idParameters, body: body(changeSchema) },
      responses: answers(endpointSchema, 'The webhook endpoint as it is now', [
        'WEBHOOK_ENDPOINT_NOT_FOUND',
        'WEBHOOK_TARGET_REFUSED',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const providerId = reachedProvider(c.get('credential'));
      const endpoint = await findEndpoint(context, id, providerId);
      await changeEndpoint(context, endpoint, c.req.valid('json'), await askedChange(c));
      return c.json(toEndpoint(await findEndpoint(context, id, providerId)), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/webhook-endpoints/{id}',
      summary: 'Delete a webhook endpoint',
      request: { params: idParameters },
      responses: {
        204: { description: 'It is gone, with its deliveries' },
        default: problemWith(['WEBHOOK_ENDPOINT_NOT_FOUND']),
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
      await deleteEndpoint(context, endpoint, await askedChange(c));
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/webhook-endpoints/{id}/secret',
      summary: 'Give a webhook endpoint a new secret',
      request: {
        params: idParameters,
        body: optionalBody(
          z.strictObject({
            overlap_seconds: z
              .int()
              .min(0)
              .max(maxOverlapSeconds)
              .default(defaultOverlapSeconds)
              .describe('How long the secret that is replaced signs too; 0 retires all that came before'),
          }),
        ),
      },
      responses: answers(
        z.strictObject({ secret, previous_secret_expires_at: instant }),
        'The new secret; the one before it signs beside it until then',
        ['WEBHOOK_ENDPOINT_NOT_FOUND', 'WEBHOOK_LIMIT_REACHED'],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { overlap_seconds = defaultOverlapSeconds } = c.req.valid('json') ?? {};
      const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
      const rolled = await rollSecret(context, endpoint, overlap_seconds, await askedChange(c));
      const previous_secret_expires_at = Math.floor(rolled.previousExpiresAt / 1000);
      return c.json({ secret: rolled.secret, previous_secret_expires_at }, 200);
    },
  );
}
