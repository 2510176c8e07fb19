import type { Extension } from '../../protocol/api.js';
import type { ServiceContext } from '../context.js';
import { readSession, selectSessionViews, type SessionView } from './session-view.js';

/** Sessions, newest first; what has come due to one of them is done first. */
export async function listSessions(
  context: ServiceContext,
  filter: { applicationId?: string | undefined; userId?: string | undefined; limit: number },
): Promise<SessionView[]> {
  let query = selectSessionViews(context.kysely)
    .orderBy('sessions.created_at', 'desc')
    .orderBy('sessions.id')
    .limit(filter.limit);
  if (filter.applicationId !== undefined)
    query = query.where('sessions.application_id', '=', filter.applicationId);
  if (filter.userId !== undefined) query = query.where('sessions.user_id', '=', filter.userId);
  const views = await query.execute();
  const now = context.now();
  return Promise.all(
    views.map((view) => (view.due_at !== null && view.due_at <= now ? readSession(context, view.id) : view)),
  );
}

/** The extensions of a session, oldest first. */
export async function listExtensions(context: ServiceContext, sessionId: string): Promise<Extension[]> {
  const rows = await context.kysely
    .selectFrom('extensions')
    .select(['id', 'additional_seconds', 'tokens', 'created_at'])
    .where('session_id', '=', sessionId)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ ...row, created_at: Math.floor(row.created_at / 1000) }));
}
