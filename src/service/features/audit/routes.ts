import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { listChanges } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, limitSchema } from '../../foundation/http/route-shapes.js';

const entrySchema = z
  .strictObject({
    id: z.string().openapi({ example: '1f0f5c0e-2a6b-4f7c-8e0d-5d2a9f3b7c44' }),
    actor: z.string().describe('operator, application:<id> or session:<id>').openapi({ example: 'operator' }),
    action: z.string().describe('Method and route').openapi({ example: 'PATCH /applications/{id}' }),
    subject: z.string().describe('The path of what was changed').openapi({ example: '/applications/sketch' }),
    fields: z
      .array(z.string())
      .describe('The fields that were sent')
      .openapi({ example: ['name'] }),
    address: z
      .string()
      .nullable()
      .describe('Where it came from, if that is known')
      .openapi({ example: null }),
    request_id: z.string().openapi({ example: '0b5cf1d0-6f9f-4e0e-9d5b-3c2b1f7a9e11' }),
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
  })
  .openapi('AuditEntry');

/** `/audit-entries`: who changed what when. */
export function auditRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Operation'],
      security: bearer,
      method: 'get',
      path: '/api/v1/audit-entries',
      summary: 'Read who changed what when',
      middleware: allow(authenticator, 'audit.read'),
      request: {
        query: z.strictObject({
          actor: z.string().optional(),
          subject: z.string().optional(),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(
        z.strictObject({ entries: z.array(entrySchema), next_cursor: nextCursorSchema }),
        'Newest first',
      ),
    }),
    async (c) => {
      const { cursor, ...filter } = c.req.valid('query');
      const rows = await listChanges(context, { ...filter, after: readCursor(cursor) });
      const entries = rows.map((row) => ({ ...row, created_at: Math.floor(row.created_at / 1000) }));
      return c.json({ entries, next_cursor: nextCursor(rows, filter.limit) }, 200);
    },
  );
}
