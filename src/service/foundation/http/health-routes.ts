import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import { maxDisagreementMs } from '../database-clock.js';
import { allow, type Authenticator } from '../auth/authenticator.js';
import type { HttpEnvironment } from './environment.js';
import { answers, bearer, problemWith } from './route-shapes.js';
import { within } from '../within.js';

/** A database that does not answer within this is not there, ms. */
const databaseTimeoutMs = 2_000;

const answer = z.strictObject({ status: z.literal('ok') });

export interface HealthOptions {
  /** Whether the service has started, and is not on its way out. */
  isOpen(): boolean;
  /** How far the clock of this machine is ahead of the database's, ms; negative where it is behind. */
  clockDisagreementMs(): number;
  /** Whether everybody may read the metrics. */
  publicMetrics: boolean;
}

/** `/healthz`, `/readyz` and `/metrics`: for those who watch over the process, balance its load, and count. */
export function healthRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  { isOpen, clockDisagreementMs, publicMetrics }: HealthOptions,
): void {
  const common = { tags: ['Health'], method: 'get' as const };

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/healthz',
      summary: 'Ask whether the process works',
      responses: answers(answer, 'It does. A database that is away is no reason to start it anew'),
    }),
    (c) => c.json({ status: 'ok' as const }, 200),
  );

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/readyz',
      summary: 'Ask whether requests may be sent here',
      responses: answers(
        answer,
        'They may: the service has started, is not about to stop, its database answers, and their clocks agree',
      ),
    }),
    async (c) => {
      if (!isOpen()) throw new SessionError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 });
      await requireDatabase(context);
      if (Math.abs(clockDisagreementMs()) > maxDisagreementMs)
        throw new SessionError('SERVICE_UNAVAILABLE', {
          message: 'The clock of this machine and that of the database disagree.',
          retryAfterSeconds: 1,
        });
      return c.json({ status: 'ok' as const }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      path: '/api/v1/metrics',
      summary: 'Read what this instance counts',
      ...(publicMetrics ? {} : { security: bearer, middleware: allow(authenticator, 'metrics.read') }),
      responses: {
        200: {
          description: 'Metrics in the text format of Prometheus',
          content: { 'text/plain': { schema: z.string() } },
        },
        default: problemWith([]),
      },
    }),
    async (c) => {
      const { text, contentType } = await context.metrics.read();
      return c.text(text, 200, { 'Content-Type': contentType });
    },
  );
}

async function requireDatabase({ kysely }: ServiceContext): Promise<void> {
  try {
    await within(databaseTimeoutMs, sql`select 1`.execute(kysely));
  } catch (cause) {
    throw new SessionError('SERVICE_UNAVAILABLE', { cause, retryAfterSeconds: 1 });
  }
}
