import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ExtensionOption, Session } from '../../../protocol/session.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow, SessionRow } from '../../foundation/database/schema.js';
import { Gatherer } from '../../foundation/gatherer.js';
import { perService } from '../../foundation/per-service.js';
import { hasRoom } from './add-time.js';
import { advanceSession } from './advance.js';

type OfApplication = Pick<
  ApplicationRow,
  | 'provider_id'
  | 'allowed_origins'
  | 'return_origins'
  | 'extension_options'
  | 'max_duration_seconds'
  | 'max_extensions'
  | 'pausable'
  | 'max_pause_seconds'
  | 'top_up_url'
  | 'proof_of_possession'
>;

/** A session with what its application and its customer's wallet say about it. */
export type SessionView = SessionRow &
  OfApplication & {
    wallet_balance: number;
    extension_count: number;
    /** Whether the service sells for money at all. */
    takes_money: boolean;
    /** When it was asked for, ms since the epoch: whatever changed since then may not be in it. */
    read_at: number;
  };

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

/** Whether a session does not stand as it did: its waiting, its time or its pause is over, and nobody has seen to it yet. */
export const isDue = ({ waiting_until, due_at }: SessionRow, now: number): boolean =>
  (waiting_until ?? due_at ?? Infinity) <= now;

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

/** Seconds left to the session at that moment, rounded up; all of them before it starts, 0 once it is over. */
export function remainingSeconds(row: SessionRow, now: number): number {
  if (isFinal(row.status)) return 0;
  if (row.started_at === null) return row.duration_limit_seconds;
  return Math.max(0, Math.ceil((row.deadline_at - (row.paused_at ?? now)) / 1000));
}

/** Whole seconds of pause that are left to the session at that moment. */
function pauseSecondsLeft(view: SessionView, now: number): number {
  if (!view.pausable || isFinal(view.status)) return 0;
  const left =
    view.status === 'paused' ? (view.due_at! - now) / 1000 : view.max_pause_seconds - view.pause_seconds_used;
  return Math.max(0, Math.ceil(left));
}

function extensionOptions(view: SessionView): ExtensionOption[] {
  // Who waits is sold nothing more: all of it would have to go back if nobody comes.
  if (view.status === 'waiting' || isFinal(view.status)) return [];
  const offers = view.extension_options.filter(({ tokens }) => tokens !== null || view.takes_money);
  return offers.map(({ additional_seconds, tokens, money }) => {
    const option = { additional_seconds, tokens };
    if (!hasRoom(view, view, view.extension_count, additional_seconds))
      return { ...option, available: false, unavailable_reason: 'EXTENSION_LIMIT_REACHED' };
    const priced = { ...option, ...(money && view.takes_money && { money }) };
    if (tokens !== null && tokens > view.wallet_balance)
      return { ...priced, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' };
    return { ...priced, available: true };
  });
}

const wholeSeconds = (instantMs: number | null) => (instantMs === null ? null : Math.floor(instantMs / 1000));

/** The session as it travels, as it stood at `read_at`: a later change has a later `server_time`. */
export function toSession(view: SessionView): Session {
  const now = view.read_at;
  return {
    id: view.id,
    revision: view.revision,
    status: view.status,
    user_id: view.user_id,
    provider_id: view.provider_id,
    application_id: view.application_id,
    tokens_allocated: view.tokens_allocated,
    duration_limit_seconds: view.duration_limit_seconds,
    created_at: Math.floor(view.created_at / 1000),
    started_at: wholeSeconds(view.started_at),
    waiting_until: wholeSeconds(view.waiting_until),
    expires_at: view.status === 'paused' || view.started_at === null ? null : wholeSeconds(view.deadline_at),
    remaining_seconds: remainingSeconds(view, now),
    pause_ends_at: view.status === 'paused' ? Math.ceil(view.due_at! / 1000) : null,
    paused_by: view.status === 'paused' && view.paused_by_at === view.paused_at ? view.paused_by : null,
    pausable: view.pausable,
    pause_seconds_left: pauseSecondsLeft(view, now),
    return_url: view.return_url,
    return_origins: view.return_origins,
    top_up_url: view.top_up_url,
    extension_options: extensionOptions(view),
    ended_at: wholeSeconds(view.ended_at),
    used_seconds: view.used_seconds,
    final_cost: view.final_cost,
    tokens_refunded: view.tokens_refunded,
  };
}
