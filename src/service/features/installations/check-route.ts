import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../../protocol/errors.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { requireReach } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { takeQuota } from '../../foundation/http/rate-limit.js';
import { answers, bearer, idParameters, optionalBody } from '../../foundation/http/route-shapes.js';
import { publicUrlSchema } from '../../foundation/http/url-schemas.js';
import type { RateLimiter } from '../../foundation/rate-limits/rate-limiter.js';
import type { WebhookNetwork } from '../webhooks/index.js';
import { checkPage } from './check-page.js';

const bodySchema = z.strictObject({
  page_url: publicUrlSchema
    .optional()
    .describe('A page on a registered origin; launch_url where nothing is said'),
});

const findingSchema = z
  .strictObject({
    cause: z
      .string()
      .describe('Stable, of docs/setup-checks.md')
      .openapi({ example: 'policy-refuses-service' }),
    blocks: z.boolean().describe('Whether sessions cannot work, or not safely; what is not, is advice'),
    means: z.string().describe('What is so').openapi({ example: 'The page comes without HTTPS.' }),
    mend: z.string().describe('What mends it').openapi({ example: 'Serve the page by https.' }),
    values: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe('What the two sentences name')
      .openapi({ example: { origin: 'https://app.example' } }),
  })
  .openapi('PageFinding');

const reportSchema = z
  .strictObject({
    page_url: z.string().openapi({ example: 'https://app.example/launch' }),
    ready: z.boolean().describe('Whether nothing blocks'),
    checks: z.array(
      z.strictObject({
        id: z.string().describe('Stable').openapi({ example: 'policy' }),
        title: z.string().openapi({ example: 'The policies of the page let the tag work' }),
        skipped: z
          .string()
          .nullable()
          .describe('Why it was not looked at; null where it was')
          .openapi({ example: 'the page does not come' }),
        findings: z.array(findingSchema),
      }),
    ),
    server_time: z.int().describe('Milliseconds since the epoch').openapi({ example: 1_767_225_600_000 }),
  })
  .openapi('PageReport');

/** `POST /applications/{id}/checks`: looks at the page of an application as somebody from outside. */
export function checkRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  { network, limiter }: { network: WebhookNetwork; limiter: RateLimiter },
): void {
  app.openapi(
    createRoute({
      tags: ['Applications'],
      security: bearer,
      method: 'post',
      path: '/api/v1/applications/{id}/checks',
      summary: 'Look at the page of an application from outside',
      middleware: allow(authenticator, 'installations.verify'),
      request: { params: idParameters, body: optionalBody(bodySchema) },
      responses: answers(reportSchema, 'What is wrong with it; nothing is changed', [
        'APPLICATION_NOT_FOUND',
        'PAGE_NOT_VISITED',
        'RATE_LIMITED',
      ]),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { page_url: pageUrl } = bodySchema.parse(c.req.valid('json') ?? {});
      const application = await context.kysely
        .selectFrom('applications')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      if (!application) throw new SessionError('APPLICATION_NOT_FOUND');
      const owners = { applicationId: id, providerId: application.provider_id };
      requireReach(c.get('credential'), owners, 'APPLICATION_NOT_FOUND');
      takeQuota(c, limiter, 'visits', `visits:${id}`);
      const report = await checkPage(context, network, application, pageUrl);
      return c.json({ ...report, server_time: context.now() }, 200);
    },
  );
}
