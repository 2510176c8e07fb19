/** What a process uses. */
export interface Usage {
  /** Resident, bytes. */
  rss: number;
  /** Objects of JavaScript and what they hold outside of the heap, bytes. */
  heap: number;
  /** As `processorMs`. */
  processorMs: number;
}

/** Of this process, after all garbage is collected. */
export function usage(): Usage {
  globalThis.gc!();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external, processorMs: processorMs() };
}

/** Time of this process on the processor, all threads, since it began, ms. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
