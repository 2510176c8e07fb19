import type { World } from '../world.js';

/** What a round trip tells of the service's clock (Cristian's method): it is off by half of the delay at most. */
export interface Sample {
  offsetMs: number;
  delayMs: number;
}

/**
 * Tells the service's time from the device's clocks, and the last round trip; from several once there is a `choose`.
 *
 * The wall clock is set back and forth by people, the monotonic one may stand still while the device sleeps. What is
 * later of the two is taken: a clock that is set back changes nothing, and after a sleep the first look is right.
 */
export class ServerClock {
  readonly #device: Pick<World, 'now' | 'monotonicNow'>;
  /** What it goes by; undefined where the service does not tell its time. */
  declare sample: Sample | undefined;
  /** What to go by from an answer on: the sample of that answer, or a better one. */
  choose = (latest: Sample): Sample => latest;
  /** Wall clock less monotonic clock, as the samples know it. */
  #differenceMs: number;

  constructor(device: Pick<World, 'now' | 'monotonicNow'>) {
    this.#device = device;
    this.#differenceMs = device.now() - device.monotonicNow();
  }

  /** Takes in one answer. All in ms since the epoch: sent and received by the device's clock, answered by the service's. */
  observe(sentAt: number, receivedAt: number, serverTime: number): void {
    this.sample = this.choose({
      offsetMs: serverTime - (sentAt + receivedAt) / 2,
      delayMs: receivedAt - sentAt,
    });
    this.#differenceMs += this.jumpMs;
  }

  /** The service's time, ms since the epoch. */
  now(): number {
    return this.#device.now() + Math.max(0, -this.jumpMs) + (this.sample?.offsetMs ?? 0);
  }

  /** By how much the wall clock went ahead of the monotonic one since the last answer, ms; negative where it fell back. */
  get jumpMs(): number {
    return this.#device.now() - this.#device.monotonicNow() - this.#differenceMs;
  }
}
