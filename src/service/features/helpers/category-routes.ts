import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpCategoryRow } from '../../foundation/database/schema.js';
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
} from '../../foundation/http/route-shapes.js';
import { smallestCharge } from '../../../protocol/currencies.js';
import { captures } from '../../../protocol/help-request.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { findProvider } from '../providers/index.js';
import { changeCategory, createCategory, listCategories, type CategoryPrice } from './categories.js';
import { requireProviderId, skillsSchema } from './helper-schemas.js';

const fields = {
  name: z.string().min(1).max(200).openapi({ example: 'A leak' }),
  skills: skillsSchema.describe('What a helper has to know in the first round'),
  tokens: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .nullable()
    .describe(
      'The price of the whole length; what is used of it is paid. 0 costs nothing, null is paid by money',
    )
    .openapi({ example: 300 }),
  amount: z
    .int()
    .min(1)
    .max(99_999_999)
    .nullable()
    .describe('Instead of tokens: the price of the whole length, in minor units of the currency')
    .openapi({ example: null }),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, 'three lower case letters')
    .nullable()
    .describe('ISO 4217, lower case')
    .openapi({ example: null }),
  capture: z
    .enum(captures)
    .nullable()
    .describe(
      'What is taken of a price in money after the talk: the share of the time that was used, or all of it',
    )
    .openapi({ example: null }),
  duration_seconds: z.int().min(60).max(86_400).openapi({ example: 1_800 }),
  search_seconds: z
    .int()
    .min(10)
    .max(3_600)
    .describe('How long each of the two rounds looks for somebody')
    .openapi({ example: 120 }),
  active: z.boolean().describe('Whether it can be asked for').openapi({ example: true }),
};

const categorySchema = z
  .strictObject({
    id: z.string().openapi({ example: 'leak' }),
    provider_id: z.string().openapi({ example: 'lantern' }),
    ...fields,
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
  })
  .openapi('HelpCategory');

const createSchema = z.strictObject({
  ...fields,
  id: idSchema.optional().openapi({ example: 'leak' }),
  provider_id: idSchema.optional().describe('Needed with the operator key').openapi({ example: 'lantern' }),
  skills: fields.skills.default([]),
  tokens: fields.tokens.default(null),
  amount: fields.amount.default(null),
  currency: fields.currency.default(null),
  capture: fields.capture.default(null),
  search_seconds: fields.search_seconds.default(120),
  active: fields.active.default(true),
});

const changeSchema = z.strictObject(fields).partial();

const toCategory = (row: HelpCategoryRow): z.output<typeof categorySchema> => ({
  ...row,
  created_at: Math.floor(row.created_at / 1000),
});

/**
 * A price is of tokens or of money; what is taken of money is the share that was used, unless something else is said.
 * @throws {InvalidRequest}
 */
function priceOf({ tokens, amount, currency, capture }: CategoryPrice): CategoryPrice {
  const isMoney = amount !== null;
  const refuse = (pointer: string, message: string) => new InvalidRequest([{ pointer, message }]);
  if (isMoney === (tokens !== null)) throw refuse('/tokens', 'either tokens, or amount and currency');
  if (isMoney !== (currency !== null)) throw refuse('/currency', 'goes with amount');
  if (!isMoney && capture !== null) throw refuse('/capture', 'goes with amount');
  if (isMoney && amount % smallestCharge(currency!) !== 0)
    throw refuse('/amount', 'an amount that can be charged in this currency');
  return { tokens, amount, currency, capture: isMoney ? (capture ?? 'used') : null };
}

/** `/help-categories`: what help there is, for how long and at which price. */
export function categoryRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = { tags: ['Help requests'], security: bearer };
  const manage = allow(authenticator, 'help-categories.manage');

  app.openapi(
    createRoute({
      ...common,
      middleware: manage,
      method: 'post',
      path: '/api/v1/help-categories',
      summary: 'Create a category of help',
      request: { body: body(createSchema) },
      responses: answersCreated(categorySchema, 'The category', ['PROVIDER_NOT_FOUND', 'ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), provider_id, ...category } = c.req.valid('json');
      const providerId = requireProviderId(reachedProvider(c.get('credential'), provider_id));
      await findProvider(context, providerId);
      const row = {
        ...category,
        ...priceOf(category),
        id,
        provider_id: providerId,
        created_at: context.now(),
      };
      return c.json(toCategory(await createCategory(context, row, await askedChange(c))), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: allow(authenticator, 'help-categories.read'),
      method: 'get',
      path: '/api/v1/help-categories',
      summary: 'List the categories of help',
      request: {
        query: z.strictObject({
          provider_id: z.string().optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ categories: z.array(categorySchema), next_cursor: nextCursorSchema }),
        'Newest first',
        ['PROVIDER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { provider_id, cursor, limit } = c.req.valid('query');
      const providerId = reachedProvider(c.get('credential'), provider_id);
      const rows = await listCategories(context, { providerId, after: readCursor(cursor), limit });
      return c.json({ categories: rows.map(toCategory), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: manage,
      method: 'patch',
      path: '/api/v1/help-categories/{id}',
      summary: 'Change a category of help',
      request: { params: idParameters, body: body(changeSchema) },
      responses: answers(
        categorySchema,
        'The category as it is now; requests that were made before keep what it said then',
        ['HELP_CATEGORY_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'));
      const { id } = c.req.valid('param');
      const asked = await askedChange(c);
      const row = await changeCategory(context, id, providerId, c.req.valid('json'), { asked, priceOf });
      return c.json(toCategory(row), 200);
    },
  );
}
