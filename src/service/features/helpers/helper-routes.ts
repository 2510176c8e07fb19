import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  idSchema,
  limitSchema,
  problemWith,
} from '../../foundation/http/route-shapes.js';
import { findProvider } from '../providers/index.js';
import {
  availabilitySchema,
  helperFields,
  helperSchema,
  requireProviderId,
  toHelper,
} from './helper-schemas.js';
import { changeHelper, createHelper, listHelpers, removeHelper, requireHelper } from './helpers.js';

const createSchema = z.strictObject({
  ...helperFields,
  id: idSchema.optional().openapi({ example: 'maria' }),
  provider_id: idSchema.optional().describe('Needed with the operator key').openapi({ example: 'lantern' }),
  skills: helperFields.skills.default([]),
  max_concurrent: helperFields.max_concurrent.default(1),
});

const changeSchema = z.strictObject(helperFields).partial();

/** `/helpers`: who helps. */
export function helperRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = { tags: ['Helpers'], security: bearer };
  const read = allow(authenticator, 'helpers.read');
  const manage = allow(authenticator, 'helpers.manage');

  app.openapi(
    createRoute({
      ...common,
      middleware: manage,
      method: 'post',
      path: '/api/v1/helpers',
      summary: 'Create a helper',
      request: { body: body(createSchema) },
      responses: answersCreated(helperSchema, 'The helper, offline', [
        'PROVIDER_NOT_FOUND',
        'ALREADY_EXISTS',
      ]),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), provider_id, ...helper } = c.req.valid('json');
      const providerId = requireProviderId(reachedProvider(c.get('credential'), provider_id));
      await findProvider(context, providerId);
      const row = { ...helper, id, provider_id: providerId, created_at: context.now() };
      return c.json(toHelper(await createHelper(context, row, await askedChange(c))), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: read,
      method: 'get',
      path: '/api/v1/helpers',
      summary: 'List helpers',
      request: {
        query: z.strictObject({
          provider_id: z.string().optional(),
          availability: availabilitySchema.optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ helpers: z.array(helperSchema), next_cursor: nextCursorSchema }),
        'Newest first; a helper sees the own record alone',
        ['PROVIDER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { provider_id, availability, cursor, limit } = c.req.valid('query');
      const credential = c.get('credential');
      const providerId = reachedProvider(credential, provider_id);
      const which = { providerId, id: credential.helperId, availability };
      const rows = await listHelpers(context, { ...which, after: readCursor(cursor), limit });
      return c.json({ helpers: rows.map(toHelper), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: read,
      method: 'get',
      path: '/api/v1/helpers/{id}',
      summary: 'Read a helper',
      request: { params: idParameters },
      responses: answers(helperSchema, 'The helper', ['HELPER_NOT_FOUND']),
    }),
    async (c) =>
      c.json(toHelper(await requireHelper(context, c.get('credential'), c.req.valid('param').id)), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: manage,
      method: 'patch',
      path: '/api/v1/helpers/{id}',
      summary: 'Change a helper',
      request: { params: idParameters, body: body(changeSchema) },
      responses: answers(helperSchema, 'The helper as he is now', ['HELPER_NOT_FOUND']),
    }),
    async (c) => {
      const helper = await requireHelper(context, c.get('credential'), c.req.valid('param').id);
      const changed = await changeHelper(context, helper, c.req.valid('json'), await askedChange(c));
      return c.json(toHelper(changed), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: manage,
      method: 'delete',
      path: '/api/v1/helpers/{id}',
      summary: 'Remove a helper',
      request: { params: idParameters },
      responses: {
        204: { description: 'The name is gone, and no access token of his counts any more' },
        default: problemWith(['HELPER_NOT_FOUND', 'HELPER_BUSY']),
      },
    }),
    async (c) => {
      const helper = await requireHelper(context, c.get('credential'), c.req.valid('param').id);
      await removeHelper(context, helper, await askedChange(c));
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: allow(authenticator, 'helpers.attend'),
      method: 'put',
      path: '/api/v1/helpers/{id}/availability',
      summary: 'Set whether a helper is available',
      request: {
        params: idParameters,
        body: body(z.strictObject({ availability: availabilitySchema })),
      },
      responses: answers(helperSchema, 'The helper as he is now', ['HELPER_NOT_FOUND']),
    }),
    async (c) => {
      const helper = await requireHelper(context, c.get('credential'), c.req.valid('param').id);
      const changed = await changeHelper(context, helper, c.req.valid('json'), await askedChange(c));
      return c.json(toHelper(changed), 200);
    },
  );
}
