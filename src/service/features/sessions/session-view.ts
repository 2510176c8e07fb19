import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { isDue, type SessionWithTerms } from '../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow, SessionRow } from '../../foundation/database/schema.js';
import { Gatherer } from '../../foundation/gatherer.js';
import { perService } from '../../foundation/per-service.js';
import { advanceSession } from './advance.js';

/** A session with what its application and its customer's wallet say about it. */
export type SessionView = SessionRow &
  Pick<ApplicationRow, 'allowed_origins' | 'proof_of_possession'> &
  SessionWithTerms;

/** The query of session views, to be sent at once; the caller adds which ones. */
export function selectSessionViews({ kysely, takesMoney, now }: ServiceContext) {
  return kysely
    .selectFrom('sessions')
    .innerJoin('applications', 'applications.id', 'sessions.application_id')
    .selectAll('sessions')
    .select([
      'applications.provider_id',
      'applications.allowed_origins',
      'applications.return_origins',
      'applications.extension_options',
      'applications.max_duration_seconds',
      'applications.max_extensions',
      'applications.pausable',
      'applications.max_pause_seconds',
      'applications.top_up_url',
      'applications.proof_of_possession',
    ])
    .innerJoin('accounts', (join) => join.on('accounts.id', '=', sql<string>`'wallet:' || sessions.user_id`))
    .select('accounts.balance as wallet_balance')
    .select([
      sql`(select count(*)::int from extensions
        where session_id = sessions.id and additional_seconds > taken_back_seconds)`.as('extension_count'),
      sql`${takesMoney}::boolean`.as('takes_money'),
      sql`${now()}::bigint`.as('read_at'),
    ])
    .$castTo<SessionView>();
}

/** Reads sessions by id, together with what others ask for at the same time. */
const viewsOf = perService(
  (context) => new Gatherer<string, SessionView | undefined>((ids) => readSessionViews(context, ids)),
);

/** The sessions of those ids, in their order, as they are in the database at that moment; undefined where there is none. */
export async function readSessionViews(
  context: ServiceContext,
  ids: readonly string[],
): Promise<(SessionView | undefined)[]> {
  const views = await selectSessionViews(context)
    .where(sql<boolean>`sessions.id = any(${[...new Set(ids)]}::text[])`)
    .execute();
  const byId = new Map(views.map((view) => [view.id, view]));
  return ids.map((id) => byId.get(id));
}

/**
 * The session as it stands now. What is due is done first, so that a passed deadline is never shown as time left.
 * @throws {SessionError} `SESSION_NOT_FOUND`
 */
export async function readSession(context: ServiceContext, id: string): Promise<SessionView> {
  let view = await viewsOf(context).ask(id);
  if (view && isDue(view, context.now())) {
    await advanceSession(context, id);
    view = await viewsOf(context).ask(id);
  }
  if (!view) throw new SessionError('SESSION_NOT_FOUND');
  return view;
}
