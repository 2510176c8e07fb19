interface Sample {
  offsetMs: number;
  delayMs: number;
}

/** Samples kept for the estimate. */
const sampleCount = 8;

/**
 * Tells the service's time from the device's clock. The offset is estimated from round trips (Cristian's method): the
 * sample with the least delay wins, and its error is at most half that delay.
 */
export class ServerClock {
  readonly #localNow: () => number;
  #samples: Sample[] = [];
  #offsetMs = 0;

  constructor(localNow: () => number) {
    this.#localNow = localNow;
  }

  /** Takes in one answer. All in ms since the epoch: sent and received by the device's clock, answered by the service's. */
  observe(sentAt: number, receivedAt: number, serverTime: number): void {
    const sample = { offsetMs: serverTime - (sentAt + receivedAt) / 2, delayMs: receivedAt - sentAt };
    const best = this.#best();
    // Further apart than both errors allow: the device's clock was changed, and the older samples speak of the old one.
    if (best && Math.abs(sample.offsetMs - best.offsetMs) > (sample.delayMs + best.delayMs) / 2 + 50) {
      this.#samples = [];
    }
    this.#samples = [sample, ...this.#samples].slice(0, sampleCount);
    this.#offsetMs = this.#best()!.offsetMs;
  }

  /** The service's time, ms since the epoch. */
  now(): number {
    return this.#localNow() + this.#offsetMs;
  }

  /** The most that `now()` can be off, ms; 0 where the service does not tell its time. */
  get errorMs(): number {
    return (this.#best()?.delayMs ?? 0) / 2;
  }

  #best(): Sample | undefined {
    return this.#samples.reduce<Sample | undefined>(
      (best, sample) => (best && best.delayMs <= sample.delayMs ? best : sample),
      undefined,
    );
  }
}
