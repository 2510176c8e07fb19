import type { HeartbeatAnswer, HeartbeatRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal, sessionTransitions } from '../../protocol/state-machine.js';
import { settle } from './bill.js';
import { isRefused, send } from './http-client.js';
import { pageOf } from './page.js';
import type { SessionRun } from '../session-run.js';

const defaultIntervalSeconds = 30;
/** How far the service's clock may be off before it is asked once more, ms. */
const wantedErrorMs = 5;
/** Failures in a row after which the connection counts as lost. */
const failuresUntilLost = 3;
/** Heartbeats of many pages are spread over this part of the interval, either way. */
const jitter = 0.1;

/** One heartbeat: the answer corrects clock, deadline and session token. */
export async function refresh(run: SessionRun): Promise<HeartbeatAnswer> {
  const body: HeartbeatRequest = { timestamp: run.world.now(), active: pageOf(run.world).isVisible };
  const answer = await send<HeartbeatAnswer>(run, { method: 'POST', path: '/heartbeat', body });
  const said = answer.body;
  const { remaining_seconds, expires_at = null } = said;
  const session = run.snapshot.session!;
  const { status = session.status } = said;
  const accept = () => run.accept(said.session ?? { status, remaining_seconds, expires_at }, said, answer);
  if (Object.hasOwn(sessionTransitions, status) && isFinal(status)) {
    // The other side has ended it. The bill comes with the end, or is asked for first; without one it has ended too.
    if (said.session?.final_cost == null) await settle(run).catch(() => {});
    accept();
  } else if (run.snapshot.state !== 'ending' || remaining_seconds > 0) {
    accept();
  }
  return said;
}

/** Keeps asking the service how things stand, until the run is over; at once when the page comes back to the front. */
export function startHeartbeat(run: SessionRun): void {
  const { world, owner, options, signal } = run;
  const page = pageOf(world);
  let timer: number | undefined;
  let failures = 0;
  let intervalSeconds = sensible(options.heartbeatSeconds, defaultIntervalSeconds);
  let isUnderway = false;

  const isLive = () => ['waiting', 'active', 'paused'].includes(run.snapshot.state);
  const isOver = () => ['ended', 'failed'].includes(run.snapshot.state);
  const beat = async () => {
    if (isUnderway || !isLive()) return;
    isUnderway = true;
    try {
      const answer = await refresh(run);
      failures = 0;
      intervalSeconds = sensible(answer.next_heartbeat_seconds, intervalSeconds);
      if (isLive()) owner.dispatch({ type: 'connection', connection: 'online' });
    } catch (error) {
      if (signal.aborted || !isLive()) return;
      failures += 1;
      if (error instanceof SessionError && isRefused(error)) {
        const hasBill =
          error.code === 'SESSION_ENDED' &&
          (await settle(run).then(
            () => true,
            () => false,
          ));
        if (!hasBill && !signal.aborted && isLive()) owner.dispatch({ type: 'fail', error });
      } else if (
        failures >= failuresUntilLost &&
        !(error instanceof SessionError && error.code === 'ROUTE_NOT_FOUND')
      ) {
        // The page of a hotel's network is no answer of the service's; a backend that offers no heartbeat is well.
        owner.dispatch({ type: 'connection', connection: 'reconnecting' });
      }
    } finally {
      isUnderway = false;
    }
  };
  const arm = () => {
    const spread = 1 + jitter * (2 * page.random() - 1);
    timer = world.setTimeout(
      () => void beat().then(() => signal.aborted || isOver() || arm()),
      intervalSeconds * 1000 * spread,
    );
  };
  page.onReturn(() => void beat(), signal);
  signal.addEventListener('abort', () => world.clearTimeout(timer), { once: true });
  // A first answer that was long on its way, with the browser's permission request in it, tells the time badly.
  if (run.clock.errorMs > wantedErrorMs) void beat();
  arm();
}

/** Nobody hammers a service because of a slip in an attribute or an answer. */
function sensible(seconds: number | undefined, otherwise: number): number {
  return seconds! >= 1 && seconds! <= 86_400 ? seconds! : otherwise;
}
