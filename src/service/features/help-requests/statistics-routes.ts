import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { helpRequestStatuses, outcomes } from '../../../protocol/help-request.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { answers, bearer, idParameters } from '../../foundation/http/route-shapes.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { requireHelper } from '../helpers/index.js';
import { findProvider } from '../providers/index.js';
import { helperStatistics, requestStatistics, type Span } from './statistics.js';

const daySeconds = 86_400;
/** The longest time that one answer counts, days. */
const maxDays = 31;
/** The end of the year 9999. */
const lastSecond = 253_402_300_799;

const count = z.int().openapi({ example: 12 });
const secondsOrNull = z.int().nullable().openapi({ example: 24 });
const counts = <T extends string>(names: readonly T[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, count])) as Record<T, typeof count>);

const helperStatisticsSchema = z
  .strictObject({
    offered: count,
    claimed: count.describe('And not given back, nor missed'),
    declined: count.describe('Those that were given back included'),
    missed: count.describe('Nothing was answered, or nobody came'),
    completed: count,
    outcomes: counts(outcomes),
    average_used_seconds: secondsOrNull,
  })
  .openapi('HelperStatistics');

const requestStatisticsSchema = z
  .strictObject({
    requests: count,
    by_status: counts(helpRequestStatuses),
    outcomes: counts(outcomes),
    wait_seconds_p50: secondsOrNull.describe('From the request to the claim'),
    wait_seconds_p95: secondsOrNull,
    claimed_soon: count.describe('Within 30 seconds'),
    average_used_seconds: secondsOrNull,
  })
  .openapi('HelpStatistics');

const instantSchema = z.coerce.number().int().min(0).max(lastSecond).optional();

const spanSchema = z.strictObject({
  from: instantSchema
    .describe('Seconds since the epoch; 30 days before the end where nothing is said')
    .openapi({ example: 1_767_225_600 }),
  to: instantSchema
    .describe('Until before then, at most 31 days later; now where nothing is said')
    .openapi({ example: 1_767_312_000 }),
});

/** @throws {InvalidRequest} where it ends before it begins, or is too long. */
function readSpan({ from, to }: z.output<typeof spanSchema>, now: number): Span {
  const end = to ?? Math.floor(now / 1000) + 1;
  const begin = from ?? end - 30 * daySeconds;
  if (end < begin || end - begin > maxDays * daySeconds)
    throw new InvalidRequest([{ pointer: '/from', message: `at most ${maxDays} days before the end` }]);
  return { from: begin * 1000, to: end * 1000 };
}

/** `/helpers/{id}/stats` and `/providers/{id}/help-stats`: what help comes to. */
export function helpStatisticsRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  app.openapi(
    createRoute({
      tags: ['Helpers'],
      security: bearer,
      middleware: allow(authenticator, 'helpers.read'),
      method: 'get',
      path: '/api/v1/helpers/{id}/stats',
      summary: 'Read a helper’s figures',
      request: { params: idParameters, query: spanSchema },
      responses: answers(helperStatisticsSchema, 'Of what was offered in that time', ['HELPER_NOT_FOUND']),
    }),
    async (c) => {
      const span = readSpan(c.req.valid('query'), context.now());
      const { id } = await requireHelper(context, c.get('credential'), c.req.valid('param').id);
      return c.json(await helperStatistics(context, id, span), 200);
    },
  );

  app.openapi(
    createRoute({
      tags: ['Help requests'],
      security: bearer,
      middleware: allow(authenticator, 'figures.read'),
      method: 'get',
      path: '/api/v1/providers/{id}/help-stats',
      summary: 'Read the figures of a provider’s help requests',
      request: { params: idParameters, query: spanSchema },
      responses: answers(requestStatisticsSchema, 'Of the requests that were made in that time', [
        'PROVIDER_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const span = readSpan(c.req.valid('query'), context.now());
      const { id } = c.req.valid('param');
      reachedProvider(c.get('credential'), id);
      await findProvider(context, id);
      return c.json(await requestStatistics(context, id, span), 200);
    },
  );
}
