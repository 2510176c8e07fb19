import type { Session } from '../session.js';
import { extensionOptions, type Purse } from './extension-prices.js';
import type { ApplicationTerms, SessionFacts } from './session-facts.js';
import { pauseSecondsLeft, remainingSeconds } from './session-times.js';

/** A session with what its application and its customer's wallet say about it. */
export type SessionWithTerms = SessionFacts &
  ApplicationTerms &
  Purse & {
    /** When it was looked at, ms since the epoch: whatever changed since then may not be in it. */
    read_at: number;
  };

const wholeSeconds = (instantMs: number | null) => (instantMs === null ? null : Math.floor(instantMs / 1000));

/** Whether a session does not stand as it did: its waiting, its time or its pause is over, and nobody has seen to it yet. */
export const isDue = (
  { waiting_until, due_at }: Pick<SessionFacts, 'waiting_until' | 'due_at'>,
  now: number,
) => (waiting_until ?? due_at ?? Infinity) <= now;

/** The session as it travels, as it stood at `read_at`: a later change has a later `server_time`. */
export function toSession(view: SessionWithTerms): Session {
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
    pause_seconds_left: pauseSecondsLeft(view, view, now),
    return_url: view.return_url,
    return_origins: view.return_origins,
    top_up_url: view.top_up_url,
    extension_options: extensionOptions(view, view, view),
    ended_at: wholeSeconds(view.ended_at),
    used_seconds: view.used_seconds,
    final_cost: view.final_cost,
    tokens_refunded: view.tokens_refunded,
  };
}
