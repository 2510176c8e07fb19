import type { Page } from 'playwright-core';

/** Work of a page's main thread since it was opened. */
export interface Counters {
  taskSeconds: number;
  scriptSeconds: number;
  layouts: number;
}

/** Has Chromium count the work of that page. @returns what reads the counters. */
export async function startCounting(page: Page): Promise<() => Promise<Counters>> {
  const devtools = await page.context().newCDPSession(page);
  // Time on the processor, not by the clock: what other programs take is not this page's work.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const read = (name: string) => {
      const metric = metrics.find((candidate) => candidate.name === name);
      if (!metric) throw new Error(`Chromium does not count ${name}`);
      return metric.value;
    };
    return {
      taskSeconds: read('TaskDuration'),
      scriptSeconds: read('ScriptDuration'),
      layouts: read('LayoutCount'),
    };
  };
}
