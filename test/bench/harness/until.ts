import { setTimeout as wait } from 'node:timers/promises';

/** Waits until that is so. @throws where it does not become so in that time. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  what: string,
): Promise<void> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await wait(2);
  }
}
