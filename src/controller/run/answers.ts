import { parseSessionToken } from '../../protocol/session-token.js';
import type { RoundTrip } from '../network/http-request.js';
import type { SessionRun, TimedAnswer } from './session-run.js';
import type { SessionInPage } from '../snapshot.js';
import { perRun } from './per-run.js';
import { deadlineOf, said as saidOf } from './transitions.js';

/** What the service may still give a page whose time is up without the session going on, ms: its clock, or its end, may be late. */
const lateMs = 5000;
/** What the service says when it is asked how the session stands that long after the last word is newer, ms, whatever it counts. */
const surelyNewerMs = 10_000;

/** What is known of an answer beside what it says. */
interface Circumstances {
  /** When it travelled; left out where it tells nothing of the clock. */
  trip?: RoundTrip;
  /**
   * When the service was asked how the session stands, by the device's clock, ms since the epoch; 0 where it was not
   * asked that: what answers a change may be told a second time.
   */
  lookedAt?: number;
  /** Whether another tab heard it, and told this one. */
  isHandedOn?: boolean;
}

/** How the last word about a session came. */
interface LastWord {
  /** When it came, by the device's clock, ms since the epoch. */
  heardAt: number;
  /** As in `Circumstances`, the latest. */
  lookedAt: number;
  /** Called after each answer to this tab that has become the state of the page, with when it travelled. */
  onSaid: (trip: RoundTrip | undefined) => void;
}

export const lastWordOf = perRun(({ world }): LastWord => ({
  heardAt: world.now(),
  lookedAt: 0,
  onSaid: () => {},
}));

/**
 * Makes what the service said the state of the page, unless it has said something newer already. The order is that of
 * `revision`, and of the service's clock where a backend does not count: each instance has a clock of its own.
 */
export function accept(
  run: SessionRun,
  said: Partial<SessionInPage>,
  answer: TimedAnswer,
  { trip, lookedAt = 0, isHandedOn }: Circumstances = {},
): void {
  const { state } = run.snapshot;
  if (run.signal.aborted || state === 'ended' || state === 'failed') return;
  const heardAt = learn(run, answer, trip);
  // What has changed since a backend that tells no time was asked is not undone.
  const isUntimed = lookedAt && !answer.server_time;
  const saidAt = isUntimed ? run.clock.now() - (run.world.now() - lookedAt) : heardAt;
  const last = lastWordOf(run);
  const revision = said.revision ?? answer.revision;
  const session = { ...run.snapshot.session, ...said, ...(revision && { revision }) } as SessionInPage;
  const isNewer = lookedAt - last.heardAt > surelyNewerMs || !isOlder(run, revision, saidAt);
  const { session_token } = answer;
  if (session_token && isNewer && !isHandedOn) run.keepToken(session_token);
  else keepIfLonger(run, session_token, session.id);
  if (!isNewer) return;
  // A page that waits for its bill goes on waiting, unless there is time again.
  const isSpent =
    state === 'ending' &&
    session.status === 'active' &&
    deadlineOf(session, saidAt) - run.clock.now() <= lateMs;
  if (!isSpent) take(run, session, saidAt);
  last.heardAt = run.world.now();
  last.lookedAt = Math.max(last.lookedAt, lookedAt);
  if (!isHandedOn) last.onSaid(trip);
}

/**
 * Learns what an answer says beside the session.
 * @param trip when the answer travelled; left out where it tells nothing of the clock.
 * @returns when the service said so, by its own clock, ms since the epoch.
 */
export function learn(run: SessionRun, answer: TimedAnswer, trip?: RoundTrip): number {
  const { server_time } = answer;
  Object.assign(run.said, answer);
  const saidAt = +server_time!;
  if (saidAt && trip) run.clock.observe(trip.sentAt, trip.receivedAt, saidAt);
  return saidAt || run.clock.now();
}

/**
 * Makes it the state of the page. What a backend of the smaller, older call set leaves unsaid stays as it was.
 * @throws {SessionError} `ANSWER_INVALID` where it makes no sense, and then it counts for nothing.
 */
export const take = (run: SessionRun, session: Partial<SessionInPage>, saidAt: number): void =>
  run.take(saidOf({ ...(run.snapshot.session ?? unsaid), ...session } as SessionInPage, saidAt), saidAt);

const unsaid: Partial<SessionInPage> = {
  status: 'active',
  tokens_allocated: 0,
  duration_limit_seconds: 0,
  expires_at: null,
  pause_seconds_left: 0,
  extension_options: [],
  used_seconds: null,
  final_cost: null,
  tokens_refunded: null,
};

/** Whether the service has said something newer than this. */
function isOlder({ snapshot, saidAt: lastSaidAt }: SessionRun, revision: unknown, saidAt: number): boolean {
  const known = snapshot.session?.revision;
  return isRevision(known) && isRevision(revision) ? revision < known : saidAt < lastSaidAt;
}

const isRevision = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/**
 * Keeps a renewed session token that came with an answer which is not the newest, or not this tab's own, where it lives
 * longer than the present one: nobody is given it twice.
 */
export function keepIfLonger(run: SessionRun, token: unknown, sessionId: string): void {
  const { token: present } = run;
  if (typeof token !== 'string' || token === present) return;
  try {
    const { jti, exp } = parseSessionToken(token).claims;
    const isLonger = !present || exp > parseSessionToken(present).claims.exp;
    if (jti === sessionId && isLonger) run.keepToken(token);
  } catch {
    // None that could be used.
  }
}
