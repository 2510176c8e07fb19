// The second that is shown against the service's deadline, with long tasks in the way of the page.
import type { Page } from 'playwright-core';
import { startBackend, type BackendOptions } from '../harness/backend.js';
import { openPage } from '../harness/browser.js';
import { readCdnFiles } from '../harness/cdn-files.js';
import { elementPage } from '../harness/html.js';
import type { Bench, Benchmark } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';
import { median, percentile } from '../harness/statistics.js';
import type { LongTask } from '../pages/long-tasks.js';
import { judgeSeconds, type JudgedSeconds } from './judged-seconds.js';

/** The service's clock is not the device's: more than an hour ahead, and by a part of a second. */
const clockAheadMs = 3_723_456;
const lateTargetMs = 20;
/** So that a long task lies over the turn of a second. */
const leastMs = 8_000;

export const shownSecond: Benchmark = {
  name: 'shown-second',
  async measure(bench) {
    bench.note('30 s with long tasks');
    const near = await watch(
      bench,
      { durationMs: Math.max(bench.sized(30_000), leastMs), hasLongTasks: true },
      { clockAheadMs },
    );
    if (near.covered === 0) throw new Error('no long task lay over the turn of a second');
    bench.note('10 s with the service far away');
    const far = await watch(
      bench,
      { durationMs: Math.max(bench.sized(10_000), leastMs), hasLongTasks: false },
      { clockAheadMs, oneWayMs: 50 },
    );
    const ms = { unit: 'ms', target: null };
    return [
      {
        name: 'shown second: off the deadline beyond the task, p95',
        value: percentile(near.offMs, 0.95),
        unit: 'ms',
        target: lateTargetMs,
      },
      { name: 'shown second: seconds shown twice or skipped', value: near.wrong, unit: 's', target: 0 },
      { name: 'shown second: off the deadline beyond the task, median', value: median(near.offMs), ...ms },
      { name: 'shown second: late, tasks included, p95', value: percentile(near.lateMs, 0.95), ...ms },
      { name: 'shown second: earliest', value: Math.min(...near.lateMs), ...ms },
      { name: 'shown second: seconds seen', value: near.offMs.length, unit: 's', target: null },
      { name: 'shown second: of them, turned inside a task', value: near.covered, unit: 's', target: null },
      { name: 'shown second: round trip of the first answer', value: near.firstAnswerMs, ...ms },
      { name: 'shown second: service 100 ms away, off, median', value: median(far.offMs), ...ms },
    ];
  },
};

async function watch(
  { browser }: Bench,
  { durationMs, hasLongTasks }: { durationMs: number; hasLongTasks: boolean },
  options: BackendOptions,
): Promise<JudgedSeconds & { firstAnswerMs: number }> {
  const backend = await startBackend(3000, options);
  const site = await startSite({ '/': elementPage(backend.apiEndpoint) }, await readCdnFiles());
  const page = await openPage(browser, [await pageScript('shown-text'), await pageScript('long-tasks')]);
  try {
    await page.goto(`${site.origin}/?session=${backend.sessionToken}`);
    await page.bringToFront();
    await page.waitForFunction(() => window.shownText.shown.length > 1);
    if (hasLongTasks) await page.evaluate(() => window.longTasks.start());
    await page.waitForTimeout(durationMs);
    const { shown, tasks, deviceClockOffset, firstAnswerMs } = await readRecords(page);
    // From the page's performance.now() to the service's clock.
    const deadline = backend.deadline - clockAheadMs - deviceClockOffset;
    return { ...judgeSeconds(shown, tasks, deadline), firstAnswerMs };
  } finally {
    await page.close();
    await Promise.all([site.close(), backend.close()]);
  }
}

const readRecords = (page: Page) =>
  page.evaluate(() => ({
    shown: [...window.shownText.shown],
    tasks: [...window.longTasks.tasks] as LongTask[],
    deviceClockOffset: window.shownText.clockOffset(),
    firstAnswerMs: performance
      .getEntriesByType('resource')
      .find(({ name }) => name.endsWith('/sessions/validate'))!.duration,
  }));
