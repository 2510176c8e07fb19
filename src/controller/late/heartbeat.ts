import type { HeartbeatAnswer, HeartbeatRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { isRetryable, send } from './http-client.js';
import { pageOf } from './page.js';
import type { SessionRun } from '../session-run.js';

const defaultIntervalSeconds = 30;
/** Failures in a row after which the connection counts as lost. */
const failuresUntilLost = 3;
/** Heartbeats of many pages are spread over this part of the interval, either way. */
const jitter = 0.1;

/** One heartbeat: the answer corrects clock, deadline and session token. */
export async function refresh(run: SessionRun): Promise<HeartbeatAnswer> {
  const body: HeartbeatRequest = { timestamp: run.world.now(), active: pageOf(run.world).isVisible };
  const answer = await send<HeartbeatAnswer>(run, { method: 'POST', path: '/heartbeat', body });
  const said = answer.body;
  const { status, remaining_seconds, expires_at = null } = said;
  run.accept(said.session ?? { status, remaining_seconds, expires_at }, said, answer);
  return said;
}

/** Keeps asking the service how things stand, until the run is over; at once when the page comes back to the front. */
export function startHeartbeat(run: SessionRun): void {
  const { world, owner, options, signal } = run;
  const page = pageOf(world);
  let timer: number | undefined;
  let failures = 0;
  let intervalSeconds = atLeastOne(options.heartbeatSeconds, defaultIntervalSeconds);
  let isUnderway = false;

  const isLive = () => ['waiting', 'active', 'paused'].includes(run.snapshot.state);
  const beat = async () => {
    if (isUnderway || !isLive()) return;
    isUnderway = true;
    try {
      const answer = await refresh(run);
      failures = 0;
      intervalSeconds = atLeastOne(answer.next_heartbeat_seconds, intervalSeconds);
      if (isLive()) owner.dispatch({ type: 'connection', connection: 'online' });
    } catch (error) {
      if (signal.aborted || !isLive()) return;
      failures += 1;
      if (!(error instanceof SessionError) || isRetryable(error)) {
        if (failures >= failuresUntilLost) owner.dispatch({ type: 'connection', connection: 'reconnecting' });
      } else if (error.code !== 'ROUTE_NOT_FOUND') {
        // The service refuses the session for good; a backend that merely offers no heartbeat does not.
        owner.dispatch({ type: 'fail', error });
      }
    } finally {
      isUnderway = false;
    }
  };
  const arm = () => {
    const spread = 1 + jitter * (2 * page.random() - 1);
    timer = world.setTimeout(
      () => void beat().then(() => signal.aborted || arm()),
      intervalSeconds * 1000 * spread,
    );
  };
  page.onReturn(() => void beat(), signal);
  signal.addEventListener('abort', () => world.clearTimeout(timer), { once: true });
  arm();
}

/** Nobody hammers a service because of a slip in an attribute or an answer. */
function atLeastOne(seconds: number | undefined, otherwise: number): number {
  return seconds! >= 1 ? seconds! : otherwise;
}
