import type { Browser } from 'playwright-core';

/** One line of the table. */
export interface Row {
  /** Group and figure, as `tick: task time per tick`. Stable: later runs are compared by it. */
  name: string;
  value: number;
  unit: string;
  /** The most that it may be; null where the figure is there to read the others by. */
  target: number | null;
  /** The same figure of the peer, measured in the same run. */
  peer?: number;
}

/** What a benchmark measures with. */
export interface Bench {
  browser: Browser;
  /** How many rounds, rows or milliseconds of that many; a twentieth where the run is short. */
  sized(count: number): number;
  /** Says on the way what is being measured. */
  note(line: string): void;
}

/** A row or a group of rows, measured together. */
export interface Benchmark {
  /** For `--only`. */
  name: string;
  /** @throws where it could not measure; a missed target is no error. */
  measure(bench: Bench): Promise<Row[]>;
}

/** Whether the row keeps its target; one without a target has nothing to miss. */
export const isOk = ({ value, target }: Row): boolean => target === null || value <= target;

/** @throws where a row holds no figure: nothing was measured then. */
export function assertMeasured(rows: readonly Row[]): readonly Row[] {
  const empty = rows.find(({ value }) => !Number.isFinite(value));
  if (empty) throw new Error(`${empty.name}: ${empty.value}`);
  return rows;
}
