import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { Credential } from '../../foundation/auth/credential.js';
import { entityTag, requireMatch } from '../../foundation/http/entity-tag.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  limitSchema,
  optionalBody,
  problemWith,
  takesKey,
  takesMatch,
} from '../../foundation/http/route-shapes.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import type { WebhookNetwork } from './network.js';
import { changeEndpoint, deleteEndpoint, findEndpoint } from './endpoints.js';
import { pageOfEndpoints, registerEndpoint } from './endpoint-answers.js';
import {
  changeSchema,
  createdSchema,
  createSchema,
  endpointPageSchema,
  endpointSchema,
  instantSchema,
  secretSchema,
  toEndpoint,
} from './endpoint-schemas.js';
import { rollSecret } from './roll-secret.js';

const defaultOverlapSeconds = 86_400;
const maxOverlapSeconds = 604_800;

/** Whose endpoint is registered: a provider's, or with null the marketplace's own. */
function ownerOf(credential: Credential, named: string | null | undefined): string | null {
  if (named === null && credential.providerId === undefined) return null;
  if (named === null) throw new SessionError('CREDENTIAL_INSUFFICIENT');
  const providerId = reachedProvider(credential, named);
  if (providerId === undefined)
    throw new InvalidRequest([{ pointer: '/provider_id', message: 'needed with the operator key' }]);
  return providerId;
}

/** `/webhook-endpoints`: the endpoints of a provider that hear of its sessions. */
export function webhookEndpointRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  network: WebhookNetwork,
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
      path: '/api/v1/webhook-endpoints',
      middleware: manage,
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
      const { provider_id, ...fields } = c.req.valid('json');
      const providerId = ownerOf(c.get('credential'), provider_id);
      const made = await registerEndpoint(c, { context, network }, providerId, fields);
      return c.json({ ...made.endpoint, secret: made.secret }, 201, entityTag(made.endpoint));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/webhook-endpoints',
      middleware: read,
      summary: 'List webhook endpoints',
      request: {
        query: z.strictObject({
          provider_id: z.string().optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(endpointPageSchema, 'Oldest first', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const { provider_id, ...page } = c.req.valid('query');
      const providerId = reachedProvider(c.get('credential'), provider_id);
      return c.json(await pageOfEndpoints(context, providerId, page), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/webhook-endpoints/{id}',
      middleware: read,
      summary: 'Read a webhook endpoint',
      request: { params: idParameters },
      responses: answers(endpointSchema, 'The webhook endpoint', ['WEBHOOK_ENDPOINT_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const endpoint = toEndpoint(await findEndpoint(context, id, reachedProvider(c.get('credential'))));
      return c.json(endpoint, 200, entityTag(endpoint));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/webhook-endpoints/{id}',
      middleware: manage,
      summary: 'Change a webhook endpoint',
      ...takesMatch,
      request: { params: idParameters, body: body(changeSchema) },
      responses: answers(endpointSchema, 'The webhook endpoint as it is now', [
        'PRECONDITION_FAILED',
        'WEBHOOK_ENDPOINT_NOT_FOUND',
        'WEBHOOK_TARGET_REFUSED',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const providerId = reachedProvider(c.get('credential'));
      const endpoint = await findEndpoint(context, id, providerId);
      const changes = c.req.valid('json');
      await changeEndpoint(context, network, endpoint, changes, await askedChange(c), (current) =>
        requireMatch(c, toEndpoint(current)),
      );
      const changed = toEndpoint(await findEndpoint(context, id, providerId));
      return c.json(changed, 200, entityTag(changed));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/webhook-endpoints/{id}',
      middleware: manage,
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
      middleware: manage,
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
        z.strictObject({ secret: secretSchema, previous_secret_expires_at: instantSchema }),
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
