import type { Context } from 'hono';
import type { SessionAnswer } from '../../../../protocol/api.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { SessionCredential } from '../session-credential.js';
import { readSession, type SessionView } from '../session-view.js';
import { issueSessionToken } from '../tokens/issue.js';
import { isFinal } from '../../../../protocol/state-machine.js';
import { toSession } from '../../../../protocol/rules/session-view.js';
import { tokenExpiry } from '../../../../protocol/rules/session-times.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';

/** The session as it stands after a change, with a fresh session token where the one that asked is too short. */
export async function answerSession(
  c: Context<HttpEnvironment>,
  context: ServiceContext,
  id: string,
): Promise<SessionAnswer> {
  const view = await readSession(context, id);
  return { session: toSession(view), server_time: view.read_at, ...(await freshToken(c, context, view)) };
}

/** A session token is renewed in the last part of its life: 5 minutes, or a fifth of a life that is shorter than 25. */
const renewalSeconds = 300;
const renewalPart = 0.2;

/**
 * A session token, where the one that was presented would not outlive the session as it now is. Where the service issues
 * short-lived ones, only near the end of its life. It allows what that one allowed, and one for a user lives no longer than
 * it was issued for.
 */
export async function freshToken(
  c: Context<HttpEnvironment>,
  context: ServiceContext,
  view: SessionView,
): Promise<{ session_token?: string }> {
  const credential = c.get('credential');
  if (!(credential instanceof SessionCredential) || isFinal(view.status)) return {};
  const { issuedAt, expiresAt, grant } = credential;
  if (expiresAt >= (grant?.expiresAt ?? tokenExpiry(view, view))) return {};
  const leftSeconds = expiresAt - context.now() / 1000;
  const isEnding = leftSeconds <= Math.min(renewalSeconds, (expiresAt - issuedAt) * renewalPart);
  const isShortLived = Number.isFinite(context.limits.sessionTokenSeconds);
  return isShortLived && !isEnding ? {} : { session_token: await issueSessionToken(context, view, grant) };
}
