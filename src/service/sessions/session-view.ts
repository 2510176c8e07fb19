import { sql, type Kysely } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import type { ExtensionOption, Session } from '../../protocol/session.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { ServiceContext } from '../context.js';
import type { ApplicationRow, SessionRow, Tables } from '../database/schema.js';
import { advanceSession } from './advance.js';

type OfApplication = Pick<
  ApplicationRow,
  | 'provider_id'
  | 'allowed_origins'
  | 'extension_options'
  | 'max_duration_seconds'
  | 'pausable'
  | 'max_pause_seconds'
  | 'top_up_url'
>;

/** A session with what its application and its customer's wallet say about it. */
export type SessionView = SessionRow & OfApplication & { wallet_balance: number };

/** The query of session views; the caller adds which ones. */
export function selectSessionViews(kysely: Kysely<Tables>) {
  return kysely
    .selectFrom('sessions')
    .innerJoin('applications', 'applications.id', 'sessions.application_id')
    .selectAll('sessions')
    .select([
      'applications.provider_id',
      'applications.allowed_origins',
      'applications.extension_options',
      'applications.max_duration_seconds',
      'applications.pausable',
      'applications.max_pause_seconds',
      'applications.top_up_url',
    ])
    .innerJoin('accounts', (join) => join.on('accounts.id', '=', sql<string>`'wallet:' || sessions.user_id`))
    .select('accounts.balance as wallet_balance')
    .$castTo<SessionView>();
}

/**
 * The session as it stands now. What is due is done first, so that a passed deadline is never shown as time left.
 * @throws {SessionError} `SESSION_NOT_FOUND`
 */
export async function readSession(context: ServiceContext, id: string): Promise<SessionView> {
  const query = selectSessionViews(context.kysely).where('sessions.id', '=', id);
  let view = await query.executeTakeFirst();
  if (view && view.due_at !== null && view.due_at <= context.now()) {
    await advanceSession(context, id);
    view = await query.executeTakeFirst();
  }
  if (!view) throw new SessionError('SESSION_NOT_FOUND');
  return view;
}

/** Seconds left to the session at that moment, rounded up; 0 once it is over. */
export function remainingSeconds(row: SessionRow, now: number): number {
  if (isFinal(row.status)) return 0;
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
  if (isFinal(view.status)) return [];
  return view.extension_options.map((option) => {
    const isTooLong = view.duration_limit_seconds + option.additional_seconds > view.max_duration_seconds;
    if (isTooLong) return { ...option, available: false, unavailable_reason: 'EXTENSION_LIMIT_REACHED' };
    if (option.tokens > view.wallet_balance)
      return { ...option, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' };
    return { ...option, available: true };
  });
}

const wholeSeconds = (instantMs: number | null) => (instantMs === null ? null : Math.floor(instantMs / 1000));

/** The session as it travels. */
export function toSession(view: SessionView, now: number): Session {
  return {
    id: view.id,
    status: view.status,
    user_id: view.user_id,
    provider_id: view.provider_id,
    application_id: view.application_id,
    tokens_allocated: view.tokens_allocated,
    duration_limit_seconds: view.duration_limit_seconds,
    created_at: Math.floor(view.created_at / 1000),
    started_at: wholeSeconds(view.started_at),
    expires_at: view.status === 'paused' ? null : wholeSeconds(view.deadline_at),
    remaining_seconds: remainingSeconds(view, now),
    pause_ends_at: view.status === 'paused' ? Math.ceil(view.due_at! / 1000) : null,
    pausable: view.pausable,
    pause_seconds_left: pauseSecondsLeft(view, now),
    return_url: view.return_url,
    top_up_url: view.top_up_url,
    extension_options: extensionOptions(view),
    ended_at: wholeSeconds(view.ended_at),
    used_seconds: view.used_seconds,
    final_cost: view.final_cost,
    tokens_refunded: view.tokens_refunded,
  };
}
