import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { errorCodes } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import { InvalidRequest } from '../invalid-request.js';
import { applicationRoutes } from '../routes/applications.js';
import { customerRoutes } from '../routes/customers.js';
import { healthRoute } from '../routes/health.js';
import { keyRoutes } from '../routes/keys.js';
import { sessionChangeRoutes } from '../routes/session-changes.js';
import { sessionCreateRoute } from '../routes/session-create.js';
import { sessionExtendRoutes } from '../routes/session-extend.js';
import { sessionLaunchRoute } from '../routes/session-launch.js';
import { sessionReadRoutes } from '../routes/session-reads.js';
import type { HeartbeatRecorder } from '../sessions/heartbeat.js';
import type { Authenticator } from './authentication.js';
import { cors } from './cors.js';
import type { HttpEnvironment } from './environment.js';
import { problemResponse, toSessionError } from './problem.js';
import { answerUnmatched } from './unmatched.js';

const basePath = '/api/v1';

/** Every path is also there without `/api/v1`. */
function getPath(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(`${basePath}/`) ? pathname : `${basePath}${pathname}`;
}

/** The HTTP application: what happens to each request, and all routes. */
export function createApplication(
  context: ServiceContext,
  authenticator: Authenticator,
  heartbeats: HeartbeatRecorder,
): OpenAPIHono<HttpEnvironment> {
  const app = new OpenAPIHono<HttpEnvironment>({
    getPath,
    defaultHook: (result) => {
      if (!result.success) throw new InvalidRequest(toFaults(result.error));
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
    // The older shape of a refused validation stays beside the problem.
    const more = c.req.path.endsWith('/sessions/validate') ? { valid: false, error: problem.code } : {};
    return problemResponse(problem, c.get('requestId'), more);
  });
  app.use(requestFrame(context), cors());
  app.use(
    bodyLimit({
      maxSize: context.limits.maxBodyBytes,
      onError: () => {
        throw new SessionError('BODY_TOO_LARGE');
      },
    }),
  );
  app.use(jsonOnly);

  applicationRoutes(app, context, authenticator);
  customerRoutes(app, context, authenticator);
  sessionCreateRoute(app, context, authenticator);
  sessionLaunchRoute(app, context, authenticator);
  sessionReadRoutes(app, context, authenticator);
  sessionChangeRoutes(app, context, authenticator, heartbeats);
  sessionExtendRoutes(app, context, authenticator);
  keyRoutes(app, context);
  healthRoute(app, context);
  describe(app, context);
  answerUnmatched(app);
  return app;
}

/** What every answer carries: the request's id, the service's time, and no place in a cache unless it says so. */
const requestFrame = (context: ServiceContext) =>
  createMiddleware<HttpEnvironment>(async (c, next) => {
    c.set('requestId', crypto.randomUUID());
    await next();
    c.header('X-Request-Id', c.get('requestId'));
    c.header('Date', new Date(context.now()).toUTCString());
    c.header('X-Content-Type-Options', 'nosniff');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });

/** A body of another type is refused, also where the route does not need one (RFC 9110, 15.5.16). */
const jsonOnly = createMiddleware<HttpEnvironment>(async (c, next) => {
  const type = c.req.header('content-type');
  const isJson = type === undefined || /^application\/json *(;|$)/i.test(type);
  const hasBody =
    Number(c.req.header('content-length') ?? 0) > 0 || c.req.header('transfer-encoding') !== undefined;
  if (hasBody && (!isJson || type === undefined)) throw new SessionError('CONTENT_TYPE_UNSUPPORTED');
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

function describe(app: OpenAPIHono<HttpEnvironment>, context: ServiceContext): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A session token, an application’s secret key or the operator key',
  });
  app.doc31(`${basePath}/openapi.json`, {
    openapi: '3.1.0',
    info: { title: 'marketplace-session', version: '1' },
    servers: [{ url: context.publicUrl }],
  });
}
