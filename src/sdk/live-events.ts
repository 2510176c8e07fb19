import type { DashboardFrame } from '../protocol/dashboard.js';
import type { LiveEvent } from '../protocol/events.js';
import type { DeskFrame, HelpRequestFrame } from '../protocol/help-request.js';
import { signalEvent } from '../protocol/room.js';
import { ServerSentEvents } from '../protocol/server-sent-events.js';
import { MarketplaceError } from './errors.js';
import { sleep } from './in-time.js';
import { mayTryAgain, pauseMsAfter } from './retries.js';
import { StreamReader, type StreamOptions } from './stream-reader.js';
import type { Transport } from './transport.js';
import { fromWire, type FromWire } from './wire.js';

/** One event of a session, by `type`, with the whole session. */
export type SessionEvent = FromWire<LiveEvent>;

/** One event of a help request, by `type`, with the request as it stands. */
export type HelpRequestEvent = FromWire<HelpRequestFrame>;

/** What a helper’s desk shows: all of it at each beginning, and then what has become another. */
export type DeskEvent = FromWire<DeskFrame>;

/** News for a provider’s dashboard, by `type`. */
export type DashboardEvent = FromWire<DashboardFrame>;

/**
 * Reads live events until there are no more of them. What is lost on the way is taken up behind the last event; where events have
 * no ids, the stream begins anew, with a snapshot.
 * @throws {ApiError} where the service refuses it for good.
 */
export async function* readEvents<Event>(
  transport: Transport,
  path: string,
  { signal = new AbortController().signal }: StreamOptions = {},
): AsyncGenerator<Event, void, undefined> {
  let lastEventId = '';
  let pauseMs: number | undefined;
  for (let failures = 0; ;) {
    const reader = new StreamReader(signal);
    try {
      const headers = { Accept: 'text/event-stream', ...(lastEventId && { 'Last-Event-ID': lastEventId }) };
      const response = await reader.within(transport.open(path, headers, reader.signal));
      // It has ended and every event was sent.
      if (response.status === 204) return;
      const events = new ServerSentEvents(lastEventId);
      for await (const bytes of reader.read(response)) {
        for (const { type, data } of events.push(bytes)) {
          failures = 0;
          // What pages signal to each other is no event of the session.
          if (type === signalEvent) continue;
          yield fromWire({ ...(JSON.parse(data) as object), type }) as Event;
        }
        lastEventId = events.lastEventId;
        pauseMs = events.retryMs ?? pauseMs;
      }
      failures += 1;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SyntaxError) throw error;
      if (error instanceof MarketplaceError && !mayTryAgain(error, true)) throw error;
      failures += 1;
    } finally {
      reader.close();
    }
    await sleep(failures > 1 ? pauseMsAfter(failures, undefined) : (pauseMs ?? 1000), signal);
  }
}
