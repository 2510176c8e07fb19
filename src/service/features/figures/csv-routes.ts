import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { dateOf } from '../../../protocol/calendar-days.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { bearer, idParameters, problemWith } from '../../foundation/http/route-shapes.js';
import { streamedText } from '../../foundation/http/streamed-text.js';
import { findProvider, timeZoneSchema } from '../providers/index.js';
import { askedOwner } from './figure-owner.js';
import { sessionCsv } from './session-csv.js';
import { sessionFilter, toSessionFilter } from './session-filter.js';

const csv = 'text/csv; charset=utf-8';

/** `GET /providers/{id}/sessions.csv`: the list of a provider's sessions, whole, for a spreadsheet (RFC 4180). */
export function sessionCsvRoute(
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
      path: '/api/v1/providers/{id}/sessions.csv',
      summary: 'Read the sessions of a provider as CSV',
      request: {
        params: idParameters,
        query: z.strictObject({
          ...sessionFilter,
          time_zone: timeZoneSchema
            .optional()
            .describe('In which instants are written; that of the provider'),
        }),
      },
      responses: {
        200: {
          description:
            'A header line, and a line for each session, newest first (RFC 4180). Each instant stands in the time zone, with its offset, and in UTC. money_eur and its like are what the session earned in that currency, minor units. A text that a spreadsheet would take for a formula begins with an apostrophe. An answer that breaks off is not all',
          content: { 'text/csv': { schema: z.string() } },
        },
        default: problemWith(['PROVIDER_NOT_FOUND']),
      },
    }),
    async (c) => {
      const { time_zone, ...query } = c.req.valid('query');
      const owner = askedOwner(c.get('credential'), c.req.valid('param').id, query);
      const provider = await findProvider(context, owner.providerId);
      const timeZone = time_zone ?? provider.time_zone;
      const filter = toSessionFilter(owner, query);
      const body = await streamedText(context, sessionCsv(context, filter, timeZone));
      const fileName = `sessions-${dateOf(context.now(), timeZone)}.csv`;
      return c.body(body, 200, {
        'Content-Type': csv,
        'Content-Disposition': `attachment; filename="${fileName}"`,
        'Cache-Control': 'no-store',
      });
    },
  );
}
