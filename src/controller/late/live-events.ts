import type { Session } from '../../protocol/session.js';
import type { SessionRun } from '../session-run.js';
import { circuitOf } from './circuit.js';
import { pathInSession } from './http-client.js';
import { lifecycleOf } from './lifecycle.js';
import { waitForNetwork } from './outbox.js';
import { pageOf } from './page.js';

/** A stream that says nothing for this long is broken: the service sends a comment every 15 s. ms */
const silenceMs = 40_000;
/** After a break the pages of a service come back spread over this time, ms; twice as long after each failure. */
const spreadMs = 8000;
const longestSpreadMs = 64_000;

/** Where a stream is resumed. */
interface Place {
  lastEventId: string;
}

/**
 * Hears what happens to the session as it happens (server-sent events, HTML standard 9.2), for all tabs, while this one
 * leads. A stream that breaks is resumed behind its last event. Heartbeats go on beside it.
 */
export async function hearLiveEvents(run: SessionRun, term: AbortSignal): Promise<void> {
  const page = pageOf(run.world);
  const place: Place = { lastEventId: '' };
  let spread = spreadMs;
  while (!term.aborted) {
    const outcome = page.isOnline ? await hear(run, term, place).catch(() => 'broken') : 'broken';
    if (outcome === 'over') return;
    spread = outcome === 'heard' ? spreadMs : Math.min(spread * 2, longestSpreadMs);
    await waitForNetwork(run, page.random() * spread, term);
    // A service that counts as lost is asked by heartbeats alone, and its streams follow them.
    while (circuitOf(run).isOpen && !term.aborted) await waitForNetwork(run, spreadMs, term);
  }
}

/** Hears until the stream ends. */
async function hear(run: SessionRun, term: AbortSignal, place: Place): Promise<'heard' | 'broken' | 'over'> {
  const { world, endpoint } = run;
  const stop = new AbortController();
  const abort = () => stop.abort();
  term.addEventListener('abort', abort, { signal: stop.signal });
  // The line of a network that was left says nothing for long.
  lifecycleOf(run).listen((news) => (news === 'online' || news === 'resumed') && abort(), stop.signal);
  let watchdog: number | undefined;
  const touch = () => {
    world.clearTimeout(watchdog);
    watchdog = world.setTimeout(abort, silenceMs);
  };
  try {
    touch();
    const path = pathInSession(run, '/events');
    const headers: Record<string, string> = {
      Accept: 'text/event-stream',
      ...(place.lastEventId && { 'Last-Event-ID': place.lastEventId }),
    };
    const init = await run.requestInit({ method: 'GET', path, headers });
    const { ok, status, body } = await world.fetch(endpoint + path, { ...init, signal: stop.signal });
    // Not offered, or ended and all of it told.
    if (status === 404 || status === 204) return 'over';
    // The service knows nothing of that id: from the start.
    if (status === 400) place.lastEventId = '';
    if (!ok || !body) return 'broken';
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      touch();
      const frames = (text + chunk.value).split(/\r?\n\r?\n/);
      text = frames.pop()!;
      for (const frame of frames) takeIn(run, place, frame);
    }
    return 'heard';
  } finally {
    world.clearTimeout(watchdog);
    stop.abort();
  }
}

/** Makes the session of an event the state of the page; the id is kept for the next stream. */
function takeIn(run: SessionRun, place: Place, frame: string): void {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(frame)?.[1];
  const data = field('data');
  if (data === undefined) return;
  const { session, server_time } = JSON.parse(data) as { session?: Session; server_time: number };
  if (session?.id === run.snapshot.session!.id) run.accept(session, { server_time });
  place.lastEventId = field('id') ?? place.lastEventId;
}
