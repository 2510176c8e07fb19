// Heartbeats that reach the backend from twenty tabs of one session, against those of one tab, over the same time.
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { startBackend } from '../harness/backend.js';
import { readCdnFiles } from '../harness/cdn-files.js';
import { elementPage } from '../harness/html.js';
import type { Benchmark } from '../harness/measurement.js';
import { startSite } from '../harness/site.js';
import { openTab } from './session-tabs.js';

const manyTabs = 20;
const heartbeatSeconds = 1;
const wholeMs = 40_000;
/** Each heartbeat is spread by a tenth of its interval; twenty tabs that each sent their own would be at 20. */
const target = 1.1;

export const heartbeats: Benchmark = {
  name: 'heartbeats',
  async measure({ browser, note, sized }) {
    const countedMs = sized(wholeMs);
    const [one, many] = [await openProfile(browser, 1), await openProfile(browser, manyTabs)];
    try {
      note(`${countedMs / 1000} s with ${manyTabs} tabs, and with one`);
      const before = [one.count(), many.count()];
      await wait(countedMs);
      const [ofOne, ofMany] = [one.count() - before[0]!, many.count() - before[1]!];
      if (ofOne < countedMs / 1000 / heartbeatSeconds / 2) throw new Error('one tab has sent too few');
      const beats = { unit: 'heartbeats', target: null };
      return [
        { name: 'heartbeats: of 20 tabs to those of one', value: ofMany / ofOne, unit: '×', target },
        { name: 'heartbeats: 20 tabs', value: ofMany, peer: ofOne, ...beats },
        { name: 'heartbeats: one tab', value: ofOne, ...beats },
      ];
    } finally {
      await Promise.all([one.close(), many.close()]);
    }
  },
};

/** Tabs of one session in a browser profile of their own. */
async function openProfile(
  browser: Browser,
  tabs: number,
): Promise<{ count: () => number; close: () => Promise<void> }> {
  const backend = await startBackend(3600);
  const page = elementPage(backend.apiEndpoint, `heartbeat-seconds="${heartbeatSeconds}"`);
  const site = await startSite({ '/': page }, await readCdnFiles());
  const context = await browser.newContext();
  for (let tab = 0; tab < tabs; tab++) {
    await openTab(context, `${site.origin}/?session=${backend.sessionToken}`);
  }
  return {
    count: () => backend.arrivals('heartbeat').length,
    close: async () => {
      await context.close();
      await Promise.all([site.close(), backend.close()]);
    },
  };
}
