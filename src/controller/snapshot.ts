import { SessionError } from '../protocol/errors.js';
import type { Session, SessionStatus } from '../protocol/session.js';

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

/** What can happen to a snapshot. */
export interface SnapshotActions {
  start: object;
  /** The service spoke; `serverTime` is when, ms since the epoch. */
  session: { session: SessionInPage; serverTime: number };
  /** The customer has no live session. */
  empty: object;
  fail: { error: SessionError };
  /** The service is asked for a change; `error` says what holds the request up. */
  request: { pending: PendingCall; error?: SessionError };
  /** The request is over; `error` says why it was refused. */
  settle: { error: SessionError | null };
  threshold: { warning: number | null };
  answer: { answeredWarning: number };
  /** The time is up; the service is asked for the result. */
  timeUp: object;
  connection: { connection: Connection; retryAt: number | null };
}

export type SnapshotActionType = keyof SnapshotActions;
export type SnapshotAction = {
  [T in SnapshotActionType]: { type: T } & SnapshotActions[T];
}[SnapshotActionType];

const whileLive = ['session', 'fail', 'request', 'settle', 'threshold', 'answer', 'connection'] as const;

/** The state machine of the page, whole: what may happen in each state. */
const possible = {
  idle: ['start', 'fail'],
  loading: ['session', 'empty', 'fail'],
  empty: ['start'],
  waiting: whileLive,
  active: [...whileLive, 'timeUp'],
  paused: whileLive,
  ending: ['session', 'fail', 'settle', 'connection', 'timeUp'],
  ended: ['start', 'settle'],
  failed: ['start'],
} as const satisfies Record<SessionState, readonly SnapshotActionType[]>;

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

const asked = ({ pending = null, error = null }: Partial<SessionSnapshot>): Partial<SessionSnapshot> => ({
  pending,
  error,
});

const changes: { [T in SnapshotActionType]: (action: SnapshotActions[T]) => Partial<SessionSnapshot> } = {
  start: () => ({ ...initialSnapshot, state: 'loading' }),
  session: ({ session, serverTime }) => {
    const state = stateOf(session.status);
    const deadline = deadlineOf(session, serverTime);
    // A deadline that is no number would never come.
    if (!state || (state === 'active' && !Number.isFinite(deadline)))
      throw new SessionError('ANSWER_INVALID');
    return { session, state, deadline: state === 'active' ? deadline : null };
  },
  empty: () => ({ state: 'empty' }),
  fail: ({ error }) => ({ state: 'failed', error, deadline: null, pending: null }),
  request: asked,
  settle: asked,
  threshold: ({ warning }) => ({ warning }),
  answer: ({ answeredWarning }) => ({ answeredWarning }),
  timeUp: () => ({ state: 'ending' }),
  connection: ({ connection, retryAt }) => ({ connection, retryAt }),
};

/**
 * The only place where a snapshot is replaced.
 * @throws {SessionError} `CALL_REFUSED` where the table has no such cell, `ANSWER_INVALID` where what the service said
 * makes no sense.
 */
export function reduce(snapshot: SessionSnapshot, action: SnapshotAction): SessionSnapshot {
  if (!(possible[snapshot.state] as readonly string[]).includes(action.type)) {
    throw new SessionError('CALL_REFUSED', {
      message: `${action.type} is not possible while ${snapshot.state}`,
    });
  }
  const change = (changes[action.type] as (action: SnapshotAction) => Partial<SessionSnapshot>)(action);
  const next = { ...snapshot, ...change };
  // Another warning is asked for itself; the answer of another tab may be here before the threshold is.
  if (next.warning !== snapshot.warning && next.warning !== next.answeredWarning) next.answeredWarning = null;
  return isSame(next, snapshot) ? snapshot : next;
}

/** Equal in content; only the session is an object whose content counts. */
function isSame(one: SessionSnapshot, other: SessionSnapshot): boolean {
  return (Object.keys(one) as (keyof SessionSnapshot)[]).every(
    (key) =>
      one[key] === other[key] ||
      (key === 'session' && JSON.stringify(one[key]) === JSON.stringify(other[key])),
  );
}
