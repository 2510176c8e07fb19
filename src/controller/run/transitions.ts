import { SessionError } from '../../protocol/errors.js';
import type { Session, SessionStatus } from '../../protocol/session.js';
import {
  hearing,
  type Connection,
  type PendingCall,
  type SessionInPage,
  type SessionSnapshot,
  type SessionState,
  type Transition,
} from '../snapshot.js';

const whileLive = /waiting|active|paused/;

const states: Record<SessionStatus, SessionState> = {
  waiting: 'waiting',
  active: 'active',
  paused: 'paused',
  completed: 'ended',
  expired: 'ended',
  cancelled: 'ended',
};

/** What a status of the service's is to the page; undefined where it is none. */
export const stateOf = (status: unknown): SessionState | undefined =>
  Object.hasOwn(states, status as string) ? states[status as SessionStatus] : undefined;

/** When the time of a session that runs is up, by what the service said at `serverTime`, ms since the epoch. */
export const deadlineOf = ({ expires_at, remaining_seconds }: Session, serverTime: number): number =>
  expires_at ? expires_at * 1000 : serverTime + remaining_seconds * 1000;

/**
 * The service has said at `serverTime`, ms since the epoch, how the session stands.
 * @throws {SessionError} `ANSWER_INVALID` where that makes no sense.
 */
export function said(session: SessionInPage, serverTime: number): Transition {
  const state = stateOf(session.status);
  const deadline = deadlineOf(session, serverTime);
  // A deadline that is no number would never come.
  if (!state || (state === 'active' && !Number.isFinite(deadline))) throw new SessionError('ANSWER_INVALID');
  return hearing(session, state, state === 'active' ? deadline : null);
}

/** The customer has no live session. */
export const emptying: Transition = { from: /loading/, change: { state: 'empty' } };

/** The service is asked for a change. @param error what holds the request up. */
export const requesting = (pending: PendingCall, error: SessionError | null = null): Transition => ({
  from: whileLive,
  change: { pending, error },
});

/** Another warning is asked for itself; the answer of another tab may be here before the threshold is. */
export const warningOf = (
  { warning: before, answeredWarning }: SessionSnapshot,
  warning: number | null,
): Transition => ({
  from: whileLive,
  change: {
    warning,
    answeredWarning: warning === before || warning === answeredWarning ? answeredWarning : null,
  },
});

/** Somebody has answered the warning, in whichever tab. */
export const answering = (answeredWarning: number): Transition => ({
  from: whileLive,
  change: { answeredWarning },
});

/** @param retryAt when the service is asked again while the connection is lost, by the device's clock, ms. */
export const connecting = (connection: Connection, retryAt: number | null): Transition => ({
  from: /waiting|active|paused|ending/,
  change: { connection, retryAt },
});
