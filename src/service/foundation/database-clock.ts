import { sql, type Kysely } from 'kysely';
import type { Logger } from './context.js';
import type { Tables } from './database/schema.js';
import type { Timer } from './jobs/timer.js';

const measureEveryMs = 30_000;
/** After a measurement that failed, ms. */
const retryDelayMs = 1_000;
/** Measurements at the start: each narrows what is known. */
const firstMeasurements = 3;
/** A wall clock that has moved by so much against the steady one was set, or the machine slept, ms. */
const jumpMs = 500;
/** An instance whose wall clock is further off than this is no place for requests, ms. */
export const maxDisagreementMs = 1_000;

export interface DatabaseClockOptions {
  kysely: Kysely<Tables>;
  timer: Timer;
  logger: Logger;
  /** The clock of this machine, ms since the epoch. */
  wallClock: () => number;
}

/**
 * Time by the database's clock, which is one for all instances. Between two measurements it goes by the steady clock of
 * this machine, so that neither a wall clock that is wrong nor one that is set decides anything.
 */
export class DatabaseClock {
  readonly #options: DatabaseClockOptions;
  /** What is to be added to the steady clock, ms. */
  #offsetMs: number;
  /** The distance of the wall clock from the steady one at the last measurement, ms. */
  #wallOffsetMs: number;
  #cancelTimer = () => {};
  #isRunning = false;

  constructor(options: DatabaseClockOptions) {
    this.#options = options;
    this.#wallOffsetMs = this.#readWallOffset();
    this.#offsetMs = this.#wallOffsetMs;
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => {
    const hasJumped = Math.abs(this.#readWallOffset() - this.#wallOffsetMs) > jumpMs;
    if (this.#isRunning && hasJumped) void this.#remeasure();
    return Math.floor(performance.now() + this.#offsetMs);
  };

  /** How far the clock of this machine is ahead, ms; negative where it is behind. */
  get disagreementMs(): number {
    return this.#readWallOffset() - this.#offsetMs;
  }

  /** @throws where the database does not answer. */
  async start(): Promise<void> {
    for (let count = 0; count < firstMeasurements; count += 1) await this.#measure();
    this.#complain();
    this.#isRunning = true;
    this.#measureIn(measureEveryMs);
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer();
  }

  #readWallOffset(): number {
    return this.#options.wallClock() - performance.now();
  }

  /**
   * The database read its clock at some moment between question and answer. What agrees with that stays as it is; else
   * the middle is taken, which errs by half the round trip at most (Cristian's algorithm).
   */
  async #measure(): Promise<void> {
    this.#wallOffsetMs = this.#readWallOffset();
    // On a connection that is there already: waiting for one is no part of the round trip.
    await this.#options.kysely.connection().execute(async (db) => {
      const askedAt = performance.now();
      const { rows } = await sql<{ at: number }>`
        select (extract(epoch from clock_timestamp()) * 1000)::float8 as at`.execute(db);
      const answeredAt = performance.now();
      const { at } = rows[0]!;
      const isPossible = this.#offsetMs >= at - answeredAt && this.#offsetMs <= at - askedAt;
      if (!isPossible) this.#offsetMs = at - (askedAt + answeredAt) / 2;
    });
  }

  async #remeasure(): Promise<void> {
    this.#cancelTimer();
    try {
      await this.#measure();
      this.#complain();
      this.#measureIn(measureEveryMs);
    } catch {
      // The database is away: what is known holds until it is back.
      this.#measureIn(retryDelayMs);
    }
  }

  #measureIn(delayMs: number): void {
    if (!this.#isRunning) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.timer(() => void this.#remeasure(), delayMs);
  }

  #complain(): void {
    const aheadMs = Math.round(this.disagreementMs);
    if (Math.abs(aheadMs) > maxDisagreementMs)
      this.#options.logger.error('the clock of this machine and that of the database disagree', {
        ahead_ms: aheadMs,
      });
  }
}
