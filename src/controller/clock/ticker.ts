/** Something that wants to be called at moments of its own. */
export interface TickTarget {
  /** Milliseconds until the next call is wanted; not negative. */
  nextTickMs(): number;
  tick(): void;
}

interface Timers {
  setTimeout(callback: () => void, delayMs: number): number;
  clearTimeout(timer: number | undefined): void;
}

/** Aimed at the boundary itself a timer may fire early and show a second twice. */
const pastBoundaryMs = 2;

/** One timer for any number of targets, set to the soonest moment that one of them waits for. */
export class Ticker {
  readonly #timers: Timers;
  readonly #targets = new Set<TickTarget>();
  #timer: number | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Calls the target until the returned function is called. */
  add(target: TickTarget): () => void {
    this.#targets.add(target);
    this.#arm();
    return () => {
      this.#targets.delete(target);
      this.#arm();
    };
  }

  #arm(): void {
    this.#timers.clearTimeout(this.#timer);
    const delaysMs = Array.from(this.#targets, (target) => target.nextTickMs() + pastBoundaryMs);
    if (delaysMs[0]) this.#timer = this.#timers.setTimeout(this.wake, Math.min(...delaysMs));
  }

  /** Calls all targets now: their time has come, or has passed without a timer that saw it. */
  readonly wake = (): void => {
    for (const target of this.#targets) target.tick();
    this.#arm();
  };
}
