// From the arrival of the script to the first shown second, against the bare platform doing the same.
import type { Browser } from 'playwright-core';
import { startBackend } from '../harness/backend.js';
import { openPage } from '../harness/browser.js';
import { entryPath, readCdnFiles } from '../harness/cdn-files.js';
import { elementPage, html } from '../harness/html.js';
import type { Benchmark } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';
import { median } from '../harness/statistics.js';

const warmUpRounds = 3;
const rounds = 21;
const peerPath = '/bare-start.js';

export const start: Benchmark = {
  name: 'start',
  async measure({ browser, sized }) {
    // Every start asks for permission first (CORS), as the first one of a customer does.
    const backend = await startBackend(3600, { preflightMaxAgeSeconds: 0 });
    const peerBody = `<p id="time" data-api-endpoint="${backend.apiEndpoint}"></p>`;
    const site = await startSite(
      { '/element': elementPage(backend.apiEndpoint), '/peer': html(peerBody, peerPath) },
      [...(await readCdnFiles()), { path: peerPath, content: await pageScript('bare-start') }],
    );
    const observer = await pageScript('shown-text');
    const startOf = (path: string, scriptPath: string) =>
      timeStart(browser, observer, `${site.origin}${path}?session=${backend.sessionToken}`, scriptPath);
    try {
      const element: number[] = [];
      const peer: number[] = [];
      for (let round = -warmUpRounds; round < sized(rounds); round++) {
        const elementMs = await startOf('/element', entryPath);
        const peerMs = await startOf('/peer', peerPath);
        if (round < 0) continue;
        element.push(elementMs);
        peer.push(peerMs);
      }
      const [elementMs, peerMs] = [median(element), median(peer)];
      return [
        { name: 'start: element to bare platform', value: elementMs / peerMs, unit: '×', target: null },
        {
          name: 'start: element, script to first second',
          value: elementMs,
          unit: 'ms',
          target: null,
          peer: peerMs,
        },
        { name: 'start: bare platform, script to first second', value: peerMs, unit: 'ms', target: null },
      ];
    } finally {
      await Promise.all([site.close(), backend.close()]);
    }
  },
};

/** Milliseconds, in a new profile: no cache, no connection and no session token from an earlier round. */
async function timeStart(
  browser: Browser,
  observer: string,
  address: string,
  scriptPath: string,
): Promise<number> {
  const page = await openPage(browser, [observer]);
  try {
    await page.goto(address);
    await page.waitForFunction(() => window.shownText.shown.length > 0);
    return await page.evaluate((path) => {
      const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      const script = entries.find((entry) => new URL(entry.name).pathname === path)!;
      return window.shownText.shown[0]!.at - script.responseEnd;
    }, scriptPath);
  } finally {
    await page.close();
  }
}
