import type { HeartbeatAnswer, HeartbeatRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { intervalSecondsOf, offers } from '../run/said.js';
import { errorMsOf } from '../clock/best-sample.js';
import type { SessionRun } from '../run/session-run.js';
import { failing } from '../snapshot.js';
import { stateOf } from '../run/transitions.js';
import { accept } from '../run/answers.js';
import { prepareToEnd, settle } from '../ending/bill.js';
import { askAroundBlock } from './blocked.js';
import { circuitOf } from './circuit-breaker.js';
import { tellConnection } from './connection.js';
import { isRefused, isUnavailable, send } from './http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { pageOf } from '../page/browser-page.js';
import { commonKnowledgeOf } from '../tabs/common-knowledge.js';
import { tabLineOf } from '../tabs/tab-line.js';

const path = '/heartbeat';
const defaultIntervalSeconds = 30;
/** How far the service's clock may be off before it is asked once more, ms. */
const wantedErrorMs = 5;
/** Heartbeats of many pages are spread over this part of the interval, either way. */
const jitter = 0.1;
/** What was asked less than this ago is not asked again because somebody looks, ms. */
const freshMs = 1000;

/**
 * One heartbeat: the answer corrects clock, deadline and session token. Where heartbeats are blocked, and the service is
 * there, its validation tells the same.
 */
export async function refresh(run: SessionRun): Promise<void> {
  try {
    await ask(run);
  } catch (error) {
    const answer = await askAroundBlock(run, path, error);
    if (!answer) throw error;
    const { session, ...said } = answer.body;
    if (session?.id === run.snapshot.session!.id)
      accept(run, session, said, { trip: answer, lookedAt: answer.sentAt });
  }
}

async function ask(run: SessionRun): Promise<void> {
  const { world, counts } = run;
  const metrics = offers(run, 'metrics') ? counts?.next() : undefined;
  const body: HeartbeatRequest = { timestamp: world.now(), active: pageOf(world).isVisible, metrics };
  const answer = await send<HeartbeatAnswer>(run, { method: 'POST', path, body }).catch(
    (error: SessionError) => {
      // What it counted is never what a heartbeat fails for.
      if (metrics && error.code === 'REQUEST_INVALID') counts!.taken(metrics);
      throw error;
    },
  );
  if (metrics) counts!.taken(metrics);
  const said = answer.body;
  const next_heartbeat_seconds = sensible(said.next_heartbeat_seconds, intervalSecondsOf(run));
  const { remaining_seconds, expires_at = null } = said;
  const session = run.snapshot.session!;
  const { status = session.status } = said;
  // The other side has ended it. The bill comes with the end, or is asked for first; without one it has ended too.
  if (stateOf(status) === 'ended' && said.session?.final_cost == null) await settle(run).catch(() => {});
  accept(
    run,
    said.session ?? { status, remaining_seconds, expires_at },
    { ...said, next_heartbeat_seconds },
    { trip: answer, lookedAt: answer.sentAt },
  );
  prepareToEnd(run);
}

/**
 * Keeps asking the service how things stand, for all tabs, while this one leads; at once when somebody comes back, the
 * network returns or time has jumped.
 * @param tellBeat tells the other tabs that a heartbeat leaves.
 */
export function startHeartbeat(run: SessionRun, term: AbortSignal, tellBeat: () => void): void {
  const { world, options, signal } = run;
  const page = pageOf(world);
  const circuit = circuitOf(run);
  const common = commonKnowledgeOf(run);
  let timer: number | undefined;
  let isUnderway = false;
  /** The network has changed, time has jumped, or somebody wants to know, since the heartbeat that is under way has left. */
  let isWantedAgain = false;

  /** Never less often than the service wants it, and as often as the page does. */
  const intervalMs = () => {
    const own = sensible(options.heartbeatSeconds, undefined);
    const wanted = sensible(intervalSecondsOf(run), own ?? defaultIntervalSeconds);
    return 1000 * Math.min(own ?? wanted, wanted);
  };
  const isLive = () => /waiting|active|paused/.test(run.snapshot.state);
  const beat = async () => {
    if (term.aborted || isUnderway) return;
    // While the time is up it is asked elsewhere.
    if (!isLive()) return arm(intervalMs());
    isUnderway = true;
    isWantedAgain = false;
    world.clearTimeout(timer);
    try {
      tellBeat();
      await refresh(run);
    } catch (error) {
      if (signal.aborted || !isLive() || !(error instanceof SessionError)) return;
      // Without a network that is no news of the service.
      if (isUnavailable(error) && page.isOnline) circuit.failed();
      if (isRefused(error)) {
        const hasBill =
          error.code === 'SESSION_ENDED' &&
          (await settle(run).then(
            () => true,
            () => false,
          ));
        if (!hasBill && !signal.aborted && isLive()) run.dispatch(failing(error));
      }
    } finally {
      isUnderway = false;
      if (isWantedAgain) void beat();
      else arm(intervalMs());
    }
  };
  const arm = (aboutMs: number) => {
    world.clearTimeout(timer);
    if (term.aborted) return;
    const delayMs = circuit.isOpen
      ? circuit.probeDelayMs(aboutMs, page.random())
      : aboutMs * (1 + jitter * (2 * page.random() - 1));
    const isLost = circuit.isOpen || run.snapshot.connection === 'reconnecting';
    if (isLost && page.isOnline) tellConnection(run, 'reconnecting', world.now() + delayMs);
    timer = world.setTimeout(() => void beat(), delayMs);
  };
  const beatAnew = () => {
    isWantedAgain = isUnderway;
    void beat();
  };
  const beatUnlessFresh = () => {
    if (Math.abs(world.now() - common.beatAt) > freshMs) void beat();
  };
  lifecycleOf(run).listen((news) => {
    if (news === 'shown') beatUnlessFresh();
    if (news === 'online' || news === 'asked' || news === 'jumped') beatAnew();
  }, term);
  tabLineOf(run).on('refresh', beatAnew, term);
  term.addEventListener('abort', () => world.clearTimeout(timer));

  // A new leader goes on where the last one stopped; for the first, validation was the last.
  const isFirst = !common.beatAt;
  if (isFirst) common.beatAt = world.now();
  const sinceMs = world.now() - common.beatAt;
  const isOverdue = sinceMs < 0 || sinceMs > intervalMs() * (1 + jitter);
  // A first answer that was long on its way, with the browser's permission request in it, tells the time badly.
  if (isOverdue || (isFirst && errorMsOf(run.clock) > wantedErrorMs)) void beat();
  else arm(intervalMs() - sinceMs);
}

/** Nobody hammers a service because of a slip in an attribute or an answer. */
function sensible<Otherwise>(seconds: number | undefined, otherwise: Otherwise): number | Otherwise {
  return seconds! >= 1 && seconds! <= 86_400 ? seconds! : otherwise;
}
