// How much of the processors' time nobody uses.
import { cpus } from 'node:os';

/** Milliseconds since the machine started, of all processors together. */
const spent = () => {
  const times = cpus().map((processor) => processor.times);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap(Object.values)) };
};

/** @returns what tells, 0 to 1, how much was idle since it was asked last. */
export function idleMeter() {
  let last = spent();
  return () => {
    const now = spent();
    const share = (now.idle - last.idle) / Math.max(now.all - last.all, 1);
    last = now;
    return share;
  };
}
