// One tab's change seen in another, against what carries it: a bare channel, and libraries that do the like.
import type { Page } from 'playwright-core';
import { startBackend } from '../harness/backend.js';
import { readCdnFiles } from '../harness/cdn-files.js';
import { elementPage } from '../harness/html.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';
import { median, percentile } from '../harness/statistics.js';
import type { LineName, TabTimes } from '../pages/tab-changes.js';
import { openTab } from './session-tabs.js';

const warmUpRounds = 20;
const rounds = 200;
const target = 1.5;

export const tabs: Benchmark = {
  name: 'tabs',
  async measure({ browser, sized }) {
    const backend = await startBackend(3600);
    // Alone in their processes pages get a clock of 5 µs (High Resolution Time, 10.1); otherwise it is one of 100.
    const site = await startSite(
      { '/': elementPage(backend.apiEndpoint, 'heartbeat-seconds="86400"') },
      await readCdnFiles(),
      { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    );
    const context = await browser.newContext();
    try {
      await context.addInitScript({ content: `(() => {${await pageScript('tab-changes')}\n})();` });
      const address = `${site.origin}/?session=${backend.sessionToken}`;
      const [one, other] = [await openTab(context, address), await openTab(context, address)];
      for (const tab of [other, one]) await tab.evaluate(() => window.tabChanges.open());
      await one.evaluate((count) => window.tabChanges.play(count), warmUpRounds + sized(rounds));
      return rowsOf(await readTimes(one), await readTimes(other));
    } finally {
      await context.close();
      await Promise.all([site.close(), backend.close()]);
    }
  },
};

type Times = Record<LineName, TabTimes>;

const readTimes = (tab: Page): Promise<Times> => tab.evaluate(() => window.tabChanges.times);

function rowsOf(one: Times, other: Times): Row[] {
  const between = (told: Times, heard: Times, name: LineName) =>
    told[name].told.slice(warmUpRounds).map((at, index) => heard[name].heard[index + warmUpRounds]! - at);
  const there = (name: LineName) => between(one, other, name);
  const back = (name: LineName) => between(other, one, name);
  // The clocks of two processes are set apart by a little: that shows as a way there that is longer than the way back.
  const apart = (median(there('bareChannel')) - median(back('bareChannel'))) / 2;
  const delays = (name: LineName) => [
    ...there(name).map((delay) => delay - apart),
    ...back(name).map((delay) => delay + apart),
  ];
  const [session, bare] = [delays('session'), delays('bareChannel')];
  const ms = { unit: 'ms', target: null };
  const linesOf = (name: string, measured: number[]): Row[] =>
    [0.5, 0.99].map((share) => ({
      name: `tabs: ${name}, ${share === 0.5 ? 'median' : 'p99'}`,
      value: percentile(measured, share),
      peer: percentile(bare, share),
      ...ms,
    }));
  return [
    {
      name: "tabs: one tab's change seen in another, to a bare channel",
      value: median(session) / median(bare),
      unit: '×',
      target,
    },
    ...linesOf("one tab's change seen in another", session),
    ...linesOf('bare BroadcastChannel', bare),
    ...linesOf('npm broadcast-channel', delays('npmBroadcastChannel')),
    ...linesOf('npm tab-election', delays('tabElection')),
  ];
}
