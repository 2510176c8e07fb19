import { toSession } from '../../../protocol/rules/session-view.js';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { changeCustomer, createCustomer, listCustomers, readCustomer, upsertCustomer } from './customers.js';
import {
  creditSchema,
  customerSchema,
  detailsSchema,
  entrySchema,
  erasureSchema,
  stateSchema,
  withoutDetails,
} from './customer-schemas.js';
import { eraseCustomer, readErasure } from './erase.js';
import { exportLines } from './export.js';
import { readState } from './state.js';
import { creditWallet, readEntries } from './wallet.js';
import { toSubscription } from '../subscriptions/index.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedCustomer } from '../../foundation/auth/reach.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf } from '../../foundation/http/idempotency-key.js';
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
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { streamedText } from '../../foundation/http/streamed-text.js';

/** A string, and no literal type: what matches `application/*json` has to be one JSON text for the router's types. */
const jsonLines: string = 'application/x-ndjson';

/** `/customers`: who pays, the wallet and its history. */
export function customerRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Customers'],
    security: bearer,
    middleware: allow(authenticator, 'customers.manage'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/customers',
      summary: 'Create a customer',
      request: {
        body: body(z.strictObject({ id: idSchema, ...detailsSchema.shape })),
      },
      responses: answersCreated(customerSchema, 'The customer, with an empty wallet', ['ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id, ...customer } = c.req.valid('json');
      await createCustomer(context, id, customer, await askedChange(c));
      return c.json(await readCustomer(context, id), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers',
      summary: 'List the customers',
      request: {
        query: z.strictObject({
          organization_id: z.string().optional(),
          email: z.string().optional().describe('Whatever the case of its letters'),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ customers: z.array(customerSchema), next_cursor: nextCursorSchema }),
        'Newest first, without those who were erased',
      ),
    }),
    async (c) => {
      const { organization_id: organizationId, email, cursor, limit } = c.req.valid('query');
      const filter = { organizationId, email, after: readCursor(cursor), limit };
      const { rows, customers } = await listCustomers(context, filter);
      return c.json({ customers, next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      middleware: allow(authenticator, 'customers.read'),
      method: 'get',
      path: '/api/v1/customers/{id}',
      summary: 'Read a customer and the wallet',
      request: { params: idParameters },
      responses: answers(
        customerSchema,
        'The customer; for a session token without name, email and metadata, which are the marketplace’s own',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const credential = c.get('credential');
      const customer = await readCustomer(context, reachedCustomer(credential, c.req.valid('param').id)!);
      return c.json(credential.side === 'marketplace' ? customer : withoutDetails(customer), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'put',
      path: '/api/v1/customers/{id}',
      summary: 'Create a customer, or change the one that is there',
      request: { params: z.object({ id: idSchema }), body: body(detailsSchema) },
      responses: answers(
        customerSchema,
        'The customer as it is now; what was left out stays as it was. Not found while somebody of that id is being erased',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      await upsertCustomer(context, id, c.req.valid('json'), await askedChange(c));
      return c.json(await readCustomer(context, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/customers/{id}',
      summary: 'Change a customer',
      request: { params: idParameters, body: body(detailsSchema) },
      responses: answers(customerSchema, 'The customer as it is now', ['CUSTOMER_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      await changeCustomer(context, id, c.req.valid('json'), await askedChange(c));
      return c.json(await readCustomer(context, id), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}/state',
      summary: 'Read what a page about a customer shows',
      request: { params: idParameters },
      responses: answers(
        stateSchema,
        'The customer with the wallet, the subscriptions, and the newest session that is not over',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { customer, subscriptions, session } = await readState(context, c.req.valid('param').id);
      const server_time = context.now();
      return c.json(
        {
          customer,
          subscriptions: subscriptions.map(toSubscription),
          session: session ? toSession(session) : null,
          server_time,
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/customers/{id}',
      summary: 'Erase a customer',
      request: { params: idParameters },
      responses: {
        202: {
          description:
            'Nobody is found under the id any more, and what was said of the person is gone. So much is kept that taking the id from all of it goes on',
          content: { 'application/json': { schema: erasureSchema } },
        },
        204: {
          description:
            'Nobody knows the customer any more: another name stands in place of the id, metadata and return addresses of the sessions are gone, and the amounts in the books stay',
        },
        default: problemWith(['CUSTOMER_NOT_FOUND', 'CUSTOMER_IN_SESSION']),
      },
    }),
    async (c) => {
      const erasure = await eraseCustomer(context, c.req.valid('param').id, await askedChange(c));
      return erasure.status === 'done' ? c.body(null, 204) : c.json(erasure, 202);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}/erasure',
      summary: 'Read how far an erasure is',
      request: { params: idParameters },
      responses: answers(
        erasureSchema,
        'How far it is: by the name that took the place of the id, for nobody is found under the id itself any more',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => c.json(await readErasure(context, c.req.valid('param').id), 200),
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/customers/{id}/export',
      summary: 'Export all that is kept of a customer',
      request: { params: idParameters },
      responses: {
        200: {
          description:
            'A JSON object a line: record is customer, session, message, file, subscription, session_token, wallet_entry or change. The last line, the record end, has the number of those before it: without it the export broke off',
          content: { [jsonLines]: { schema: z.string() } },
        },
        default: problemWith(['CUSTOMER_NOT_FOUND']),
      },
    }),
    async (c) => {
      const lines = exportLines(context, c.req.valid('param').id);
      return c.body(await streamedText(context, lines), 200, {
        'Content-Type': jsonLines,
        'Content-Disposition': 'attachment; filename="customer.ndjson"',
      });
    },
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
      middleware: allow(authenticator, 'wallets.read'),
      method: 'get',
      path: '/api/v1/customers/{id}/entries',
      summary: 'Read what moved a wallet',
      request: {
        params: idParameters,
        query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }),
      },
      responses: answers(
        z.strictObject({ entries: z.array(entrySchema), next_cursor: nextCursorSchema }),
        'What moved the wallet, newest first',
        ['CUSTOMER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const page = { after: readCursor(cursor, /^\d{1,15}$/), limit };
      const id = reachedCustomer(c.get('credential'), c.req.valid('param').id)!;
      const rows = await readEntries(context, id, page);
      const entries = rows.map((row) => ({
        ...row,
        balance_after: row.balance_after!,
        created_at: Math.floor(row.created_at / 1000),
      }));
      const last = rows.map(({ id, created_at }) => ({ id: String(id), created_at }));
      return c.json({ entries, next_cursor: nextCursor(last, limit) }, 200);
    },
  );
}
