import { SessionError } from '../protocol/errors.js';
import type { Session } from '../protocol/session.js';

export type SessionState =
  'idle' | 'loading' | 'empty' | 'waiting' | 'active' | 'paused' | 'ending' | 'ended' | 'failed';
export type Connection = 'online' | 'reconnecting' | 'offline';
export type PendingCall = 'extend' | 'pause' | 'resume' | 'end';

/** A session as the page knows it. */
export interface SessionInPage extends Session {
  /** What its session token allows, as `validate` named it; missing where that is all that there is. */
  readonly allowed_operations?: readonly string[] | undefined;
}

/** All that a view needs to know. Replaced, never mutated; equal content keeps the same object. */
export interface SessionSnapshot {
  readonly state: SessionState;
  /** As the service last said. */
  readonly session: SessionInPage | null;
  /** By the service's clock, ms since the epoch; null while no time runs. */
  readonly deadline: number | null;
  /** The threshold passed last, seconds; null while time is plenty. */
  readonly warning: number | null;
  /** The threshold whose warning somebody has answered, in whichever tab; null while nobody has. */
  readonly answeredWarning: number | null;
  readonly connection: Connection;
  /** When the service is asked again while the connection is lost, by the device's clock, ms; null while it is not. */
  readonly retryAt: number | null;
  /** The change that the service has been asked for and has not answered. */
  readonly pending: PendingCall | null;
  /** Why the session failed, why the last change was refused, or what holds up the one that is pending. */
  readonly error: SessionError | null;
}

export const initialSnapshot: SessionSnapshot = {
  state: 'idle',
  session: null,
  deadline: null,
  warning: null,
  answeredWarning: null,
  connection: 'online',
  retryAt: null,
  pending: null,
  error: null,
};

/**
 * Something that can happen to a snapshot. Together they are the state machine of the page: here are those that the first
 * second needs, in `run/transitions.ts` the others.
 */
export interface Transition {
  /** The states in which it may happen. */
  readonly from: RegExp;
  /** What is another afterwards. */
  readonly change: Partial<SessionSnapshot>;
}

export const starting: Transition = {
  from: /idle|empty|ended|failed/,
  change: { ...initialSnapshot, state: 'loading' },
};

export const failing = (error: SessionError): Transition => ({
  from: /idle|loading|waiting|active|paused|ending/,
  change: { state: 'failed', error, deadline: null, pending: null },
});

/** The service has said how the session stands. @param deadline null while no time runs. */
export const hearing = (
  session: SessionInPage,
  state: SessionState,
  deadline: number | null,
): Transition => ({
  from: /loading|waiting|active|paused|ending/,
  change: { session, state, deadline },
});

/** A request is over. @param error why it was refused. */
export const settling = (error: SessionError | null): Transition => ({
  from: /waiting|active|paused|ending|ended/,
  change: { pending: null, error },
});

/** The time is up; the service is asked for the result. */
export const timeUp: Transition = { from: /active|ending/, change: { state: 'ending' } };

/**
 * The only place where a snapshot is replaced.
 * @throws {SessionError} `CALL_REFUSED` where that may not happen in its state.
 */
export function reduce(snapshot: SessionSnapshot, { from, change }: Transition): SessionSnapshot {
  if (!from.test(snapshot.state)) throw new SessionError('CALL_REFUSED');
  const next = { ...snapshot, ...change };
  return JSON.stringify(next) === JSON.stringify(snapshot) ? snapshot : next;
}
