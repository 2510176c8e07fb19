import type { SessionStatus } from '../../protocol/session.js';
import type { ServiceContext } from '../context.js';
import type { PageCursor } from '../page-cursor.js';
import { readSession, selectSessionViews, type SessionView } from './session-view.js';

export interface SessionFilter {
  applicationId?: string | undefined;
  providerId?: string | undefined;
  userId?: string | undefined;
  status?: SessionStatus | undefined;
  /** Sold at this moment or later, ms since the epoch. */
  soldFrom?: number | undefined;
  /** Sold before this moment, ms since the epoch. */
  soldBefore?: number | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/**
 * Sessions, newest first; what has come due to one of them is done first.
 * @returns the rows as they were found, to go on from, and the sessions as they stand.
 */
export async function listSessions(
  context: ServiceContext,
  { applicationId, providerId, userId, status, soldFrom, soldBefore, after, limit }: SessionFilter,
): Promise<{ rows: SessionView[]; sessions: SessionView[] }> {
  let query = selectSessionViews(context)
    .orderBy('sessions.created_at', 'desc')
    .orderBy('sessions.id', 'desc')
    .limit(limit);
  if (applicationId !== undefined) query = query.where('sessions.application_id', '=', applicationId);
  if (providerId !== undefined) query = query.where('applications.provider_id', '=', providerId);
  if (userId !== undefined) query = query.where('sessions.user_id', '=', userId);
  if (status !== undefined) query = query.where('sessions.status', '=', status);
  if (soldFrom !== undefined) query = query.where('sessions.created_at', '>=', soldFrom);
  if (soldBefore !== undefined) query = query.where('sessions.created_at', '<', soldBefore);
  if (after)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('sessions.created_at', 'sessions.id'), '<', tuple(after.createdAt, after.id)),
    );
  const rows = await query.execute();
  const now = context.now();
  const sessions = await Promise.all(
    rows.map((view) => (view.due_at !== null && view.due_at <= now ? readSession(context, view.id) : view)),
  );
  return { rows, sessions: sessions.filter((view) => status === undefined || view.status === status) };
}
