import type { Kysely } from 'kysely';
import type { ServiceContext } from './context.js';
import { failureText } from './database/failures.js';
import type { Tables } from './database/schema.js';
import { inHalves } from './jobs/in-halves.js';

/** How long rows are gathered, ms: one write then stands for all of them. */
const gatherForMs = 1_000;
/** So many at a time: what is new beyond that is lost. */
const mostGathered = 50_000;

export interface WriteBehindOptions<T> {
  /** Of what is written, for the log and the metrics: `heartbeat`. */
  name: string;
  write(kysely: Kysely<Tables>, rows: readonly T[]): Promise<void>;
  /** The session of a row, which the log names. */
  sessionOf(row: T): string;
}

/** Writes what nobody is harmed by losing a second of, a little later and many rows at once: no request waits for it. */
export class WriteBehind<T> {
  readonly #context: ServiceContext;
  readonly #options: WriteBehindOptions<T>;
  #gathered = new Map<string, T>();
  #cancelTimer: (() => void) | undefined;

  constructor(context: ServiceContext, options: WriteBehindOptions<T>) {
    this.#context = context;
    this.#options = options;
  }

  /** @param key takes the place of what was recorded by it before and is not written yet. */
  record(key: string, row: T): void {
    if (this.#gathered.size >= mostGathered && !this.#gathered.has(key)) return;
    this.#gathered.set(key, row);
    this.#cancelTimer ??= this.#context.timer(() => void this.flush(), gatherForMs);
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const rows = [...this.#gathered.values()];
    if (rows.length === 0) return;
    this.#gathered = new Map();
    const { kysely, logger, metrics } = this.#context;
    const { name, write, sessionOf } = this.#options;
    try {
      await inHalves(
        rows,
        (part) => write(kysely, part),
        (row, error) => {
          metrics.workFailed(name);
          logger.error(`a ${name} could not be written`, {
            session_id: sessionOf(row),
            error: failureText(error),
          });
        },
      );
    } catch (error) {
      logger.error(`${name}s could not be written`, { error: String(error), count: rows.length });
    }
  }
}
