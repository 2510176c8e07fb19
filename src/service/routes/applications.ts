import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { randomBytes } from 'node:crypto';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import type { ApplicationRow } from '../database/schema.js';
import { allowOnly, requireApplication, sha256Hex, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { answers, answersCreated, bearer, body, idParameters, idSchema } from '../http/route-shapes.js';
import { publicUrlSchema, originSchema } from '../http/url-schemas.js';

const maxTokens = 1_000_000_000;
/** A session token lives at most two days: a day of session, the pauses and the grace must fit in. */
const maxPauseSeconds = 43_200;

const changeable = {
  name: z.string().min(1).max(200),
  launch_url: publicUrlSchema.nullable(),
  allowed_origins: z.array(originSchema).max(50),
  return_origins: z.array(originSchema).max(50),
  tokens_per_minute: z.int().min(0).max(1_000_000),
  extension_options: z
    .array(
      z.strictObject({
        additional_seconds: z.int().min(1).max(86_400),
        tokens: z.int().min(0).max(maxTokens),
      }),
    )
    .max(20)
    .refine(
      (options) => new Set(options.map((option) => option.additional_seconds)).size === options.length,
      {
        message: 'each additional_seconds once',
      },
    ),
  max_duration_seconds: z.int().min(1).max(86_400),
  pausable: z.boolean(),
  max_pause_seconds: z.int().min(0).max(maxPauseSeconds),
  top_up_url: publicUrlSchema.nullable(),
};

const createSchema = z.strictObject({
  ...changeable,
  id: idSchema.optional(),
  provider_id: idSchema,
  launch_url: changeable.launch_url.default(null),
  allowed_origins: changeable.allowed_origins.default([]),
  return_origins: changeable.return_origins.default([]),
  extension_options: changeable.extension_options.default([]),
  max_duration_seconds: changeable.max_duration_seconds.default(86_400),
  pausable: changeable.pausable.default(false),
  max_pause_seconds: changeable.max_pause_seconds.default(0),
  top_up_url: changeable.top_up_url.default(null),
  environment: z.enum(['live', 'test']).default('live').describe('Which prefix the secret key gets'),
});

const applicationSchema = z
  .strictObject({ id: z.string(), provider_id: z.string(), ...changeable, created_at: z.int() })
  .openapi('Application');

const createdSchema = applicationSchema.extend({
  secret_key: z.string().describe('Shown this once; only its hash is kept'),
});

function toApplication(row: ApplicationRow): z.output<typeof applicationSchema> {
  const { secret_key_hash, created_at, ...fields } = row;
  void secret_key_hash;
  return { ...fields, created_at: Math.floor(created_at / 1000) };
}

/** `/applications`: what is sold, on which pages it runs, and at which price. */
export function applicationRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const operator = allowOnly(authenticator, 'operator');
  const operatorOrOwner = allowOnly(authenticator, 'operator', 'application');
  const common = { tags: ['Applications'], security: bearer };

  const find = async (id: string) => {
    const row = await context.kysely
      .selectFrom('applications')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new SessionError('APPLICATION_NOT_FOUND');
    return toApplication(row);
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/applications',
      middleware: operator,
      request: { body: body(createSchema) },
      responses: answersCreated(createdSchema, 'The application, with its secret key'),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), environment, ...fields } = c.req.valid('json');
      const secretKey = `sk_${environment}_${randomBytes(32).toString('base64url')}`;
      const row = await context.kysely
        .insertInto('applications')
        .values({
          ...fields,
          ...toColumns(fields),
          id,
          secret_key_hash: sha256Hex(secretKey),
          created_at: context.now(),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) throw new SessionError('ALREADY_EXISTS');
      return c.json({ ...toApplication(row), secret_key: secretKey }, 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/applications',
      middleware: operator,
      responses: answers(z.strictObject({ applications: z.array(applicationSchema) }), 'All of them, by id'),
    }),
    async (c) => {
      const rows = await context.kysely.selectFrom('applications').selectAll().orderBy('id').execute();
      return c.json({ applications: rows.map(toApplication) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/applications/{id}',
      middleware: operatorOrOwner,
      request: { params: idParameters },
      responses: answers(applicationSchema, 'The application'),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      requireApplication(c.get('credential'), id, 'APPLICATION_NOT_FOUND');
      return c.json(await find(id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/applications/{id}',
      middleware: operator,
      request: { params: idParameters, body: body(z.strictObject(changeable).partial()) },
      responses: answers(applicationSchema, 'The application as it is now'),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const fields = c.req.valid('json');
      if (Object.keys(fields).length > 0) {
        await context.kysely
          .updateTable('applications')
          .set({ ...fields, ...toColumns(fields) })
          .where('id', '=', id)
          .execute();
      }
      return c.json(await find(id), 200);
    },
  );
}

interface Lists {
  allowed_origins: string[];
  return_origins: string[];
  extension_options: { additional_seconds: number; tokens: number }[];
}

/** Lists are jsonb columns: both databases take them as text. */
function toColumns<T extends Partial<Lists>>({ allowed_origins, return_origins, extension_options }: T) {
  const text = { allowed_origins, return_origins, extension_options };
  const given = Object.entries(text).filter(([, list]) => list !== undefined);
  return Object.fromEntries(given.map(([name, list]) => [name, JSON.stringify(list)])) as {
    [K in keyof Lists]: undefined extends T[K] ? string | undefined : string;
  };
}
