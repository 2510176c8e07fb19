import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../context.js';
import { createCustomer, creditWallet, readCustomer, readEntries } from '../customers.js';
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
} from '../http/route-shapes.js';

const walletSchema = z.strictObject({
  available: z.int().describe('Tokens that can be spent'),
  held: z.int().describe('Tokens set aside for running sessions'),
});

const customerSchema = z
  .strictObject({
    id: z.string(),
    organization_id: z.string().nullable(),
    created_at: z.int(),
    wallet: walletSchema,
  })
  .openapi('Customer');

const entrySchema = z.strictObject({
  id: z.int(),
  kind: z.enum(['credit', 'hold', 'settlement']),
  amount: z.int().describe('Into the wallet; negative: out of it'),
  balance_after: z.int(),
  session_id: z.string().nullable(),
  reference: z.string().nullable(),
  created_at: z.int(),
});

const creditSchema = z.strictObject({
  tokens: z.int().min(1).max(1_000_000_000),
  reference: z.string().min(1).max(200).describe('The payment it stands for: credited once'),
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
      request: {
        body: body(z.strictObject({ id: idSchema, organization_id: idSchema.nullable().default(null) })),
      },
      responses: answersCreated(customerSchema, 'The customer, with an empty wallet'),
    }),
    async (c) => {
      const { id, organization_id } = c.req.valid('json');
      await createCustomer(context, id, organization_id);
      return c.json(await readCustomer(context, id), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}',
      request: { params: idParameters },
      responses: answers(customerSchema, 'The customer'),
    }),
    async (c) => c.json(await readCustomer(context, c.req.valid('param').id), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/customers/{id}/credits',
      request: { params: idParameters, body: body(creditSchema) },
      responses: answers(
        customerSchema,
        'The customer with the tokens; the same reference again changes nothing',
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const credit = c.req.valid('json');
      await creditWallet(context, id, credit, idempotencyOf(c, `credit ${id}`, credit));
      return c.json(await readCustomer(context, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}/entries',
      request: { params: idParameters, query: z.strictObject({ limit: limitSchema }) },
      responses: answers(
        z.strictObject({ entries: z.array(entrySchema) }),
        'What moved the wallet, newest first',
      ),
    }),
    async (c) => {
      const entries = await readEntries(context, c.req.valid('param').id, c.req.valid('query').limit);
      return c.json({ entries }, 200);
    },
  );
}
