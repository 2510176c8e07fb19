import type { Operation } from '../../protocol/session-operations.js';
import { SessionError } from '../../protocol/errors.js';
import type { Marketplace } from '../marketplace.js';
import {
  answer,
  methodNotAllowed,
  problem,
  reportToConsole,
  type ReportError,
  type RouteHandler,
} from './handler.js';

/** Who asks, as your own login says. */
export interface SessionUser {
  /** The customer's id in the marketplace. */
  userId: string;
  /** The organization of a customer whom nobody knows yet; another one than before is refused. */
  organizationId?: string | undefined;
  /** One session of theirs; their newest live one by default. */
  sessionId?: string | undefined;
}

export interface SessionRouteOptions {
  /** With the application's secret key. */
  marketplace: Marketplace;
  /** Hears of what fails; `console.error` by default. */
  onError?: ReportError | undefined;
  /** How long the session token lives, seconds, 60 to 86 400; an hour by default. */
  expiresIn?: number | undefined;
  /** What the page may do; all of the session's operations by default. */
  allowedOperations?: Operation[] | undefined;
}

/** When to come back to a login that does not answer, where it says nothing of that. */
const usualRetryAfterSeconds = 5;

/**
 * Answers the tag's `session-token-url`: a session token for a signed-in customer, who comes back to a session that runs or has
 * none yet. 401 where nobody is signed in, 403 for other sites, 404 where the session that you name is over or another's, 502
 * where the service fails.
 * @param getUser reads your own login from the request; null where nobody is signed in. Where it throws, 500 is answered, and 503
 * (`Retry-After`) for a `SessionError` of `SERVICE_UNAVAILABLE`: whoever knows that is away, and not wrong.
 * @example
 * export const POST = createSessionRoute({ marketplace }, async (request) => {
 *   const user = await readLogin(request);
 *   return user && { userId: user.id };
 * });
 */
export function createSessionRoute(
  { marketplace, onError = reportToConsole, expiresIn, allowedOperations }: SessionRouteOptions,
  getUser: (request: Request) => SessionUser | null | Promise<SessionUser | null>,
): RouteHandler {
  const respond: RouteHandler = async (request) => {
    if (request.method !== 'POST') return methodNotAllowed('POST');
    // A form of another site would shut the customer's other browser out, or fill the list of tokens (fetch metadata).
    if (!['same-origin', 'same-site', 'none', null].includes(request.headers.get('sec-fetch-site')))
      return problem(403, 'ORIGIN_REFUSED', 'Only the pages of this site get a session token.');
    let user: SessionUser | null;
    try {
      user = await getUser(request);
    } catch (error) {
      onError(error);
      const isAway = error instanceof SessionError && error.code === 'SERVICE_UNAVAILABLE';
      if (!isAway) return problem(500, 'SERVICE_ERROR', 'The login could not be read.');
      const retryAfter = { 'Retry-After': String(error.retryAfterSeconds ?? usualRetryAfterSeconds) };
      return problem(503, error.code, 'The login does not answer just now.', retryAfter);
    }
    if (!user) return problem(401, 'CREDENTIAL_MISSING', 'Nobody is signed in.');
    try {
      const { userId, organizationId, sessionId } = user;
      const { sessionToken, expiresAt } = await marketplace.createSessionToken({
        externalUserId: userId,
        externalOrganizationId: organizationId,
        sessionId,
        expiresIn,
        allowedOperations,
      });
      return answer(200, { sessionToken, expiresAt: expiresAt.toISOString() });
    } catch (error) {
      if (error instanceof SessionError && ['SESSION_NOT_FOUND', 'SESSION_ENDED'].includes(error.code))
        return problem(404, 'SESSION_NOT_FOUND', 'That session is over, or there is none.');
      onError(error);
      return problem(502, 'SERVICE_UNAVAILABLE', 'The session service did not answer.');
    }
  };
  return async (request) => {
    const response = await respond(request);
    response.headers.set('Vary', 'Cookie, Authorization');
    return response;
  };
}
