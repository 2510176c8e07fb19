import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timer } from '../../../src/service/index.js';

interface Entry {
  at: number;
  callback: () => void;
}

/** Time that passes when the test says so, the same for pages and a real service: it waits for the service's work. */
export class SharedTime {
  now = Date.UTC(2026, 0, 1);
  /** Work that somebody does now, and that time waits for. */
  underway = 0;
  readonly #entries = new Map<number, Entry>();
  #last = 0;

  set(callback: () => void, delayMs: number): number {
    this.#entries.set(++this.#last, { at: this.now + Math.max(0, Math.ceil(delayMs)), callback });
    return this.#last;
  }

  clear(id: number | undefined): void {
    if (id !== undefined) this.#entries.delete(id);
  }

  /** For a service. */
  readonly timer: Timer = (callback, delayMs) => {
    const id = this.set(callback, delayMs);
    return () => this.clear(id);
  };

  /** Waits in this time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.set(resolve, ms));
  }

  /** Everything that follows from what has happened has happened too. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 6; quiet = this.underway ? 0 : quiet + 1) await nextTurn();
  }

  /** Lets time pass, timer after timer. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds * 1000;
    await this.settle();
    for (;;) {
      const [id, next] = [...this.#entries].reduce<[number, Entry | undefined]>(
        (soonest, entry) => (soonest[1] && soonest[1].at <= entry[1].at ? soonest : entry),
        [0, undefined],
      );
      if (!next || next.at > until) break;
      this.#entries.delete(id);
      this.now = Math.max(this.now, next.at);
      next.callback();
      await this.settle();
    }
    this.now = Math.max(this.now, until);
  }
}
