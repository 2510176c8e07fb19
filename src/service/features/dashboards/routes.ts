import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { answers, bearer, idParameters, problemWith } from '../../foundation/http/route-shapes.js';
import { findProvider } from '../providers/index.js';
import { streamCredentialOf, streamHeaders, type OpenStreams } from '../streams/index.js';
import { attentionKinds, countAttention, type AttentionKind } from './attention.js';
import { DashboardSource } from './dashboard-source.js';
import type { OpenDashboards } from './open-dashboards.js';

/** Where those that are counted are listed, below `/api/v1`; null: at the payment provider. */
const lists: Record<AttentionKind, ((providerId: string) => string) | null> = {
  exceptions_open: (id) => `/exceptions?provider_id=${id}&status=open`,
  webhook_endpoints_failing: (id) => `/webhook-endpoints?provider_id=${id}`,
  help_requests_open: (id) => `/help-requests?provider_id=${id}&status=open`,
  help_requests_missed: (id) => `/help-requests?provider_id=${id}&status=expired`,
  authorizations_lapsing: (id) => `/help-requests?provider_id=${id}`,
  disputes_open: null,
  disputes_lost: null,
};

const attentionSchema = z
  .strictObject({
    attention: z.array(
      z.strictObject({
        kind: z.enum(attentionKinds).openapi({ example: 'exceptions_open' }),
        count: z.int().openapi({ example: 2 }),
        list: z
          .string()
          .nullable()
          .describe('Where these are listed, among others; null: at the payment provider')
          .openapi({ example: '/api/v1/exceptions?provider_id=lantern&status=open' }),
      }),
    ),
    server_time: z.int().describe('Milliseconds since the epoch').openapi({ example: 1_767_225_600_000 }),
  })
  .openapi('ProviderAttention');

/** `/providers/{id}/attention` and `/providers/{id}/events`: what waits for a provider, and when to look again. */
export function dashboardRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  { streams, dashboards }: { streams: OpenStreams; dashboards: OpenDashboards },
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
      path: '/api/v1/providers/{id}/attention',
      summary: 'Count what waits for a provider',
      request: { params: idParameters },
      responses: answers(
        attentionSchema,
        'Each kind, also where none waits: open exceptions, webhook endpoints that fail or were disabled for it, help requests that nobody has taken yet, or nobody took within the last 24 hours, held payments that lapse within 24 hours, open disputes, and those that were lost within 30 days',
        ['PROVIDER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      await findProvider(context, id);
      const counts = await countAttention(context, id);
      const attention = attentionKinds.map((kind) => {
        const path = lists[kind]?.(encodeURIComponent(id));
        return { kind, count: counts[kind], list: path === undefined ? null : `/api/v1${path}` };
      });
      return c.json({ attention, server_time: context.now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/providers/{id}/events',
      summary: 'Hear when the figures of a provider change',
      request: { params: idParameters },
      responses: {
        200: {
          description:
            'A figures.snapshot at each beginning: read what you show. Then figures.changed, at most once a second, when something has happened to sessions, money, help requests, exceptions or webhook endpoints of the provider, with the ids of the sessions and help requests; is_complete is false where these are not all. Without event ids: there is nothing to go on after',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        default: problemWith(['PROVIDER_NOT_FOUND']),
      },
    }),
    async (c) => {
      const id = reachedProvider(c.get('credential'), c.req.valid('param').id)!;
      await findProvider(context, id);
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      const stream = streams.open({
        source: new DashboardSource(context, dashboards, id),
        lastId: 0,
        withSnapshot: true,
        credential: streamCredentialOf(c),
      });
      return c.body(stream, 200, streamHeaders);
    },
  );
}
