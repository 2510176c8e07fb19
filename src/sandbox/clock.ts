import { parseDuration, type Duration } from './duration.js';

interface Timer {
  at: number;
  callback: () => void;
}

/** Timers of a runtime that keep a program from ending, unless they are told not to. */
type Handle = ReturnType<typeof setTimeout> & { unref?: () => void };

/** The longest that timers of a browser count, ms. */
const longestMs = 2 ** 31 - 1;

/**
 * The sandbox's clock: that of the device, and as much further as it was moved. What is due in between happens on the way, in its
 * order. Fake timers of a test library move it too, where they stand in place of `Date` and `setTimeout`.
 */
export class SandboxClock {
  readonly #base: () => number;
  readonly #settle: () => Promise<void>;
  #offsetMs = 0;
  /** While it is moved: the moment that it has come to. */
  #movedTo: number | undefined;
  readonly #timers = new Map<number, Timer>();
  #lastTimer = 0;
  #handle: Handle | undefined;
  /** One move at a time. */
  #moves: Promise<void> = Promise.resolve();

  /**
   * @param base ms since the epoch
   * @param settle resolves when all that follows from what has happened has happened too
   */
  constructor(base: () => number, settle: () => Promise<void>) {
    this.#base = base;
    this.#settle = settle;
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#movedTo ?? this.#base() + this.#offsetMs;

  /** Calls back once it is that much later by this clock. */
  readonly setTimeout = (callback: () => void, delayMs: number): number => {
    // As browsers do: what is no number, or does not fit 32 bits, is no delay at all.
    const delay = delayMs > 0 && delayMs <= longestMs ? delayMs : 0;
    this.#timers.set(++this.#lastTimer, { at: this.now() + delay, callback });
    this.#arm();
    return this.#lastTimer;
  };

  readonly clearTimeout = (timer: number | undefined): void => {
    if (this.#timers.delete(timer!)) this.#arm();
  };

  /**
   * Moves it, and does what falls due meanwhile, requests of controllers in its world included.
   * @param duration milliseconds, or a text such as `10m`, `90s`, `1h30m`
   */
  advance(duration: Duration): Promise<void> {
    const byMs = parseDuration(duration);
    return (this.#moves = this.#moves.then(() => this.#move(byMs)));
  }

  async #move(byMs: number): Promise<void> {
    const until = this.now() + byMs;
    await this.#settle();
    for (let next = this.#next(); next && next[1].at <= until; next = this.#next()) {
      this.#movedTo = Math.max(this.now(), next[1].at);
      this.#fire(next);
      await this.#settle();
    }
    this.#offsetMs = until - this.#base();
    this.#movedTo = undefined;
    this.#arm();
  }

  #next(): [id: number, timer: Timer] | undefined {
    let soonest: [number, Timer] | undefined;
    for (const entry of this.#timers) if (!soonest || entry[1].at < soonest[1].at) soonest = entry;
    return soonest;
  }

  #fire([id, { callback }]: [number, Timer]): void {
    this.#timers.delete(id);
    callback();
  }

  #arm(): void {
    clearTimeout(this.#handle);
    const next = this.#next();
    if (!next || this.#movedTo !== undefined) return;
    const delayMs = Math.min(longestMs, Math.max(0, next[1].at - this.now()));
    this.#handle = setTimeout(() => this.#run(), delayMs);
    // A program whose sandbox waits for something may end.
    this.#handle.unref?.();
  }

  #run(): void {
    const now = this.now();
    for (let next = this.#next(); next && next[1].at <= now; next = this.#next()) this.#fire(next);
    this.#arm();
  }
}
