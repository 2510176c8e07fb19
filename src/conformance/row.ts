import type { Backend } from './backend.js';
import type { SoldSession } from './sold-session.js';

export interface Probe {
  backend: Backend;
  /** A new session: at least ten minutes, with an extension that tokens buy, and tokens for five of them. */
  sell(): Promise<SoldSession>;
  /** A new session that waits for its start so many seconds at most; undefined where the run cannot sell one. */
  sellWaiting: ((waitingSeconds: number) => Promise<SoldSession>) | undefined;
  /** Speaks for the provider, whose server is the other side of a session. */
  secretKey: string | undefined;
}

/** What a row asks for is optional, and not there; the message says why. */
export class NotOffered extends Error {}

/** One line of the report. */
export interface Row {
  /** Stable: reports are compared by it. */
  name: string;
  /** What the protocol asks for. */
  asks: string;
  /** @throws {Violation} @throws {NotOffered} */
  check(probe: Probe): Promise<void>;
}
