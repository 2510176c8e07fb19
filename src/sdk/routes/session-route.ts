import { parseSessionToken } from '../../protocol/session-token.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
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
  /** One session of theirs; their newest live one by default. */
  sessionId?: string | undefined;
}

export interface SessionRouteOptions {
  /** With the application's secret key. */
  marketplace: Marketplace;
  /** Hears of what fails; `console.error` by default. */
  onError?: ReportError | undefined;
}

/** Sessions that are looked through for a live one. */
const newestSessions = 20;

/**
 * Answers the tag's `session-token-url`: a session token for a signed-in customer who comes back to a session that runs.
 * 401 where nobody is signed in, 403 for other sites, 404 without a live session, 502 where the service fails.
 * @param getUser reads your own login from the request; null where nobody is signed in.
 * @example
 * export const POST = createSessionRoute({ marketplace }, async (request) => {
 *   const user = await readLogin(request);
 *   return user && { userId: user.id };
 * });
 */
export function createSessionRoute(
  { marketplace, onError = reportToConsole }: SessionRouteOptions,
  getUser: (request: Request) => SessionUser | null | Promise<SessionUser | null>,
): RouteHandler {
  const respond: RouteHandler = async (request) => {
    if (request.method !== 'POST') return methodNotAllowed('POST');
    // A form of another site would shut the customer's other browser out (fetch metadata).
    if (!['same-origin', 'same-site', 'none', null].includes(request.headers.get('sec-fetch-site')))
      return problem(403, 'ORIGIN_REFUSED', 'Only the pages of this site get a session token.');
    let user: SessionUser | null;
    try {
      user = await getUser(request);
    } catch (error) {
      onError(error);
      return problem(500, 'SERVICE_ERROR', 'The login could not be read.');
    }
    if (!user) return problem(401, 'CREDENTIAL_MISSING', 'Nobody is signed in.');
    try {
      const sessionId = await liveSessionOf(marketplace, user);
      if (sessionId === undefined)
        return problem(404, 'SESSION_NOT_FOUND', 'There is no live session of this customer.');
      const { sessionToken } = await marketplace.sessions.launch(sessionId);
      const { exp } = parseSessionToken(sessionToken).claims;
      return answer(200, { sessionToken, expiresAt: new Date(exp * 1000).toISOString() });
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

/** A session that is named is the customer's own, or none. */
async function liveSessionOf(
  marketplace: Marketplace,
  { userId, sessionId }: SessionUser,
): Promise<string | undefined> {
  if (sessionId !== undefined) {
    const { session } = await marketplace.sessions.retrieve(sessionId);
    return session.userId === userId ? session.id : undefined;
  }
  const list = marketplace.sessions.list({ userId, limit: newestSessions });
  return (await list).data.find(({ status }) => !isFinal(status))?.id;
}
