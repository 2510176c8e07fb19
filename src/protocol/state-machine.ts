import { SessionError } from './errors.js';
import type { SessionStatus } from './session.js';

/** What can be done to a session. */
export type SessionAction = 'start' | 'cancel' | 'pause' | 'resume' | 'extend' | 'complete' | 'expire';

/**
 * The session state machine, whole. A row is a status, a cell the status that an action leads to; an action that is
 * missing from a row is impossible there.
 */
export const sessionTransitions = {
  waiting: { start: 'active', cancel: 'cancelled' },
  active: { pause: 'paused', extend: 'active', complete: 'completed', expire: 'expired' },
  paused: { resume: 'active', extend: 'paused', complete: 'completed', expire: 'expired' },
  completed: {},
  expired: {},
  cancelled: {},
} as const satisfies Record<SessionStatus, Partial<Record<SessionAction, SessionStatus>>>;

/** Whether nothing can happen to the session any more. */
export function isFinal(status: SessionStatus): boolean {
  return Object.keys(sessionTransitions[status]).length === 0;
}

/**
 * The status that `action` leads to.
 * @throws {SessionError} `SESSION_ENDED` from a final status, `TRANSITION_REFUSED` where the table has no cell.
 */
export function nextStatus(status: SessionStatus, action: SessionAction): SessionStatus {
  const row: Partial<Record<SessionAction, SessionStatus>> = sessionTransitions[status];
  const next = row[action];
  if (next) return next;
  throw new SessionError(isFinal(status) ? 'SESSION_ENDED' : 'TRANSITION_REFUSED');
}
