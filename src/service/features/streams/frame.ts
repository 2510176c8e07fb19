import { signalEvent, type SignalFrame } from '../../../protocol/room.js';
import type { EventRow } from '../../foundation/database/schema.js';

/** How long a reader waits before it comes back after a break, ms. */
export const usualRetryMs = 3_000;
/** The line that says so (HTML standard, 9.2.5). */
export const retryLine = (retryMs: number) => `retry: ${retryMs}\n\n`;
/** A comment: keeps proxies from closing a quiet stream. */
export const keepAliveLine = ':\n\n';

/** A server-sent event that nobody can go on after. JSON has no line ends outside of its own escapes: one data line each. */
const namedFrame = (name: string, data: object): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** Something as it stands. */
export const stateFrame = <T extends { type: string }>(data: T): string => namedFrame(data.type, data);

/** What the other side of a session has signalled. */
export const signalFrame = (data: SignalFrame): string => namedFrame(signalEvent, data);

/** The same with an id, after which its reader goes on. */
export const frame = <T extends { type: string }>(id: number, data: T): string =>
  `id: ${id}\n${stateFrame(data)}`;

/** An event as a server-sent event. @param more what is told beside it. */
export const eventFrame = ({ id, type, created_at, payload }: EventRow, more?: object): string =>
  frame(id, { type, created_at: Math.floor(created_at / 1000), ...payload, ...more });
