interface Timer {
  at: number;
  id: number;
  callback: () => void;
}

/** Timers that are due within this of each other happen before what follows from any of them, ms. */
const stepMs = 10;

/** A clock and timers for thousands of clients: time passes as fast as the work that falls into it gets done. */
export class VirtualTime {
  /** ms since the beginning. */
  now = 0;
  /** A binary heap, soonest first. */
  readonly #heap: Timer[] = [];
  readonly #waiting = new Set<number>();
  #lastId = 0;

  setTimeout = (callback: () => void, delayMs: number): number => {
    const timer = { at: this.now + Math.max(0, delayMs), id: ++this.#lastId, callback };
    this.#waiting.add(timer.id);
    this.#push(timer);
    return timer.id;
  };

  clearTimeout = (id: number | undefined): void => void (id !== undefined && this.#waiting.delete(id));

  /** Lets time pass until then, with all that falls into it. */
  async passUntil(at: number): Promise<void> {
    while (this.#heap[0] && this.#heap[0].at <= at) {
      const stepEnd = Math.min(at, this.#heap[0].at + stepMs);
      while (this.#heap[0] && this.#heap[0].at <= stepEnd) {
        const { at: dueAt, id, callback } = this.#pop();
        if (!this.#waiting.delete(id)) continue;
        this.now = Math.max(this.now, dueAt);
        callback();
      }
      // Whatever was promised is kept before time goes on.
      await new Promise(setImmediate);
    }
    this.now = at;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.push(timer) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isSooner(timer, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = timer;
  }

  #pop(): Timer {
    const heap = this.#heap;
    const [soonest] = heap as [Timer];
    const last = heap.pop()!;
    if (heap.length === 0) return soonest;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isSooner(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isSooner(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return soonest;
  }
}

const isSooner = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.id < other.id);
