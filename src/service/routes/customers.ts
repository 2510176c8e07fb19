import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../context.js';
import { createCustomer, creditWallet, readCustomer, readEntries } from '../customers.js';
import { askedChange } from '../http/audit.js';
import { allowOnly, type Authenticator } from '../http/authentication.js';
import type { HttpEnvironment } from '../http/environment.js';
import { idempotencyOf } from '../http/idempotency-key.js';
import {
  answers,
  answersCreated,
  bearer,
  body,
  idParameters,
  idSchema,
  limitSchema,
  takesKey,
} from '../http/route-shapes.js';

const customerId = z.string().openapi({ example: 'customer-17' });
const organizationId = z.string().nullable().openapi({ example: 'acme' });
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });

const walletSchema = z.strictObject({
  available: z.int().describe('Tokens that can be spent').openapi({ example: 900 }),
  held: z.int().describe('Tokens set aside for running sessions').openapi({ example: 100 }),
});

const customerSchema = z
  .strictObject({
    id: customerId,
    organization_id: organizationId,
    created_at: instant,
    wallet: walletSchema,
  })
  .openapi('Customer');

const entrySchema = z.strictObject({
  id: z.int().openapi({ example: 42 }),
  kind: z.enum(['credit', 'hold', 'settlement']).openapi({ example: 'hold' }),
  amount: z.int().describe('Into the wallet; negative: out of it').openapi({ example: -100 }),
  balance_after: z.int().openapi({ example: 900 }),
  session_id: z.string().nullable().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
  reference: z.string().nullable().openapi({ example: null }),
  created_at: instant,
});

const creditSchema = z.strictObject({
  tokens: z.int().min(1).max(1_000_000_000).openapi({ example: 1000 }),
  reference: z
    .string()
    .min(1)
    .max(200)
    .describe('The payment it stands for: credited once')
    .openapi({ example: 'invoice-2026-0042' }),
});

/** `/customers`: who pays, the wallet and its history. */
export function customerRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Customers'],
    security: bearer,
    middleware: allowOnly(authenticator, 'operator'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/customers',
      summary: 'Create a customer',
      request: {
        body: body(z.strictObject({ id: idSchema, organization_id: idSchema.nullable().default(null) })),
      },
      responses: answersCreated(customerSchema, 'The customer, with an empty wallet', ['ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id, organization_id } = c.req.valid('json');
      await createCustomer(context, id, organization_id, await askedChange(c));
      return c.json(await readCustomer(context, id), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}',
      summary: 'Read a customer and the wallet',
      request: { params: idParameters },
      responses: answers(customerSchema, 'The customer', ['CUSTOMER_NOT_FOUND']),
    }),
    async (c) => c.json(await readCustomer(context, c.req.valid('param').id), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/customers/{id}/credits',
      summary: 'Put tokens into a wallet',
      ...takesKey,
      request: { params: idParameters, body: body(creditSchema) },
      responses: answers(
        customerSchema,
        'The customer with the tokens; the same reference again changes nothing',
        ['CUSTOMER_NOT_FOUND', 'ALREADY_EXISTS'],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const credit = c.req.valid('json');
      const idempotency = idempotencyOf(c, `credit ${id}`, credit);
      await creditWallet(context, id, credit, await askedChange(c), idempotency);
      return c.json(await readCustomer(context, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}/entries',
      summary: 'Read what moved a wallet',
      request: { params: idParameters, query: z.strictObject({ limit: limitSchema }) },
      responses: answers(
        z.strictObject({ entries: z.array(entrySchema) }),
        'What moved the wallet, newest first',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const entries = await readEntries(context, c.req.valid('param').id, c.req.valid('query').limit);
      return c.json({ entries }, 200);
    },
  );
}
