import type { Hono } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { HttpEnvironment } from './environment.js';
import { problemResponse } from './problem.js';

/**
 * Answers what no route takes: 404, or 405 with Allow where the path has other methods (RFC 9110, 15.5.6); and `OPTIONS`, which
 * asks for those methods.
 */
export function answerUnmatched(app: Hono<HttpEnvironment>): void {
  app.notFound((c) => {
    const methods = new Set(
      app.routes
        .filter(({ method, path }) => method !== 'ALL' && toPattern(path).test(c.req.path))
        .map(({ method }) => method),
    );
    if (methods.size === 0) return problemResponse(new SessionError('ROUTE_NOT_FOUND'), c.get('requestId'));
    if (methods.has('GET')) methods.add('HEAD');
    methods.add('OPTIONS');
    const response =
      c.req.method === 'OPTIONS'
        ? new Response(null, { status: 204 })
        : problemResponse(new SessionError('METHOD_NOT_ALLOWED'), c.get('requestId'));
    response.headers.set('Allow', [...methods].sort().join(', '));
    return response;
  });
}

const toPattern = (path: string) => {
  const escaped = path.replace(/[.]/g, '\\.').replace(/:[^/]+/g, '[^/]+');
  return new RegExp(`^(/api/v1)?${escaped.replace(/^\/api\/v1/, '')}$`);
};
