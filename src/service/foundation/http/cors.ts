import { createMiddleware } from 'hono/factory';
import type { HttpEnvironment } from './environment.js';

const allowedMethods = 'GET, POST, PUT, PATCH, DELETE';
const allowedHeaders =
  'Authorization, Content-Type, DPoP, Idempotency-Key, If-Match, Last-Event-ID, X-File-Name';
const exposedHeaders =
  'ETag, Idempotent-Replayed, Retry-After, RateLimit, RateLimit-Policy, Date, WWW-Authenticate, X-Request-Id, Content-Disposition';
const preflightMaxAgeSeconds = 600;

/** What anybody may read, from any page; of a file whoever has its link. */
const isPublic = (path: string) =>
  /\/(keys\/public|\.well-known\/jwks\.json|openapi\.json)$|^\/api\/v1\/files\/[^/]+$/.test(path);

/**
 * Cross-origin requests (Fetch standard, CORS protocol). A preflight passes for every page: the token, and with it the
 * application, is not known yet, and no cookie is ever looked at. The request itself is held against its own
 * application's list by the authentication. Any page may read why it was refused, and nothing else.
 */
export function cors() {
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    const origin = c.req.header('origin');
    if (isPublic(c.req.path)) {
      c.header('Access-Control-Allow-Origin', '*');
      if (c.req.method === 'OPTIONS') return c.body(null, 204);
      return next();
    }
    if (c.req.method === 'OPTIONS' && origin !== undefined) {
      c.header('Vary', 'Origin');
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Allow-Methods', allowedMethods);
      c.header('Access-Control-Allow-Headers', allowedHeaders);
      c.header('Access-Control-Max-Age', String(preflightMaxAgeSeconds));
      return c.body(null, 204);
    }
    await next();
    // See requestFrame: not by c.header().
    const { headers } = c.res;
    headers.append('Vary', 'Origin');
    if (origin !== undefined && (c.get('originAllowed') || c.res.status >= 400)) {
      headers.set('Access-Control-Allow-Origin', origin);
      headers.set('Access-Control-Expose-Headers', exposedHeaders);
    }
  });
}
