import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { smallestCharge } from '../../../protocol/currencies.js';
import { SessionError } from '../../../protocol/errors.js';
import type { ExtensionPrice } from '../../../protocol/rules/session-facts.js';
import { customerOperations, type CustomerOperation } from '../../../protocol/session-operations.js';
import { recordChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow } from '../../foundation/database/schema.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, requirePermission, type Authenticator } from '../../foundation/auth/authenticator.js';
import { requireReach } from '../../foundation/auth/reach.js';
import { entityTag, requireMatch } from '../../foundation/http/entity-tag.js';
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
  optionalBody,
  takesMatch,
} from '../../foundation/http/route-shapes.js';
import { moneyPriceSchema } from '../sessions/index.js';
import { announceCredentials, announceProviderCredentials } from '../../foundation/events/announcements.js';
import { makeSecretKey, rotateSecretKey } from './secret-keys.js';
import { publicUrlSchema, originSchema } from '../../foundation/http/url-schemas.js';
import { ensureProvider } from '../providers/index.js';

const maxTokens = 1_000_000_000;
/** A session token lives at most two days: a day of session, the pauses and the grace must fit in. */
const maxPauseSeconds = 43_200;

const changeable = {
  name: z.string().min(1).max(200).openapi({ example: 'Sketch' }),
  launch_url: publicUrlSchema.nullable(),
  allowed_origins: z.array(originSchema).max(50),
  return_origins: z.array(originSchema).max(50),
  tokens_per_minute: z.int().min(0).max(1_000_000).openapi({ example: 10 }),
  extension_options: z
    .array(
      z
        .strictObject({
          additional_seconds: z.int().min(1).max(86_400).openapi({ example: 900 }),
          tokens: z
            .int()
            .min(0)
            .max(maxTokens)
            .nullable()
            .describe('Null: for money only')
            .openapi({ example: 150 }),
          money: moneyPriceSchema
            .refine(({ amount, currency }) => amount % smallestCharge(currency) === 0, {
              message: 'an amount that can be charged in this currency',
            })
            .optional(),
        })
        .refine(({ tokens, money }) => tokens !== null || money, { message: 'a price in tokens, or money' }),
    )
    .max(20)
    .refine(
      (options) => new Set(options.map((option) => option.additional_seconds)).size === options.length,
      {
        message: 'each additional_seconds once',
      },
    ),
  max_duration_seconds: z.int().min(1).max(86_400).openapi({ example: 7200 }),
  max_extensions: z
    .int()
    .min(0)
    .max(1000)
    .nullable()
    .describe('Extensions a session may have')
    .openapi({ example: 4 }),
  pausable: z.boolean(),
  max_pause_seconds: z.int().min(0).max(maxPauseSeconds).openapi({ example: 600 }),
  top_up_url: publicUrlSchema.nullable(),
  proof_of_possession: z
    .enum(['off', 'preferred', 'required'])
    .describe('Whether sessions are bound to the browser that opens them first (DPoP, RFC 9449)'),
  customer_operations: z
    .array(z.enum(customerOperations))
    .max(customerOperations.length)
    .refine((named) => new Set(named).size === named.length, { message: 'each once' })
    .describe(
      'What session tokens of its users may read about a customer: the wallet, the subscriptions and who it is are the marketplace’s, and are read by no provider without its leave',
    )
    .openapi({ example: ['read_sessions', 'read_wallet'] }),
};

/** What a provider does not say of its own application: whom customers pay, what it reads of them, how they are bound. */
const ofTheMarketplace = ['top_up_url', 'proof_of_possession', 'customer_operations'] as const;

const modeSchema = z.enum(['live', 'test']);
const environment = modeSchema
  .default('live')
  .describe('Whom the application is for, for good; its secret keys begin with it');

const createSchema = z.strictObject({
  ...changeable,
  id: idSchema.optional(),
  provider_id: idSchema,
  launch_url: changeable.launch_url.default(null),
  allowed_origins: changeable.allowed_origins.default([]),
  return_origins: changeable.return_origins.default([]),
  extension_options: changeable.extension_options.default([]),
  max_duration_seconds: changeable.max_duration_seconds.default(86_400),
  max_extensions: changeable.max_extensions.default(null),
  pausable: changeable.pausable.default(false),
  max_pause_seconds: changeable.max_pause_seconds.default(0),
  top_up_url: changeable.top_up_url.default(null),
  proof_of_possession: changeable.proof_of_possession.default('preferred'),
  customer_operations: changeable.customer_operations.default(['read_sessions']),
  environment,
});

const applicationSchema = z
  .strictObject({
    id: z.string().openapi({ example: 'sketch' }),
    provider_id: z.string().openapi({ example: 'lantern' }),
    ...changeable,
    mode: modeSchema
      .nullable()
      .describe('Null where it was registered before applications had one: its next secret key gives it one'),
    created_at: z.int().openapi({ example: 1_767_225_600 }),
  })
  .openapi('Application');

// Not `extend`: as two schemas that both allow nothing else, OpenAPI would have none that fits.
const createdSchema = z.strictObject({
  ...applicationSchema.shape,
  secret_key: z
    .string()
    .describe('Shown this once; only its hash is kept')
    .openapi({ example: 'sk_live_...' }),
});

const usualOverlapSeconds = 86_400;
const maxOverlapSeconds = 604_800;

const rotationSchema = z.strictObject({
  environment: modeSchema.optional().describe('That of the application, which alone is accepted'),
  overlap_seconds: z
    .int()
    .min(0)
    .max(maxOverlapSeconds)
    .default(usualOverlapSeconds)
    .describe('How long the secret keys of before are accepted too; 0 where one is known to others'),
});

const rotatedSchema = z.strictObject({
  secret_key: createdSchema.shape.secret_key,
  former_expire_at: z
    .int()
    .describe('Until then the secret keys of before are accepted; seconds since the epoch')
    .openapi({ example: 1_767_312_000 }),
});

function toApplication(row: ApplicationRow): z.output<typeof applicationSchema> {
  // What is described and nothing else: a newer version may have added a column that is nobody's business.
  const names = Object.keys(applicationSchema.shape) as (keyof typeof applicationSchema.shape)[];
  const fields = Object.fromEntries(names.map((name) => [name, row[name]]));
  return { ...(fields as typeof row), created_at: Math.floor(row.created_at / 1000) };
}

/** `/applications`: what is sold, on which pages it runs, and at which price. */
export function applicationRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const manage = allow(authenticator, 'applications.manage');
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
      summary: 'Register an application',
      middleware: manage,
      request: { body: body(createSchema) },
      responses: answersCreated(createdSchema, 'The application, with its secret key', ['ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), environment, ...fields } = c.req.valid('json');
      const { secretKey, hash } = makeSecretKey(environment);
      const created_at = context.now();
      const asked = await askedChange(c);
      const row = await context.kysely.transaction().execute(async (trx) => {
        await ensureProvider(trx, fields.provider_id, created_at);
        const made = await trx
          .insertInto('applications')
          .values({
            ...fields,
            ...toColumns(fields),
            id,
            mode: environment,
            secret_key_hash: hash,
            created_at,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!made) throw new SessionError('ALREADY_EXISTS');
        await recordChange(trx, asked, created_at, id);
        return made;
      });
      const made = toApplication(row);
      return c.json({ ...made, secret_key: secretKey }, 201, entityTag(made));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/applications',
      summary: 'List the applications',
      middleware: manage,
      request: { query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }) },
      responses: answers(
        z.strictObject({ applications: z.array(applicationSchema), next_cursor: nextCursorSchema }),
        'By id',
      ),
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const after = readCursor(cursor);
      const rows = await context.kysely
        .selectFrom('applications')
        .selectAll()
        .$if(after !== undefined, (query) => query.where('id', '>', after!.id))
        .orderBy('id')
        .limit(limit)
        .execute();
      return c.json({ applications: rows.map(toApplication), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/applications/{id}',
      summary: 'Read an application',
      middleware: allow(authenticator, 'applications.read'),
      request: { params: idParameters },
      responses: answers(applicationSchema, 'The application', ['APPLICATION_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const application = await find(id);
      const owners = { applicationId: id, providerId: application.provider_id };
      requireReach(c.get('credential'), owners, 'APPLICATION_NOT_FOUND');
      return c.json(application, 200, entityTag(application));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/applications/{id}',
      summary: 'Change an application',
      description: `Of these the marketplace’s own servers alone change ${ofTheMarketplace.join(', ')}.`,
      ...takesMatch,
      middleware: allow(authenticator, 'applications.configure'),
      request: { params: idParameters, body: body(z.strictObject(changeable).partial()) },
      responses: answers(applicationSchema, 'The application as it is now', [
        'APPLICATION_NOT_FOUND',
        'PRECONDITION_FAILED',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const fields = c.req.valid('json');
      const credential = c.get('credential');
      const asked = await askedChange(c);
      const row = await context.kysely.transaction().execute(async (trx) => {
        const current = await trx
          .selectFrom('applications')
          .selectAll()
          .where('id', '=', id)
          .forNoKeyUpdate()
          .executeTakeFirst();
        if (!current) throw new SessionError('APPLICATION_NOT_FOUND');
        const owners = { applicationId: id, providerId: current.provider_id };
        requireReach(credential, owners, 'APPLICATION_NOT_FOUND');
        if (ofTheMarketplace.some((name) => fields[name] !== undefined))
          requirePermission(credential, 'applications.manage');
        requireMatch(c, toApplication(current));
        if (Object.keys(fields).length === 0) return current;
        await recordChange(trx, asked, context.now());
        // Pages on an origin that was taken away, or without a proof that is needed now, have no more to hear.
        if (fields.allowed_origins || fields.proof_of_possession) await announceCredentials(trx, id);
        if (fields.allowed_origins) await announceProviderCredentials(trx, current.provider_id);
        return trx
          .updateTable('applications')
          .set({ ...fields, ...toColumns(fields) })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
      });
      const application = toApplication(row);
      return c.json(application, 200, entityTag(application));
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/applications/{id}/secret-key',
      summary: 'Give an application a new secret key',
      description:
        'A provider may do so for an application of tests; a live key comes from the operator alone.',
      middleware: allow(authenticator, 'secret-keys.roll'),
      request: { params: idParameters, body: optionalBody(rotationSchema) },
      responses: answers(rotatedSchema, 'The new secret key; those of before are accepted for a while', [
        'APPLICATION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      // Where no body is sent nothing is validated, and no default is put in.
      const { environment, overlap_seconds } = rotationSchema.parse(c.req.valid('json') ?? {});
      const credential = c.get('credential');
      const application = await find(id);
      const owners = { applicationId: id, providerId: application.provider_id };
      requireReach(credential, owners, 'APPLICATION_NOT_FOUND');
      if (application.mode !== 'test') requirePermission(credential, 'applications.manage');
      const rotation = { mode: environment, overlapSeconds: overlap_seconds };
      const { secretKey, formerExpireAt } = await rotateSecretKey(
        context,
        id,
        rotation,
        await askedChange(c),
      );
      return c.json({ secret_key: secretKey, former_expire_at: Math.floor(formerExpireAt / 1000) }, 200);
    },
  );
}

interface Lists {
  allowed_origins: string[];
  return_origins: string[];
  extension_options: ExtensionPrice[];
  customer_operations: CustomerOperation[];
}

/** Lists are jsonb columns: both databases take them as text. */
function toColumns<T extends Partial<Lists>>(fields: T) {
  const { allowed_origins, return_origins, extension_options, customer_operations } = fields;
  const text = { allowed_origins, return_origins, extension_options, customer_operations };
  const given = Object.entries(text).filter(([, list]) => list !== undefined);
  return Object.fromEntries(given.map(([name, list]) => [name, JSON.stringify(list)])) as {
    [K in keyof Lists]: undefined extends T[K] ? string | undefined : string;
  };
}
