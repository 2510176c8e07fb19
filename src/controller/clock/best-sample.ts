import type { Sample, ServerClock } from './server-clock.js';

/** Samples kept for the estimate. */
const sampleCount = 8;
/** A difference of the device's two clocks that is no slow correction any more, ms. */
const jumpMs = 20;

/** Has the clock go by the best of the last round trips: that with the least delay. */
export function goByBestSample(clock: ServerClock): void {
  let samples = clock.sample ? [clock.sample] : [];
  clock.choose = (latest) => {
    const best = bestOf(samples);
    // The device's clock was set, or another instance with a clock of its own has answered: older samples mislead.
    const isApart =
      best && Math.abs(latest.offsetMs - best.offsetMs) > (latest.delayMs + best.delayMs) / 2 + 50;
    if (isApart || Math.abs(clock.jumpMs) > jumpMs) samples = [];
    samples = [latest, ...samples].slice(0, sampleCount);
    return bestOf(samples)!;
  };
}

/** The most that the clock can be off, ms; 0 where the service does not tell its time. */
export const errorMsOf = ({ sample }: ServerClock): number => (sample?.delayMs ?? 0) / 2;

const bestOf = (samples: Sample[]): Sample | undefined =>
  samples.toSorted((one, other) => one.delayMs - other.delayMs)[0];
