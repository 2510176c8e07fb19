import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../context.js';
import type { ProviderRow } from '../database/schema.js';
import { askedChange } from '../http/audit.js';
import { allowOnly, reachedProvider, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { timeZoneSchema } from '../http/day-schemas.js';
import { answers, answersCreated, bearer, body, idParameters, idSchema } from '../http/route-shapes.js';
import { publicUrlSchema } from '../http/url-schemas.js';
import {
  changeProvider,
  createProvider,
  defaultTimeZone,
  findProvider,
  listProviders,
} from '../providers/providers.js';

const settings = {
  name: z.string().min(1).max(200).openapi({ example: 'Lantern' }),
  time_zone: timeZoneSchema.describe('In which days are counted (IANA)'),
  website_url: publicUrlSchema.nullable(),
};

const createSchema = z.strictObject({
  ...settings,
  id: idSchema.optional(),
  time_zone: settings.time_zone.default(defaultTimeZone),
  website_url: settings.website_url.default(null),
});

const providerSchema = z
  .strictObject({
    id: z.string().openapi({ example: 'lantern' }),
    ...settings,
    created_at: z.int().openapi({ example: 1_767_225_600 }),
  })
  .openapi('Provider');

const toProvider = (row: ProviderRow) => ({ ...row, created_at: Math.floor(row.created_at / 1000) });

/** `/providers`: who offers the apps, and the settings. */
export function providerRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const operator = allowOnly(authenticator, 'operator');
  const operatorOrOwner = allowOnly(authenticator, 'operator', 'application');
  const common = { tags: ['Providers'], security: bearer };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/providers',
      summary: 'Register a provider',
      middleware: operator,
      request: { body: body(createSchema) },
      responses: answersCreated(providerSchema, 'The provider', ['ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), ...fields } = c.req.valid('json');
      const provider = { ...fields, id, created_at: context.now() };
      const row = await createProvider(context, provider, await askedChange(c));
      return c.json(toProvider(row), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/providers',
      summary: 'List the providers',
      middleware: operator,
      responses: answers(z.strictObject({ providers: z.array(providerSchema) }), 'All of them, by id'),
    }),
    async (c) => c.json({ providers: (await listProviders(context)).map(toProvider) }, 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/providers/{id}',
      summary: 'Read a provider',
      middleware: operatorOrOwner,
      request: { params: idParameters },
      responses: answers(providerSchema, 'The provider', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      return c.json(toProvider(await findProvider(context, id)), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/providers/{id}',
      summary: 'Change the settings of a provider',
      middleware: operatorOrOwner,
      request: { params: idParameters, body: body(z.strictObject(settings).partial()) },
      responses: answers(providerSchema, 'The provider as it is now', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      const row = await changeProvider(context, id, c.req.valid('json'), await askedChange(c));
      return c.json(toProvider(row), 200);
    },
  );
}
