// For servers whose customers sign in with Supabase. Needs `@supabase/ssr` beside it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Marketplace } from '../marketplace.js';
import type { RouteHandler } from '../routes/handler.js';
import { toNodeHandler } from '../routes/node-handler.js';
import { createSessionRoute as createRoute, type SessionRouteOptions } from '../routes/session-route.js';
import { signedInUser, type SupabaseOptions, type SupabaseUser } from './signed-in-user.js';

export type { SupabaseOptions, SupabaseUser } from './signed-in-user.js';

type Extract<T> = (user: SupabaseUser, request: Request) => T | Promise<T>;

export interface SupabaseSessionRouteOptions
  extends SupabaseOptions, Omit<SessionRouteOptions, 'marketplace'> {
  /** One of the environment by default: `MARKETPLACE_SECRET_KEY`, `MARKETPLACE_API_URL`. */
  marketplace?: Marketplace | undefined;
  /** The customer's id in the marketplace: the user's in Supabase by default. Without one nobody is signed in. */
  extractUserId?: Extract<string | null | undefined> | undefined;
  /** The organization of a customer whom nobody knows yet. Never take it from `userMetadata`, which users write themselves. */
  extractOrganizationId?: Extract<string | undefined> | undefined;
  /** One session of theirs, such as one that the page's address names; their newest live one by default. */
  extractSessionId?: Extract<string | undefined> | undefined;
}

/**
 * Answers the tag's `session-token-url` for whoever is signed in with Supabase, by cookies or an `Authorization` header: 401
 * where nobody is, 403 for other sites, 503 (`Retry-After`) where Supabase does not answer, 500 where it is not set up, 502 where
 * the session service fails. What Supabase
 * refreshes on the way goes back to the browser with the answer.
 * @example
 * export const POST = createSessionRoute(); // app/api/session/route.ts of Next.js
 */
export function createSessionRoute(options: SupabaseSessionRouteOptions = {}): RouteHandler {
  const { extractUserId, extractOrganizationId, extractSessionId } = options;
  let marketplace = options.marketplace;
  return async (request) => {
    // Not before it is asked for: a build has no environment.
    marketplace ??= new Marketplace();
    const cookies: string[] = [];
    const route = createRoute({ ...options, marketplace }, async () => {
      const user = await signedInUser(request, options, (cookie) => cookies.push(cookie));
      if (!user) return null;
      const userId = extractUserId ? await extractUserId(user, request) : user.id;
      if (!userId) return null;
      return {
        userId,
        organizationId: await extractOrganizationId?.(user, request),
        sessionId: await extractSessionId?.(user, request),
      };
    });
    const response = await route(request);
    for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
    return response;
  };
}

/**
 * The same for Node's own servers: the Pages Router of Next.js, Express, NestJS.
 * @example
 * export default createSessionHandler(); // pages/api/session.ts of Next.js
 */
export const createSessionHandler = (
  options?: SupabaseSessionRouteOptions,
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) =>
  toNodeHandler(createSessionRoute(options));
