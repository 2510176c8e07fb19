import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { dayRange, findProvider, maxDays, toDayRange } from '../providers/index.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';
import { listSessions, sessionPageSchema, toSessionPage } from '../sessions/index.js';
import { readAnalytics, type Total } from './analytics.js';
import { askedOwner, checkOwner, ownerQuery } from './figure-owner.js';
import type { Figures } from './read-figures.js';
import { sessionFilter, toSessionFilter } from './session-filter.js';
import { readStatistics } from './statistics.js';

/** Days that one answer may have where each has its hours. */
const maxDaysByHour = 31;

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

const seconds = z.int().openapi({ example: 5400 });

const figures = {
  sessions: count.describe('Sold'),
  completed: count.describe('Ended by somebody'),
  expired: count.describe('Ended because the time was up'),
  cancelled: count.describe('Never started'),
  users: count.describe('Different customers who bought one'),
  revenue_tokens: tokens,
  returned_tokens: z
    .int()
    .describe('Tokens held for time that was not used, and given back')
    .openapi({ example: 300 }),
  revenue_money: money,
  returned_money: z
    .array(money.element)
    .describe('What went back by refunds and disputes, without what came again'),
  average_used_seconds: z
    .int()
    .nullable()
    .describe('Of the sessions that have run and ended; null where there is none')
    .openapi({ example: 1260 }),
  extensions: count.describe('Bought for running sessions'),
  extended_seconds: seconds.describe('What they added'),
  warnings: count.describe('That a session ends soon'),
  warnings_answered: count.describe('Followed by an extension before the next warning'),
};

const hourSchema = z.strictObject({
  starts_at: z
    .int()
    .describe('Its first moment, milliseconds since the epoch')
    .openapi({ example: 1_767_225_600_000 }),
  is_running: z.boolean().describe('The hour is not over: its figures still grow'),
  ...figures,
});

const daySchema = z.strictObject({
  date: z.string().openapi({ example: '2026-01-01' }),
  is_running: z.boolean().describe('The day is not over: its figures still grow'),
  ...figures,
  hours: z
    .array(hourSchema)
    .optional()
    .describe('Each hour from the beginning of the day on, with interval=hour'),
});

const totalSchema = z
  .strictObject({
    from: z.string().openapi({ example: '2026-01-01' }),
    to: z.string().openapi({ example: '2026-01-30' }),
    ...figures,
    users_estimated: z
      .boolean()
      .describe('Customers whose sales are more than a day apart are told apart by the day: a little off'),
  })
  .describe('All days together; of `previous` the same number of days right before, to compare with')
  .openapi('FigureTotal');

const analyticsSchema = z
  .strictObject({
    time_zone: z.string().openapi({ example: 'Europe/Berlin' }),
    days: z.array(daySchema).describe('Each date of the range, oldest first'),
    total: totalSchema,
    // The same number of days right before, to compare with.
    previous: totalSchema,
    server_time: serverTime,
  })
  .openapi('ProviderAnalytics');

const asFigures = (of: Figures) => ({
  sessions: of.sessions,
  completed: of.completed,
  expired: of.expired,
  cancelled: of.cancelled,
  users: of.users,
  revenue_tokens: of.revenueTokens,
  returned_tokens: of.returnedTokens,
  revenue_money: of.revenueMoney,
  returned_money: of.returnedMoney,
  average_used_seconds:
    of.completed + of.expired ? Math.round(of.usedSeconds / (of.completed + of.expired)) : null,
  extensions: of.extensions,
  extended_seconds: of.extendedSeconds,
  warnings: of.warnings,
  warnings_answered: of.warningsAnswered,
});

const asTotal = ({ from, to, areUsersEstimated, ...of }: Total) => ({
  from,
  to,
  ...asFigures(of),
  users_estimated: areUsersEstimated,
});

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
      request: { params: idParameters, query: z.strictObject({ environment: ownerQuery.environment }) },
      responses: answers(statisticsSchema, 'All sessions together', ['PROVIDER_NOT_FOUND']),
    }),
    async (c) => {
      const owner = askedOwner(c.get('credential'), c.req.valid('param').id, c.req.valid('query'));
      await findProvider(context, owner.providerId);
      const { sessionsByStatus, ...totals } = await readStatistics(context, owner);
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
          ...dayRange,
          interval: z
            .enum(['day', 'hour'])
            .default('day')
            .describe(`Also by hour, for at most ${maxDaysByHour} days`),
          ...ownerQuery,
        }),
      },
      responses: answers(analyticsSchema, `At most ${maxDays} days`, [
        'PROVIDER_NOT_FOUND',
        'APPLICATION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const owner = askedOwner(c.get('credential'), c.req.valid('param').id, query);
      const provider = await findProvider(context, owner.providerId);
      const hasHours = query.interval === 'hour';
      const range = toDayRange(query, provider, context.now(), hasHours ? maxDaysByHour : maxDays);
      await checkOwner(context, owner);
      const { days, total, previous } = await readAnalytics(context, owner, { ...range, hasHours });
      return c.json(
        {
          time_zone: range.timeZone,
          days: days.map(({ date, isRunning, hours, ...of }) => ({
            date,
            is_running: isRunning,
            ...asFigures(of),
            ...(hours && {
              hours: hours.map(({ startsAt, isRunning, ...of }) => ({
                starts_at: startsAt,
                is_running: isRunning,
                ...asFigures(of),
              })),
            }),
          })),
          total: asTotal(total),
          previous: asTotal(previous),
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
      const { cursor, limit, ...query } = c.req.valid('query');
      const owner = askedOwner(c.get('credential'), c.req.valid('param').id, query);
      await findProvider(context, owner.providerId);
      const filter = { ...toSessionFilter(owner, query), after: readCursor(cursor), limit };
      const page = await listSessions(context, filter);
      return c.json(toSessionPage(page, limit), 200);
    },
  );
}
