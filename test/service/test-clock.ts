import type { Timer } from '../../src/service/index.js';

/** A clock that stands still until it is moved, and timers that follow it. */
export class TestClock {
  #now: number;
  #timers = new Set<{ at: number; callback: () => void }>();

  /** @param now milliseconds since the epoch */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly timer: Timer = (callback, delayMs) => {
    const entry = { at: this.#now + delayMs, callback };
    this.#timers.add(entry);
    return () => this.#timers.delete(entry);
  };

  /** Moves on, and calls what has come due. */
  advance(seconds: number): void {
    this.#now += seconds * 1000;
    for (const entry of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (entry.at > this.#now || !this.#timers.delete(entry)) continue;
      entry.callback();
    }
  }
}
