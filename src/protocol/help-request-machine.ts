import { SessionError } from './errors.js';
import type { HelpRequestStatus } from './help-request.js';

/** What can happen to a help request. */
export type HelpRequestAction =
  | 'authorize'
  | 'decline'
  | 'widen'
  | 'claim'
  | 'reopen'
  | 'wait'
  | 'start'
  | 'complete'
  | 'record'
  | 'cancel'
  | 'expire';

/**
 * The state machine of a help request, whole: a row is a status, a cell the status that an action leads to. What is missing
 * from a row is impossible there.
 */
export const helpRequestTransitions = {
  awaiting_payment: { authorize: 'open', cancel: 'cancelled', expire: 'expired' },
  open: { decline: 'open', widen: 'open', claim: 'claimed', cancel: 'cancelled', expire: 'expired' },
  claimed: { reopen: 'open', wait: 'claimed', start: 'in_progress', cancel: 'cancelled' },
  in_progress: { wait: 'in_progress', complete: 'completed' },
  completed: { record: 'completed' },
  cancelled: {},
  expired: {},
} as const satisfies Record<HelpRequestStatus, Partial<Record<HelpRequestAction, HelpRequestStatus>>>;

/**
 * The status that `action` leads to.
 * @throws {SessionError} `PAYMENT_NOT_AUTHORIZED`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`, `REQUEST_TAKEN`,
 * `REQUEST_TRANSITION_REFUSED`
 */
export function nextHelpRequestStatus(
  status: HelpRequestStatus,
  action: HelpRequestAction,
): HelpRequestStatus {
  const row: Partial<Record<HelpRequestAction, HelpRequestStatus>> = helpRequestTransitions[status];
  const next = row[action];
  if (next) return next;
  if (status === 'awaiting_payment') throw new SessionError('PAYMENT_NOT_AUTHORIZED');
  if (status === 'cancelled') throw new SessionError('REQUEST_CANCELLED');
  if (status === 'expired') throw new SessionError('REQUEST_EXPIRED');
  const isOfOpen = action in helpRequestTransitions.open && action !== 'cancel';
  throw new SessionError(isOfOpen ? 'REQUEST_TAKEN' : 'REQUEST_TRANSITION_REFUSED');
}
