import type { LiveEvent } from '../../protocol/events.js';
import { ServerSentEvents, type ServerSentEvent } from '../../protocol/server-sent-events.js';
import { parseJson } from './parse-json.js';
import { log } from '../log.js';
import { untilAborted } from '../until-aborted.js';
import type { SessionRun } from '../run/session-run.js';
import { accept } from '../run/answers.js';
import { circuitOf } from './circuit-breaker.js';
import { noteSilence } from './connection.js';
import { liveNewsOf } from './live-news.js';
import { pathInSession } from './http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { waitForNetwork } from './offline-queue.js';
import { pageOf } from '../page/browser-page.js';

/** A stream that says nothing for this long is broken: the service sends a comment every 15 s. ms */
const silenceMs = 40_000;
/** After this silence it is in doubt, and another request is to show whether the service is there. ms */
const doubtMs = 20_000;
/** After a break the pages of a service come back spread over this time, ms; twice as long after each failure. */
const spreadMs = 8000;
const longestSpreadMs = 64_000;

/** What the streams of a session have left for the next one. */
interface Place {
  lastEventId: string;
  /** How long the service wants its readers to stay away after a break, ms. */
  retryMs: number;
}

/**
 * Hears what happens to the session as it happens (server-sent events, HTML standard 9.2), for all tabs, while this one
 * leads. A stream that breaks is resumed behind its last event. Heartbeats go on beside it.
 */
export async function hearLiveEvents(run: SessionRun, term: AbortSignal): Promise<void> {
  const page = pageOf(run.world);
  const place: Place = { lastEventId: '', retryMs: 0 };
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
async function hear(run: SessionRun, term: AbortSignal, place: Place): Promise<'heard' | 'broken' | 'over'> {
  const { world, endpoint } = run;
  const stop = new AbortController();
  const abort = () => stop.abort();
  term.addEventListener('abort', abort, { signal: stop.signal });
  // The line of a network that was left says nothing for long.
  lifecycleOf(run).listen((news) => (news === 'online' || news === 'resumed') && abort(), stop.signal);
  let watchdog: number | undefined;
  const doubt = () => {
    watchdog = world.setTimeout(abort, silenceMs - doubtMs);
    noteSilence(run, 2);
    lifecycleOf(run).tell('asked');
  };
  const touch = () => {
    world.clearTimeout(watchdog);
    watchdog = world.setTimeout(doubt, doubtMs);
  };
  let outcome: 'heard' | 'broken' = 'broken';
  try {
    touch();
    const path = pathInSession(run, '/events');
    const headers: Record<string, string> = {
      Accept: 'text/event-stream',
      ...(place.lastEventId && { 'Last-Event-ID': place.lastEventId }),
    };
    const init = await run.requestInit({ method: 'GET', path, headers });
    const asked = world.fetch(endpoint + path, { ...init, signal: stop.signal });
    const { ok, status, body, headers: said } = await untilAborted(asked, stop.signal);
    // Not offered, or ended and all of it told.
    if (status === 404 || status === 204) return 'over';
    // The service knows nothing of that id: from the start.
    if (status === 400) place.lastEventId = '';
    const isStream = /^text\/event-stream\b/i.test(said.get('Content-Type') ?? '');
    if (!ok || !body || !isStream) return 'broken';
    const reader = body.getReader();
    const stream = new ServerSentEvents(place.lastEventId);
    const read = () => untilAborted(reader.read(), stop.signal);
    for (let chunk = await read(); !chunk.done; chunk = await read()) {
      touch();
      outcome = 'heard';
      for (const event of stream.push(chunk.value)) takeIn(run, event);
      place.lastEventId = stream.lastEventId;
      place.retryMs = stream.retryMs ?? place.retryMs;
    }
  } catch {
    // Cut, silent or refused: the next one is asked for.
  } finally {
    world.clearTimeout(watchdog);
    stop.abort();
  }
  return outcome;
}

/** Makes the session of an event the state of the page. What is no event of a session is passed over. */
function takeIn(run: SessionRun, { type, data }: ServerSentEvent): void {
  const { session, server_time, ...told } = (parseJson(data) ?? {}) as Partial<LiveEvent>;
  if (session?.id !== run.snapshot.session!.id) return;
  liveNewsOf(run).tell({ name: type, data: told });
  try {
    accept(run, session, { server_time });
  } catch (error) {
    log(run.options, 'warn', `a live event was passed over: ${String(error)}`);
  }
}
