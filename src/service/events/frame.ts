import type { Selectable } from 'kysely';
import type { Presence, SnapshotEvent } from '../../protocol/events.js';
import type { Session } from '../../protocol/session.js';
import type { OutboxTable } from '../database/schema.js';

/** How long a reader waits before it comes back after a break, ms. */
export const usualRetryMs = 3_000;
/** The line that says so (HTML standard, 9.2.5). */
export const retryLine = (retryMs: number) => `retry: ${retryMs}\n\n`;
/** A comment: keeps proxies from closing a quiet stream. */
export const keepAliveLine = ':\n\n';

interface Standing {
  session: Session;
  /** Milliseconds since the epoch. */
  serverTime: number;
}

/** An event of the outbox as a server-sent event, with the session as it stands now. */
export function eventFrame(event: Selectable<OutboxTable>, { session, serverTime }: Standing): string {
  return frame(event.id, event.type, {
    type: event.type,
    session_id: event.session_id,
    created_at: Math.floor(event.created_at / 1000),
    ...event.payload,
    session,
    server_time: serverTime,
  });
}

/** The first frame of a stream that goes on from the event of that id. */
export function snapshotFrame(id: number, { session, serverTime }: Standing, presence: Presence[]): string {
  return frame(id, 'session.snapshot', {
    type: 'session.snapshot',
    session_id: session.id,
    created_at: Math.floor(serverTime / 1000),
    session,
    server_time: serverTime,
    presence,
  } satisfies SnapshotEvent);
}

// JSON has no line ends outside of its own escapes: one data line each.
const frame = (id: number, type: string, data: object) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
