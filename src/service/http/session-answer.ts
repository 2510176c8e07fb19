import type { Context } from 'hono';
import type { SessionAnswer } from '../../protocol/api.js';
import type { ServiceContext } from '../context.js';
import { readSession, toSession, type SessionView } from '../sessions/session-view.js';
import { issueSessionToken, tokenExpiry } from '../tokens/issue.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { HttpEnvironment } from './environment.js';

/** The session as it stands after a change, with a fresh session token where the one that asked is too short. */
export async function answerSession(
  c: Context<HttpEnvironment>,
  context: ServiceContext,
  id: string,
): Promise<SessionAnswer> {
  const view = await readSession(context, id);
  const now = context.now();
  return { session: toSession(view, now), server_time: now, ...(await freshToken(c, context, view)) };
}

/** A session token, where the one that was presented would not outlive the session as it now is. */
export async function freshToken(
  c: Context<HttpEnvironment>,
  context: ServiceContext,
  view: SessionView,
): Promise<{ session_token?: string }> {
  const credential = c.get('credential');
  const isEnough = credential.kind !== 'session' || credential.expiresAt >= tokenExpiry(view);
  return isEnough || isFinal(view.status) ? {} : { session_token: await issueSessionToken(context, view) };
}
