import { ServerSentEvents, type ServerSentEvent } from '../../protocol/server-sent-events.js';
import { untilAborted } from '../until-aborted.js';
import type { World } from '../world.js';

/** A stream that says nothing for this long is broken: the service sends a comment every 15 s. ms */
const silenceMs = 40_000;
/** After this silence it is in doubt. ms */
const doubtMs = 20_000;

/** What the streams of one subject have left for the next one. */
export interface StreamPlace {
  lastEventId: string;
  /** How long the service wants its readers to stay away after a break, ms. */
  retryMs: number;
}

export interface StreamReading {
  place: StreamPlace;
  /** Asks for the stream, by those headers; undefined where there is nothing to hear any more. */
  ask(headers: Record<string, string>): Promise<Response | undefined>;
  take(event: ServerSentEvent): void;
  /** It is there. */
  opened?(): void;
  /** It says nothing, and something else may show whether the service is there. */
  doubted?(): void;
}

/** How a stream came to its end: after it had said something, before that, or for good. */
export type StreamOutcome = 'heard' | 'broken' | 'over';

/**
 * Reads one stream of server-sent events (HTML standard, 9.2) until it ends, breaks or falls silent, or `stop` aborts.
 * @param stop is aborted at the end, whatever that is.
 */
export async function readStream(
  world: World,
  reading: StreamReading,
  stop: AbortController,
): Promise<StreamOutcome> {
  const { place } = reading;
  const { signal } = stop;
  let watchdog: number | undefined;
  const doubt = () => {
    watchdog = world.setTimeout(() => stop.abort(), silenceMs - doubtMs);
    reading.doubted?.();
  };
  const touch = () => {
    world.clearTimeout(watchdog);
    watchdog = world.setTimeout(doubt, doubtMs);
  };
  let outcome: StreamOutcome = 'broken';
  try {
    touch();
    const answer = await untilAborted(
      reading.ask({
        Accept: 'text/event-stream',
        ...(place.lastEventId && { 'Last-Event-ID': place.lastEventId }),
      }),
      signal,
    );
    if (!answer) return 'over';
    const { ok, status, body, headers } = answer;
    // The service knows nothing of that id: from the start.
    if (status === 400) place.lastEventId = '';
    const isStream = /^text\/event-stream\b/i.test(headers.get('Content-Type') ?? '');
    if (!ok || !body || !isStream) return 'broken';
    reading.opened?.();
    const reader = body.getReader();
    const stream = new ServerSentEvents(place.lastEventId);
    const read = () => untilAborted(reader.read(), signal);
    for (let chunk = await read(); !chunk.done; chunk = await read()) {
      touch();
      outcome = 'heard';
      for (const event of stream.push(chunk.value)) reading.take(event);
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
