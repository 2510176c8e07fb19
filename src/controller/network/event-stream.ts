import type { LiveEvent } from '../../protocol/events.js';
import { signalEvent } from '../../protocol/room.js';
import type { ServerSentEvent } from '../../protocol/server-sent-events.js';
import { parseJson } from './parse-json.js';
import { log } from '../log.js';
import type { SessionRun } from '../run/session-run.js';
import { accept } from '../run/answers.js';
import { circuitOf } from './circuit-breaker.js';
import { noteSilence } from './connection.js';
import { liveNewsOf } from './live-news.js';
import { pathInSession } from './http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { waitForNetwork } from './offline-queue.js';
import { pageOf } from '../page/browser-page.js';
import { readStream, type StreamOutcome, type StreamPlace } from './read-stream.js';

/** After a break the pages of a service come back spread over this time, ms; twice as long after each failure. */
const spreadMs = 8000;
const longestSpreadMs = 64_000;

/**
 * Hears what happens to the session as it happens (server-sent events, HTML standard 9.2), for all tabs, while this one
 * leads. A stream that breaks is resumed behind its last event. Heartbeats go on beside it.
 */
export async function hearLiveEvents(run: SessionRun, term: AbortSignal): Promise<void> {
  const page = pageOf(run.world);
  const place: StreamPlace = { lastEventId: '', retryMs: 0 };
  let spread = spreadMs;
  while (!term.aborted) {
    const outcome = await hear(run, term, place);
    if (outcome === 'over') return;
    // One that has told something was good, however it ended.
    spread = outcome === 'heard' ? spreadMs : Math.min(spread * 2, longestSpreadMs);
    const retryMs = Math.min(place.retryMs, longestSpreadMs);
    await waitForNetwork(run, retryMs + page.random() * spread, term);
    // A service that counts as lost is asked by heartbeats alone, and its streams follow them.
    while (circuitOf(run).isOpen && !term.aborted) await waitForNetwork(run, spreadMs, term);
  }
}

/** Hears until the stream ends, or breaks. */
function hear(run: SessionRun, term: AbortSignal, place: StreamPlace): Promise<StreamOutcome> {
  const { world, endpoint } = run;
  const stop = new AbortController();
  const abort = () => stop.abort();
  term.addEventListener('abort', abort, { signal: stop.signal });
  // The line of a network that was left says nothing for long.
  lifecycleOf(run).listen((news) => (news === 'online' || news === 'resumed') && abort(), stop.signal);
  const ask = async (headers: Record<string, string>) => {
    const path = pathInSession(run, '/events');
    const init = await run.requestInit({ method: 'GET', path, headers });
    const answer = await world.fetch(endpoint + path, { ...init, signal: stop.signal });
    // Not offered, or ended and all of it told.
    return answer.status === 404 || answer.status === 204 ? undefined : answer;
  };
  // Another request is to show whether the service is there.
  const doubted = () => {
    noteSilence(run, 2);
    lifecycleOf(run).tell('asked');
  };
  return readStream(world, { place, ask, take: (event) => takeIn(run, event), doubted }, stop);
}

/** Makes the session of an event the state of the page. What is no event of a session is passed over. */
function takeIn(run: SessionRun, { type, data }: ServerSentEvent): void {
  const { session, server_time, ...told } = (parseJson(data) ?? {}) as Partial<LiveEvent>;
  // What the other side signals changes nothing of the session.
  if (type === signalEvent) return liveNewsOf(run).tell({ name: type, data: told });
  if (session?.id !== run.snapshot.session!.id) return;
  liveNewsOf(run).tell({ name: type, data: told });
  try {
    accept(run, session, { server_time });
  } catch (error) {
    log(run.options, 'warn', `a live event was passed over: ${String(error)}`);
  }
}
