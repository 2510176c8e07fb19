import { sql, type SelectQueryBuilder } from 'kysely';
import type { Environment } from '../../../protocol/environments.js';
import type { SessionStatus } from '../../../protocol/session.js';
import { isDue } from '../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../foundation/context.js';
import { isOfEnvironment } from '../../foundation/database/of-environment.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';
import { readSession, readSessionViews, type SessionView } from './session-view.js';

export interface SessionFilter {
  applicationId?: string | undefined;
  providerId?: string | undefined;
  /** Of a provider's applications, those for customers or those for tests; undefined is both. */
  environment?: Environment | undefined;
  userId?: string | undefined;
  status?: SessionStatus | undefined;
  /** Sold at this moment or later, ms since the epoch. */
  soldFrom?: number | undefined;
  /** Sold before this moment, ms since the epoch. */
  soldBefore?: number | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** What a list is ordered by. */
export type PlaceInList = Pick<SessionRow, 'id' | 'created_at'>;

/**
 * Sessions, newest first; what has come due to one of them is done first.
 * @returns the rows as they were found, to go on from, and the sessions as they stand.
 */
export async function listSessions(
  context: ServiceContext,
  filter: SessionFilter,
): Promise<{ rows: PlaceInList[]; sessions: SessionView[] }> {
  const rows = await findPage(context, filter);
  const ids = rows.map(({ id }) => id);
  const views = (await readSessionViews(context, ids)).filter((view) => view !== undefined);
  const now = context.now();
  const sessions = await Promise.all(
    views.map((view) => (isDue(view, now) ? readSession(context, view.id) : view)),
  );
  const { status } = filter;
  return { rows, sessions: sessions.filter((view) => status === undefined || view.status === status) };
}

/**
 * Each filter is the beginning of an index (`database/indexes.ts`) that holds the order too, so that a page costs what a
 * page holds. A customer has few sessions; a provider's are the newest of its applications' newest.
 */
function findPage({ kysely }: ServiceContext, filter: SessionFilter): Promise<PlaceInList[]> {
  const { applicationId, providerId, environment, userId, limit } = filter;
  const sessions = kysely.selectFrom('sessions').select(['id', 'created_at']);
  const applications = kysely
    .selectFrom('applications')
    .$if(providerId !== undefined, (all) => all.where('provider_id', '=', providerId!))
    .where(isOfEnvironment(environment))
    .$if(applicationId !== undefined, (all) => all.where('applications.id', '=', applicationId!));
  if (applicationId === undefined && providerId === undefined)
    return newest(userId === undefined ? sessions.where('id', '>', '') : sessions, filter).execute();
  if (userId !== undefined)
    return newest(sessions.where('application_id', 'in', applications.select('id')), filter).execute();
  return applications
    .innerJoinLateral(
      () => newest(sessions.whereRef('application_id', '=', sql.ref('applications.id')), filter).as('newest'),
      (join) => join.onTrue(),
    )
    .select(['newest.id', 'newest.created_at'])
    .orderBy('newest.created_at', 'desc')
    .orderBy('newest.id', 'desc')
    .limit(limit)
    .execute();
}

function newest(
  sessions: SelectQueryBuilder<Tables, 'sessions', PlaceInList>,
  { userId, status, soldFrom, soldBefore, after, limit }: SessionFilter,
) {
  return sessions
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId!))
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(soldFrom !== undefined, (query) => query.where('created_at', '>=', soldFrom!))
    .$if(soldBefore !== undefined, (query) => query.where('created_at', '<', soldBefore!))
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}
