import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import type { ServiceContext } from '../context.js';
import type { HttpEnvironment } from '../http/environment.js';
import { answers } from '../http/route-shapes.js';

/** `/healthz`: whether the service reaches its database. */
export function healthRoute(app: OpenAPIHono<HttpEnvironment>, context: ServiceContext): void {
  app.openapi(
    createRoute({
      tags: ['Health'],
      method: 'get',
      path: '/api/v1/healthz',
      responses: answers(z.strictObject({ status: z.literal('ok') }), 'The service works'),
    }),
    async (c) => {
      await sql`select 1`.execute(context.kysely);
      return c.json({ status: 'ok' as const }, 200);
    },
  );
}
