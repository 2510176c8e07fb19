import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { exceptionKinds } from '../../../protocol/exceptions.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ExceptionRow } from '../../foundation/database/schema.js';
import { findException, listExceptions, resolveException } from './exceptions.js';
import { askedChange } from '../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, body, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';

const statuses = ['open', 'resolved'] as const;
const orNull = <S extends z.ZodType>(schema: S) => schema.nullable().openapi({ example: null });
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const note = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .describe('What was done about it')
  .openapi({ example: 'Refunded by hand' });

const exceptionSchema = z
  .strictObject({
    id: z.string().openapi({ example: '6d1f0c2e-7a5b-4f0e-9b1d-3e2c1a0f9d88' }),
    kind: z.enum(exceptionKinds).openapi({ example: 'payment_amount_mismatch' }),
    status: z.enum(statuses).openapi({ example: 'open' }),
    subject: z.string().describe('What it is about').openapi({ example: 'payment:pi_3RgRPqEEXQJo9EEO' }),
    detail: z
      .string()
      .describe('What does not fit')
      .openapi({ example: '250 eur were paid, the price is 499 eur' }),
    provider_id: z.string().nullable().openapi({ example: 'lantern' }),
    session_id: orNull(z.string()),
    checkout_id: orNull(z.string()),
    payment_intent_id: orNull(z.string()).describe('Of the payment provider'),
    amount: z.int().nullable().describe('The money that waits, in minor units').openapi({ example: 250 }),
    currency: z.string().nullable().describe('ISO 4217, lower case').openapi({ example: 'eur' }),
    created_at: instant,
    resolved_at: orNull(z.int()),
    resolved_by: orNull(z.string()).describe('Whose credential it was'),
    note: orNull(z.string()),
  })
  .openapi('Exception');

const seconds = (instantMs: number) => Math.floor(instantMs / 1000);

function toException({ created_at, resolved_at, ...row }: ExceptionRow): z.output<typeof exceptionSchema> {
  return {
    ...row,
    status: resolved_at === null ? 'open' : 'resolved',
    created_at: seconds(created_at),
    resolved_at: resolved_at === null ? null : seconds(resolved_at),
  };
}

/** `/exceptions`: what the service could not decide by itself, and a person has to look at. */
export function exceptionRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = { tags: ['Operation'], security: bearer };
  const readers = allow(authenticator, 'exceptions.read');

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/exceptions',
      summary: 'List what a person has to look at',
      middleware: readers,
      request: {
        query: z.strictObject({
          status: z.enum(statuses).optional(),
          kind: z.enum(exceptionKinds).optional(),
          provider_id: z.string().optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ exceptions: z.array(exceptionSchema), next_cursor: nextCursorSchema }),
        'Newest first; with a secret key those about its provider',
        ['PROVIDER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const { cursor, provider_id, ...filter } = c.req.valid('query');
      const providerId = reachedProvider(c.get('credential'), provider_id);
      const rows = await listExceptions(context, { ...filter, providerId, after: readCursor(cursor) });
      return c.json({ exceptions: rows.map(toException), next_cursor: nextCursor(rows, filter.limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/exceptions/{id}',
      summary: 'Read an exception',
      middleware: readers,
      request: { params: idParameters },
      responses: answers(exceptionSchema, 'The exception', ['EXCEPTION_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(toException(await findException(context, id, reachedProvider(c.get('credential')))), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/exceptions/{id}/resolve',
      summary: 'Say what was done about an exception',
      middleware: allow(authenticator, 'exceptions.resolve'),
      request: { params: idParameters, body: body(z.strictObject({ note })) },
      responses: answers(exceptionSchema, 'The exception; one that is resolved already stays as it is', [
        'EXCEPTION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const exception = await findException(context, id, undefined);
      await resolveException(context, exception, c.req.valid('json').note, await askedChange(c));
      return c.json(toException(await findException(context, id, undefined)), 200);
    },
  );
}
