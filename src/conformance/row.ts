import type { Backend } from './backend.js';
import type { SoldSession } from './sold-session.js';

export interface Probe {
  backend: Backend;
  /** A new session: at least ten minutes, with an extension that tokens buy, and tokens for five of them. */
  sell(): Promise<SoldSession>;
}

/** One line of the report. */
export interface Row {
  /** Stable: reports are compared by it. */
  name: string;
  /** What the protocol asks for. */
  asks: string;
  /** @throws {Violation} */
  check(probe: Probe): Promise<void>;
}
