import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import { errorCodes } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import { InvalidRequest } from '../invalid-request.js';
import { applicationRoutes } from '../routes/applications.js';
import { auditRoutes } from '../routes/audit-entries.js';
import { customerRoutes } from '../routes/customers.js';
import { descriptionRoutes } from '../routes/description.js';
import { healthRoutes, type HealthOptions } from '../routes/health.js';
import { keyRoutes } from '../routes/keys.js';
import { providerFigureRoutes } from '../routes/provider-figures.js';
import { providerRoutes } from '../routes/providers.js';
import { sessionChangeRoutes } from '../routes/session-changes.js';
import { sessionCreateRoute } from '../routes/session-create.js';
import { sessionEventsRoute } from '../routes/session-events.js';
import { sessionExtendRoutes } from '../routes/session-extend.js';
import { sessionLaunchRoute } from '../routes/session-launch.js';
import { sessionReadRoutes } from '../routes/session-reads.js';
import { stripeWebhookRoute } from '../routes/stripe-webhook.js';
import { webhookDeliveryRoutes } from '../routes/webhook-deliveries.js';
import { webhookEndpointRoutes } from '../routes/webhook-endpoints.js';
import type { RateLimiter } from '../rate-limits/rate-limiter.js';
import type { LiveEvents } from '../events/live-events.js';
import type { HeartbeatRecorder } from '../sessions/heartbeat.js';
import type { Authenticator } from './authentication.js';
import { limitBody } from './body-limit.js';
import { cors } from './cors.js';
import type { HttpEnvironment } from './environment.js';
import { canonicalPath } from './paths.js';
import { limitAddresses } from './rate-limit.js';
import { requestFrame } from './request-frame.js';
import { problemResponse, toSessionError } from './problem.js';
import { requireStorable } from './storable-text.js';
import { answerUnmatched } from './unmatched.js';

export interface ApplicationParts {
  authenticator: Authenticator;
  limiter: RateLimiter;
  heartbeats: HeartbeatRecorder;
  liveEvents: LiveEvents;
  health: HealthOptions;
}

/** The HTTP application: what happens to each request, and all routes. */
export function createApplication(
  context: ServiceContext,
  { authenticator, limiter, heartbeats, liveEvents, health }: ApplicationParts,
): OpenAPIHono<HttpEnvironment> {
  const app = new OpenAPIHono<HttpEnvironment>({
    getPath: (request) => canonicalPath(new URL(request.url).pathname),
    defaultHook: (result) => {
      if (!result.success) throw new InvalidRequest(toFaults(result.error));
      requireStorable(result.data);
    },
  });
  app.onError((error, c) => {
    const problem = toSessionError(error);
    if (errorCodes[problem.code].status >= 500) {
      const cause = problem.cause ?? error;
      context.logger.error('a request failed', {
        request_id: c.get('requestId'),
        code: problem.code,
        error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
      });
    }
    const more = {
      // The older shape of a refused validation stays beside the problem.
      ...(c.req.path.endsWith('/sessions/validate') && { valid: false, error: problem.code }),
      ...(problem.code.startsWith('PROOF_') && { server_time: context.now() }),
    };
    return problemResponse(problem, c.get('requestId'), more);
  });
  app.use(requestFrame(context), cors(), limitAddresses(limiter));
  app.use(limitBody(context.limits.maxBodyBytes));
  app.use(jsonOnly);

  providerRoutes(app, context, authenticator);
  providerFigureRoutes(app, context, authenticator);
  applicationRoutes(app, context, authenticator);
  customerRoutes(app, context, authenticator);
  sessionCreateRoute(app, context, authenticator);
  sessionLaunchRoute(app, context, authenticator);
  sessionReadRoutes(app, context, authenticator);
  sessionChangeRoutes(app, context, authenticator, heartbeats);
  sessionExtendRoutes(app, context, authenticator);
  stripeWebhookRoute(app, context);
  sessionEventsRoute(app, context, authenticator, liveEvents);
  webhookEndpointRoutes(app, context, authenticator);
  webhookDeliveryRoutes(app, context, authenticator);
  auditRoutes(app, context, authenticator);
  keyRoutes(app, context, authenticator);
  healthRoutes(app, context, authenticator, health);
  descriptionRoutes(app, context);
  answerUnmatched(app);
  return app;
}

/** A body of another type or coding is refused, also where the route does not need one (RFC 9110, 15.5.16). */
const jsonOnly = createMiddleware<HttpEnvironment>(async (c, next) => {
  const hasBody =
    Number(c.req.header('content-length') ?? 0) > 0 || c.req.header('transfer-encoding') !== undefined;
  const isJson = /^application\/json *(; *charset="?utf-8"? *)?$/i.test(c.req.header('content-type') ?? '');
  const isCoded = (c.req.header('content-encoding') ?? 'identity') !== 'identity';
  if (hasBody && (!isJson || isCoded)) throw new SessionError('CONTENT_TYPE_UNSUPPORTED');
  await next();
});

function toFaults(error: z.ZodError) {
  return error.issues.flatMap((issue) => {
    const pointer = issue.path
      .map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`)
      .join('');
    if (issue.code !== 'unrecognized_keys') return [{ pointer, message: issue.message }];
    return issue.keys.map((key) => ({ pointer: `${pointer}/${key}`, message: 'unknown field' }));
  });
}
