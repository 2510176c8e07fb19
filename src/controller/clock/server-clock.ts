import type { World } from '../world.js';

interface Sample {
  offsetMs: number;
  delayMs: number;
}

/** Samples kept for the estimate. */
const sampleCount = 8;
/** A difference of the device's two clocks that is no slow correction any more, ms. */
const jumpMs = 20;

/**
 * Tells the service's time from the device's clocks. The offset is estimated from round trips (Cristian's method): the
 * sample with the least delay wins, and its error is at most half that delay.
 *
 * The wall clock is set back and forth by people, the monotonic one may stand still while the device sleeps. What is
 * later of the two is taken: a clock that is set back changes nothing, and after a sleep the first look is right.
 */
export class ServerClock {
  readonly #device: Pick<World, 'now' | 'monotonicNow'>;
  /** The most that `now()` can be off, ms; 0 where the service does not tell its time. */
  errorMs = 0;
  #samples: Sample[] = [];
  #offsetMs = 0;
  /** Wall clock less monotonic clock, as the samples know it. */
  #differenceMs: number;

  constructor(device: Pick<World, 'now' | 'monotonicNow'>) {
    this.#device = device;
    this.#differenceMs = device.now() - device.monotonicNow();
  }

  /** Takes in one answer. All in ms since the epoch: sent and received by the device's clock, answered by the service's. */
  observe(sentAt: number, receivedAt: number, serverTime: number): void {
    const sample = { offsetMs: serverTime - (sentAt + receivedAt) / 2, delayMs: receivedAt - sentAt };
    const best = this.#best();
    // The device's clock was set, or another instance with a clock of its own has answered: older samples mislead.
    const isApart =
      best && Math.abs(sample.offsetMs - best.offsetMs) > (sample.delayMs + best.delayMs) / 2 + 50;
    if (isApart || Math.abs(this.jumpMs) > jumpMs) this.#samples = [];
    this.#differenceMs += this.jumpMs;
    this.#samples = [sample, ...this.#samples].slice(0, sampleCount);
    const { offsetMs, delayMs } = this.#best()!;
    this.#offsetMs = offsetMs;
    this.errorMs = delayMs / 2;
  }

  /** The service's time, ms since the epoch. */
  now(): number {
    return this.#device.now() + Math.max(0, -this.jumpMs) + this.#offsetMs;
  }

  /** By how much the wall clock went ahead of the monotonic one since the last answer, ms; negative where it fell back. */
  get jumpMs(): number {
    return this.#device.now() - this.#device.monotonicNow() - this.#differenceMs;
  }

  #best(): Sample | undefined {
    return this.#samples.toSorted((one, other) => one.delayMs - other.delayMs)[0];
  }
}
