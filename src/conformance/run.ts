import { Backend } from './backend.js';
import { Violation } from './expect.js';
import { fullSet } from './full-set.js';
import type { Row } from './row.js';
import { smallerSet } from './smaller-set.js';
import { SoldSession } from './sold-session.js';

export type SetName = 'smaller' | 'full';

export interface ConformanceOptions {
  /** The address of the API, such as `https://market.example/api/v1`. */
  url: string;
  set: SetName;
  /** Sells a session and gives its session token; see `Probe.sell`. */
  sell(): Promise<string>;
  /** The name of one row, to look at that one alone. */
  only?: string;
}

export interface RowResult extends Pick<Row, 'name' | 'asks'> {
  /** Why it failed; null where it did not. */
  failure: string | null;
}

/** Holds a backend against the protocol, row by row; one that fails stops none of the others. */
export async function* runConformance({
  url,
  set,
  sell,
  only,
}: ConformanceOptions): AsyncGenerator<RowResult> {
  const backend = new Backend(url);
  const probe = { backend, sell: async () => new SoldSession(backend, await sell()) };
  const rows = set === 'full' ? [...smallerSet, ...fullSet] : smallerSet;
  for (const { name, asks, check } of rows.filter((row) => only === undefined || row.name === only)) {
    let failure: string | null = null;
    try {
      await check(probe);
    } catch (error) {
      failure = error instanceof Violation ? error.message : `the check could not be made: ${String(error)}`;
    }
    yield { name, asks, failure };
  }
}
