import { isPathSegment } from '../../protocol/path-segment.js';
import type { Session } from '../../protocol/session.js';
import { stateOf } from '../run/transitions.js';
import type { Connection, SessionInPage } from '../snapshot.js';

/** What the tabs of a session tell each other. Whole states, never differences; the newest counts (`late/answers.ts`). */
export interface TabMessages {
  /** A tab without a session asks for one; with one it asks how that stands. */
  hello: { sessionId?: string };
  /** How the session stands, in answer to `hello` and after each change. */
  state: {
    sessionId: string;
    session: SessionInPage;
    /** When the service said so, by its own clock, ms since the epoch. */
    saidAt: number;
    /** When the service was asked last how the session stands, by the device's clock, ms; missing in older releases. */
    lookedAt?: number;
    /** The service's clock at a moment of the device's, and by how much that may be off. ms */
    clock: { deviceAt: number; serverAt: number; errorMs: number };
    connection: Connection;
    retryAt: number | null;
    /** The threshold whose warning has been answered; 0 while none is. */
    answeredWarning: number;
    capabilities: readonly string[];
    /** When the last heartbeat left, as in `pulse`. */
    beatAt: number;
    /** Seconds between heartbeats, as the service wants them; 0 before it has said so. */
    intervalSeconds: number;
    /** Whether time stands still because nobody looked. */
    isPausedByHiding: boolean;
    /** Only of a session that is bound to this browser's key, and only where nothing of it is written down. */
    token?: string;
  };
  /** The tab that leads is alive. */
  pulse: {
    sessionId: string;
    /** Grows with each change of the lead; a lower one is of a tab that leads no more. */
    epoch: number;
    /** When the last heartbeat left, by the device's clock, ms. */
    beatAt: number;
  };
  /** What the tab that leads has heard live: the type of an event of the service, with ids and numbers. */
  event: { sessionId: string; name: string; data: object };
  /** What a tab has counted, for the tab that leads. */
  counts: { sessionId: string; counts: Readonly<Record<string, number>> };
  /** Asks the tab that leads to ask the service now. */
  refresh: { sessionId: string };
  /** The service has said that this session is nothing any more. */
  refused: { sessionId: string; code: string };
  /** Is anybody looking at this session? */
  'who-looks': { sessionId: string };
  looking: { sessionId: string };
  /** A tab without a session token asks for a request in its name. */
  request: {
    sessionId: string;
    id: string;
    method: string;
    path: string;
    body: object;
    idempotencyKey?: string;
  };
  response: {
    sessionId: string;
    id: string;
    status: number;
    text: string;
    retryAfter: string | null;
    sentAt: number;
    receivedAt: number;
  };
}

export type TabMessageType = keyof TabMessages;
export type TabMessage = { [T in TabMessageType]: { type: T } & TabMessages[T] }[TabMessageType];

/** One of each kind, by whose types what comes is judged. */
const samples: { [T in TabMessageType]: object } = {
  hello: {},
  state: {
    session: {},
    saidAt: 0,
    clock: {},
    connection: '',
    answeredWarning: 0,
    capabilities: [],
    beatAt: 0,
    intervalSeconds: 0,
    isPausedByHiding: true,
  },
  pulse: { epoch: 0, beatAt: 0 },
  event: { name: '', data: {} },
  counts: { counts: {} },
  refresh: {},
  refused: { code: '' },
  'who-looks': {},
  looking: {},
  request: { id: '', method: '', path: '', body: {} },
  response: { id: '', status: 0, text: '', sentAt: 0, receivedAt: 0 },
};

const isLike = (value: unknown, sample: unknown): boolean =>
  typeof value === typeof sample &&
  (typeof sample !== 'number' || Number.isFinite(value)) &&
  (typeof sample !== 'object' || (value !== null && Array.isArray(value) === Array.isArray(sample)));

/** What came over the line, where it has the shape of a message: anything on this origin may post there. */
export function readTabMessage(data: unknown): TabMessage | null {
  if (!isLike(data, {})) return null;
  const message = data as Record<string, unknown> & { type: TabMessageType; session: Session; clock: object };
  const { type, session, clock, sessionId } = message;
  const isWell =
    Object.hasOwn(samples, type) &&
    (type === 'hello' || isLike(sessionId, '')) &&
    Object.entries(samples[type]).every(([name, sample]) => isLike(message[name], sample)) &&
    (type !== 'state' ||
      (session.id === sessionId &&
        isPathSegment(sessionId) &&
        stateOf(session.status) &&
        Object.values(clock).filter(Number.isFinite).length === 3));
  return isWell ? (message as unknown as TabMessage) : null;
}
