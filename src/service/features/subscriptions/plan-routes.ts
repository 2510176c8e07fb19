import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { intervals } from '../../../protocol/subscription.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PlanRow } from '../../foundation/database/schema.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
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
  metadataSchema,
} from '../../foundation/http/route-shapes.js';
import { changePlan, createPlan, listPlans } from './plans.js';

const fields = {
  name: z.string().min(1).max(200).openapi({ example: 'Pro, monthly' }),
  interval: z.enum(intervals).openapi({ example: 'month' }),
  interval_count: z.int().min(1).max(100).describe('Intervals in a period').openapi({ example: 1 }),
  tokens_per_period: z.int().min(1).max(1_000_000_000).openapi({ example: 500 }),
  rollover: z
    .boolean()
    .describe('Whether what is not spent stays; else it expires when the next period begins')
    .openapi({ example: false }),
  active: z.boolean().describe('Whether it can be subscribed to').openapi({ example: true }),
  metadata: metadataSchema,
};

const planSchema = z
  .strictObject({
    id: z.string().openapi({ example: 'pro-monthly' }),
    ...fields,
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
  })
  .openapi('Plan');

const createSchema = z.strictObject({
  ...fields,
  id: idSchema.optional().openapi({ example: 'pro-monthly' }),
  interval_count: fields.interval_count.default(1),
  rollover: fields.rollover.default(false),
  active: fields.active.default(true),
  metadata: metadataSchema.default({}),
});

const changeSchema = z
  .strictObject({ name: fields.name, active: fields.active, metadata: metadataSchema })
  .partial();

const toPlan = (row: PlanRow): z.output<typeof planSchema> => ({
  ...row,
  created_at: Math.floor(row.created_at / 1000),
});

/** `/plans`: what can be subscribed to. */
export function planRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Subscriptions'],
    security: bearer,
    middleware: allow(authenticator, 'subscriptions.manage'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/plans',
      summary: 'Create a plan',
      request: { body: body(createSchema) },
      responses: answersCreated(planSchema, 'The plan', ['ALREADY_EXISTS']),
    }),
    async (c) => {
      const { id = crypto.randomUUID(), ...plan } = c.req.valid('json');
      const row = { ...plan, id, created_at: context.now() };
      return c.json(toPlan(await createPlan(context, row, await askedChange(c))), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/plans',
      summary: 'List the plans',
      request: { query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }) },
      responses: answers(
        z.strictObject({ plans: z.array(planSchema), next_cursor: nextCursorSchema }),
        'Newest first',
      ),
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const rows = await listPlans(context, { after: readCursor(cursor), limit });
      return c.json({ plans: rows.map(toPlan), next_cursor: nextCursor(rows, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'patch',
      path: '/api/v1/plans/{id}',
      summary: 'Change a plan, but not what it grants',
      request: { params: idParameters, body: body(changeSchema) },
      responses: answers(planSchema, 'The plan as it is now', ['PLAN_NOT_FOUND']),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(toPlan(await changePlan(context, id, c.req.valid('json'), await askedChange(c))), 200);
    },
  );
}
