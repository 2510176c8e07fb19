import { sql } from 'kysely';
import { createMiddleware } from 'hono/factory';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import type { HttpEnvironment } from './environment.js';

const allowedMethods = 'GET, POST, PUT, PATCH';
const allowedHeaders = 'Authorization, Content-Type, Idempotency-Key';
const exposedHeaders = 'Retry-After, Date, X-Request-Id';
const preflightMaxAgeSeconds = 600;

/** What anybody may read, from any page. */
const isPublic = (path: string) => /\/(keys\/public|\.well-known\/jwks\.json|openapi\.json)$/.test(path);

/**
 * Cross-origin requests (Fetch standard, CORS protocol). A preflight passes for the origins of any application: the token,
 * and with it the application, is not known yet. The request itself is held against its own application's list by
 * the authentication.
 */
export function cors(context: ServiceContext) {
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    const origin = c.req.header('origin');
    if (isPublic(c.req.path)) {
      c.header('Access-Control-Allow-Origin', '*');
      if (c.req.method === 'OPTIONS') return c.body(null, 204);
      return next();
    }
    if (c.req.method === 'OPTIONS' && origin !== undefined) {
      if (!(await isRegistered(context, origin))) throw new SessionError('ORIGIN_REFUSED');
      c.header('Vary', 'Origin');
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Allow-Methods', allowedMethods);
      c.header('Access-Control-Allow-Headers', allowedHeaders);
      c.header('Access-Control-Max-Age', String(preflightMaxAgeSeconds));
      return c.body(null, 204);
    }
    await next();
    c.header('Vary', 'Origin', { append: true });
    if (origin === undefined) return;
    // A page may read why it was refused, if it is one of ours at all.
    if (c.get('originAllowed') || (await isRegistered(context, origin))) {
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Expose-Headers', exposedHeaders);
    }
  });
}

async function isRegistered(context: ServiceContext, origin: string): Promise<boolean> {
  const found = await context.kysely
    .selectFrom('applications')
    .select('id')
    .where(sql<boolean>`allowed_origins @> ${JSON.stringify([origin])}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
