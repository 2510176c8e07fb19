// The process of its own in which machine-lateness.ts watches the machine.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Beat } from './machine-lateness.js';

const everyMs = 50;
/** A little work, as whoever only sleeps is let in first. Time on the processor, however long that takes. */
const workMs = 5;

const processorMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const beats: Beat[] = [];
// Whoever is left alone ends.
process.on('disconnect', () => process.exit());
process.on('message', () => process.send!(beats));
process.send!('ready');
for (;;) {
  const startedAt = Date.now();
  await sleep(everyMs);
  const before = processorMs();
  while (processorMs() - before < workMs);
  beats.push({ endedAt: Date.now(), lateMs: Math.max(0, Date.now() - startedAt - everyMs - workMs) });
}
