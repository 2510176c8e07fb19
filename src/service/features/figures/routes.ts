import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import { dateSchema, findProvider, timeZoneSchema } from '../providers/index.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';
import { listSessions, sessionPageSchema, toSessionPage } from '../sessions/index.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { readDays } from './analytics.js';
import { addDays, dateOf } from '../../foundation/calendar-days.js';
import { sessionFilter, toSessionFilter } from './session-filter.js';
import { readStatistics } from './statistics.js';

/** Days that one answer may have, and how many it has where nothing is said. */
const maxDays = 366;
const defaultDays = 30;

const count = z.int().openapi({ example: 12 });
const money = z
  .array(
    z.strictObject({
      currency: z.string().openapi({ example: 'eur' }),
      amount: z.int().describe('Minor units of the currency').openapi({ example: 1497 }),
    }),
  )
  .describe('What extensions brought, without what went back');
const tokens = z.int().describe('Tokens that the ended sessions have cost').openapi({ example: 4200 });
const serverTime = z.int().describe('Milliseconds since the epoch').openapi({ example: 1_767_225_600_000 });

const statisticsSchema = z
  .strictObject({
    sessions: count.describe('All that were ever sold'),
    active_sessions: count.describe('Running now, paused ones included'),
    sessions_by_status: z.strictObject({
      waiting: count,
      active: count,
      paused: count,
      completed: count,
      expired: count,
      cancelled: count,
    }),
    users: count.describe('Customers with at least one session'),
    revenue_tokens: tokens,
    revenue_money: money,
    average_used_seconds: z
      .int()
      .nullable()
      .describe('Of the ended sessions, without those that never started; null where there is none')
      .openapi({ example: 1260 }),
    server_time: serverTime,
  })
  .openapi('ProviderStatistics');

const daySchema = z.strictObject({
  date: z.string().openapi({ example: '2026-01-01' }),
  is_running: z.boolean().describe('The day is not over: its figures still grow'),
  sessions: count.describe('Sold on that day'),
  users: count.describe('Customers who bought one'),
  revenue_tokens: tokens,
  revenue_money: money,
});

const analyticsSchema = z
  .strictObject({
    time_zone: z.string().openapi({ example: 'Europe/Berlin' }),
    days: z.array(daySchema).describe('Each date of the range, oldest first'),
    server_time: serverTime,
  })
  .openapi('ProviderAnalytics');

/** `/providers/{id}/stats`, `/analytics` and `/sessions`: what a provider's sessions come to. */
export function providerFigureRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Providers'],
    security: bearer,
    middleware: allow(authenticator, 'figures.read'),
    method: 'get' as const,
  };

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/providers/{id}/stats',
      summary: 'Read the figures of a provider',
      request: { params: idParameters },
      responses: answers(statisticsSchema, 'All sessions together', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      await findProvider(context, id);
      const { sessionsByStatus, ...totals } = await readStatistics(context, id);
      const none = { waiting: 0, active: 0, paused: 0, completed: 0, expired: 0, cancelled: 0 };
      const byStatus = { ...none, ...sessionsByStatus };
      return c.json(
        {
          sessions: Object.values(byStatus).reduce((sum, number) => sum + number, 0),
          active_sessions: byStatus.active + byStatus.paused,
          sessions_by_status: byStatus,
          users: totals.users,
          revenue_tokens: totals.revenueTokens,
          revenue_money: totals.revenueMoney,
          average_used_seconds: totals.averageUsedSeconds,
          server_time: context.now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/providers/{id}/analytics',
      summary: 'Read the figures of a provider by day',
      request: {
        params: idParameters,
        query: z.strictObject({
          from: dateSchema.optional().describe(`The first day; ${defaultDays} days up to the last one`),
          to: dateSchema.optional().describe('The last day; today'),
          time_zone: timeZoneSchema.optional().describe('That of the provider'),
        }),
      },
      responses: answers(analyticsSchema, `At most ${maxDays} days`, ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      const query = c.req.valid('query');
      const timeZone = query.time_zone ?? (await findProvider(context, id)).time_zone;
      const to = query.to ?? dateOf(context.now(), timeZone);
      const from = query.from ?? addDays(to, 1 - defaultDays);
      if (from > to) throw new InvalidRequest([{ pointer: '/from', message: 'not after to' }]);
      if (addDays(from, maxDays) <= to)
        throw new InvalidRequest([{ pointer: '/from', message: `at most ${maxDays} days` }]);
      const days = await readDays(context, id, { timeZone, from, to });
      return c.json(
        {
          time_zone: timeZone,
          days: days.map(({ date, isRunning, sessions, users, revenueTokens, revenueMoney }) => ({
            date,
            is_running: isRunning,
            sessions,
            users,
            revenue_tokens: revenueTokens,
            revenue_money: revenueMoney,
          })),
          server_time: context.now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/providers/{id}/sessions',
      summary: 'List the sessions of a provider',
      request: {
        params: idParameters,
        query: z.strictObject({
          ...sessionFilter,
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(sessionPageSchema, 'Newest first', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      await findProvider(context, providerId);
      const { cursor, limit, ...query } = c.req.valid('query');
      const filter = { ...toSessionFilter(providerId, query), after: readCursor(cursor), limit };
      const page = await listSessions(context, filter);
      return c.json(toSessionPage(page, limit), 200);
    },
  );
}
