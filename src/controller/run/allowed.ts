import type { Operation } from '../../protocol/session-operations.js';
import type { SessionInPage } from '../snapshot.js';

/** A call of the controller, by name. */
export type CallName = 'pause' | 'resume' | 'extend' | 'end' | 'complete';

/** The operations that each call is one of; any of them lets it through. */
const operationsFor: Record<CallName, readonly Operation[]> = {
  pause: ['pause_session'],
  resume: ['pause_session'],
  extend: ['extend_session'],
  end: ['use_session', 'complete_session'],
  complete: ['complete_session'],
};

/** Whether the session token allows a call. Where the backend names no operations it allows all of them. */
export function isAllowed(session: SessionInPage | null, call: CallName): boolean {
  const allowed = session?.allowed_operations;
  return !Array.isArray(allowed) || operationsFor[call].some((operation) => allowed.includes(operation));
}
