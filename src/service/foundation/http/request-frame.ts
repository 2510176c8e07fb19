import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { Context } from 'hono';
import type { ServiceContext } from '../context.js';
import type { HttpEnvironment } from './environment.js';
import { probes } from './paths.js';
import { rateLimitFields } from './rate-limit.js';

/**
 * What every answer carries: the request's id, the service's time, what the rate limits left, and no place in a cache
 * unless it says so. And what is kept of it: a line in the log and a measurement, neither of which holds what was asked,
 * only which route it was.
 */
export const requestFrame = (context: ServiceContext) =>
  createMiddleware<HttpEnvironment>(async (c, next) => {
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    const startedAt = performance.now();
    await next();
    // Not by c.header(), which makes a new answer, with a stream for its body, each time that it is called here.
    const { headers } = c.res;
    headers.set('X-Request-Id', requestId);
    headers.set('Date', new Date(context.now()).toUTCString());
    headers.set('X-Content-Type-Options', 'nosniff');
    const quota = c.get('quota');
    // The name that the field's best known service gave it; the draft has none.
    if (c.get('isReplayed') && c.res.ok) headers.set('Idempotent-Replayed', 'true');
    if (quota) for (const [name, value] of Object.entries(rateLimitFields(quota))) headers.set(name, value);
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');

    const answered = {
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
    };
    context.metrics.request(answered);
    if (quota?.isOver) context.metrics.rateLimited(quota.policy);
    if (probes.includes(answered.route)) return;
    const { method, route, status, durationMs } = answered;
    context.logger.info('request', {
      request_id: requestId,
      method,
      route,
      status,
      duration_ms: durationMs,
      credential: c.get('credential')?.policy,
    });
  });

/** The route as it is described; what stood in the path is not kept. Empty where no route took the request. */
export function routeOf(c: Context<HttpEnvironment>): string {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return route?.path.replace(/:(\w+)/g, '{$1}') ?? '';
}
