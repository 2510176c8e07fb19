import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import type { ProviderRow } from '../../foundation/database/schema.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { entityTag, requireMatch } from '../../foundation/http/entity-tag.js';
import { timeZoneSchema } from './day-range.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  idSchema,
  limitSchema,
  takesMatch,
} from '../../foundation/http/route-shapes.js';
import { publicUrlSchema } from '../../foundation/http/url-schemas.js';
import { changeProvider, createProvider, defaultTimeZone, findProvider, listProviders } from './providers.js';

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
  const manage = allow(authenticator, 'providers.manage');
  const common = { tags: ['Providers'], security: bearer };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/providers',
      summary: 'Register a provider',
      middleware: manage,
      request: { body: body(createSchema) },
      responses: answersCreated(providerSchema, 'The provider', ['ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), ...fields } = c.req.valid('json');
      const provider = { ...fields, id, created_at: context.now() };
      const row = await createProvider(context, provider, await askedChange(c));
      const made = toProvider(row);
      return c.json(made, 201, entityTag(made));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/providers',
      summary: 'List the providers',
      middleware: manage,
      request: { query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }) },
      responses: answers(
        z.strictObject({ providers: z.array(providerSchema), next_cursor: nextCursorSchema }),
        'By id',
      ),
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const rows = await listProviders(context, { after: readCursor(cursor), limit });
      return c.json({ providers: rows.map(toProvider), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/providers/{id}',
      summary: 'Read a provider',
      middleware: allow(authenticator, 'providers.read'),
      request: { params: idParameters },
      responses: answers(providerSchema, 'The provider', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      const provider = toProvider(await findProvider(context, id));
      return c.json(provider, 200, entityTag(provider));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/providers/{id}',
      summary: 'Change the settings of a provider',
      ...takesMatch,
      middleware: allow(authenticator, 'providers.change'),
      request: { params: idParameters, body: body(z.strictObject(settings).partial()) },
      responses: answers(providerSchema, 'The provider as it is now', [
        'PROVIDER_NOT_FOUND',
        'PRECONDITION_FAILED',
      ]),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      const row = await changeProvider(context, id, c.req.valid('json'), await askedChange(c), (current) =>
        requireMatch(c, toProvider(current)),
      );
      const provider = toProvider(row);
      return c.json(provider, 200, entityTag(provider));
    },
  );
}
