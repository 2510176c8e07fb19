import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { except } from 'hono/combine';
import { createMiddleware } from 'hono/factory';
import { errorCodes } from '../protocol/error-codes.js';
import { SessionError } from '../protocol/errors.js';
import type { ServiceContext } from './foundation/context.js';
import { InvalidRequest } from './foundation/invalid-request.js';
import { descriptionRoutes } from './foundation/openapi/routes.js';
import { healthRoutes, type HealthOptions } from './foundation/http/health-routes.js';
import type { RateLimiter } from './foundation/rate-limits/rate-limiter.js';
import type { Authenticator } from './foundation/auth/authenticator.js';
import type { Feature } from './foundation/feature.js';
import { webhookBodies } from './features/webhooks/index.js';
import { limitBody } from './foundation/http/body-limit.js';
import { cors } from './foundation/http/cors.js';
import type { HttpEnvironment } from './foundation/http/environment.js';
import { canonicalPath } from './foundation/http/paths.js';
import { limitAddresses } from './foundation/http/rate-limit.js';
import { requestFrame } from './foundation/http/request-frame.js';
import { problemResponse, toSessionError } from './foundation/http/problem.js';
import { requireSingleMembers } from './foundation/http/single-members.js';
import { requireStorable } from './foundation/storable-text.js';
import { answerUnmatched } from './foundation/http/unmatched.js';

export interface ApplicationParts {
  features: readonly Feature[];
  authenticator: Authenticator;
  limiter: RateLimiter;
  health: HealthOptions;
}

/** The HTTP application: what happens to each request, and all routes. */
export function createApplication(
  context: ServiceContext,
  { features, authenticator, limiter, health }: ApplicationParts,
): OpenAPIHono<HttpEnvironment> {
  const app = new OpenAPIHono<HttpEnvironment>({
    getPath: (request) => canonicalPath(new URL(request.url).pathname),
    defaultHook: async (result, c) => {
      if (result.target === 'json') requireSingleMembers(await c.req.text());
      if (!result.success) throw new InvalidRequest(toFaults(result.error));
      requireStorable(result.data);
    },
  });
  const hasRawBody = ({ req }: Context<HttpEnvironment>) =>
    features.some(({ rawBodies }) => rawBodies?.test(`${req.method} ${req.path}`) ?? false);
  app.onError((error, c) => {
    const problem = toSessionError(error);
    // What is refused on purpose, such as while the service starts, is no failure and has no cause.
    const cause = problem.cause ?? (error === problem ? undefined : error);
    if (errorCodes[problem.code].status >= 500 && cause !== undefined) {
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
    const response = problemResponse(problem, c.get('requestId'), more);
    if (problem.code === 'CONTENT_TYPE_UNSUPPORTED')
      nameAccepted(response.headers, c.req.method, hasRawBody(c) ? '*/*' : 'application/json');
    return response;
  });
  app.use(requestFrame(context), cors(), limitAddresses(limiter));
  app.use(except(hasRawBody, limitBody(context.limits.maxBodyBytes), jsonOnly));

  for (const feature of features) feature.mount?.(app, authenticator);
  healthRoutes(app, context, authenticator, health);
  descriptionRoutes(app, context, webhookBodies);
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

/** What a body may be (RFC 9110, 15.5.16), in the field of each method (RFC 5789, 3.1; W3C Linked Data Platform, 7.1). */
function nameAccepted(headers: Headers, method: string, type: string): void {
  headers.set('Accept', type);
  headers.set('Accept-Encoding', 'identity');
  if (method === 'POST') headers.set('Accept-Post', type);
  if (method === 'PATCH') headers.set('Accept-Patch', type);
}

function toFaults(error: z.ZodError) {
  return error.issues.flatMap((issue) => {
    const pointer = issue.path
      .map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`)
      .join('');
    if (issue.code !== 'unrecognized_keys') return [{ pointer, message: issue.message }];
    return issue.keys.map((key) => ({ pointer: `${pointer}/${key}`, message: 'unknown field' }));
  });
}
