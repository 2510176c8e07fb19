import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { answers, bearer, idParameters } from '../../foundation/http/route-shapes.js';
import { askedOwner, checkOwner, ownerQuery } from '../figures/index.js';
import { dayRange, findProvider, maxDays, toDayRange } from '../providers/index.js';
import { readPageMetrics } from './read-page-metrics.js';

const amount = z.number().openapi({ example: 12 });
const date = z.string().openapi({ example: '2026-01-01' });

const pageMetricsSchema = z
  .strictObject({
    time_zone: z.string().openapi({ example: 'Europe/Berlin' }),
    from: date,
    to: date,
    metrics: z
      .array(
        z.strictObject({
          name: z.string().openapi({ example: 'errors.NETWORK_FAILED' }),
          total: amount,
          previous: amount.describe('In the same number of days right before'),
          days: z
            .array(z.strictObject({ date, amount }))
            .describe('Those on which it was counted, oldest first'),
        }),
      )
      .describe('By name'),
    server_time: z.int().describe('Milliseconds since the epoch').openapi({ example: 1_767_225_600_000 }),
  })
  .openapi('PageMetrics');

export function pageMetricRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Providers'],
      security: bearer,
      middleware: allow(authenticator, 'figures.read'),
      method: 'get',
      path: '/api/v1/providers/{id}/page-metrics',
      summary: 'Read what the pages of a provider have counted',
      request: {
        params: idParameters,
        query: z.strictObject({
          ...dayRange,
          ...ownerQuery,
        }),
      },
      responses: answers(pageMetricsSchema, `At most ${maxDays} days; of pages with \`analytics\``, [
        'PROVIDER_NOT_FOUND',
        'APPLICATION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const owner = askedOwner(c.get('credential'), c.req.valid('param').id, query);
      const provider = await findProvider(context, owner.providerId);
      const range = toDayRange(query, provider, context.now());
      await checkOwner(context, owner);
      const metrics = await readPageMetrics(context, owner, range);
      const { timeZone: time_zone, from, to } = range;
      return c.json({ time_zone, from, to, metrics, server_time: context.now() }, 200);
    },
  );
}
