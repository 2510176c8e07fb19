// JavaScript that a page pays for: before the timer runs, and in all.
import { readdirSync } from 'node:fs';
import { startBackend } from '../harness/backend.js';
import { openPage } from '../harness/browser.js';
import { entryPath, readCdnFiles, type ScriptFile } from '../harness/cdn-files.js';
import { gzipBytes } from '../harness/gzip.js';
import { elementPage } from '../harness/html.js';
import type { Bench, Benchmark, Row } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';
import { sum } from '../harness/statistics.js';

const firstTarget = 10_240;
const piecesTarget = 3072;
const languages = readdirSync('src/elements/languages').map((name) => name.replace('.ts', ''));
/** What arrives first is a race on any network; the worst of these counts. */
const loads = 5;

export const scriptBytes: Benchmark = {
  name: 'script-bytes',
  async measure(bench) {
    const files = await readCdnFiles();
    const perFile = files
      .map(({ path, content }): Row => {
        const name = path.slice(1).replace(/-\d+\.\d+\.\d+\.js$/, '.js');
        return { name: `script tag: file ${name}`, value: gzipBytes(content), unit: 'B gzip', target: null };
      })
      .sort((one, other) => other.value - one.value);
    const sizeOf = (wanted: (name: string) => boolean) =>
      perFile
        .filter(({ name }) => wanted(name.split(' ').at(-1)!.replace('.js', '')))
        .map(({ value }) => value);
    const isLanguage = (name: string) => languages.includes(name);
    return [
      {
        name: 'script tag: JavaScript before the timer runs',
        value: await bytesBeforeTimer(bench, files),
        unit: 'B gzip',
        target: firstTarget,
      },
      {
        name: 'script tag: JavaScript that can ever load',
        value:
          sum(sizeOf((name) => !isLanguage(name) && name !== 'pieces')) + Math.max(...sizeOf(isLanguage)),
        unit: 'B gzip',
        target: null,
      },
      {
        name: 'script tag: more where pieces are used',
        value: sum(sizeOf((name) => name === 'pieces')),
        unit: 'B gzip',
        target: piecesTarget,
      },
      ...perFile,
    ];
  },
};

/** Counted by the browser: bodies of all scripts that had begun to arrive when the timer first showed a time. */
async function bytesBeforeTimer(bench: Bench, files: readonly ScriptFile[]): Promise<number> {
  const backend = await startBackend(3600);
  const site = await startSite({ '/': elementPage(backend.apiEndpoint) }, files);
  const observer = await pageScript('shown-text');
  let most: Response[] = [];
  try {
    for (let load = 0; load < loads; load++) {
      const address = `${site.origin}/?session=${backend.sessionToken}`;
      const responses = await responsesBeforeTimer(bench, observer, address);
      if (bytesOf(responses) > bytesOf(most)) most = responses;
    }
  } finally {
    await Promise.all([site.close(), backend.close()]);
  }
  bench.note(`before the timer runs: ${most.map(({ path }) => path.slice(1)).join(', ')}`);
  return bytesOf(most);
}

interface Response {
  path: string;
  bytes: number;
}

const bytesOf = (responses: readonly Response[]) => sum(responses.map(({ bytes }) => bytes));

async function responsesBeforeTimer(
  { browser }: Bench,
  observer: string,
  address: string,
): Promise<Response[]> {
  const page = await openPage(browser, [observer]);
  try {
    await page.goto(address);
    await page.waitForFunction(() => window.shownText.shown.length > 0);
    // What comes later is waited for, so that the list holds every response that had begun.
    await page.waitForLoadState('networkidle');
    const responses = await page.evaluate(() => {
      const shownAt = window.shownText.shown[0]!.at;
      const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return entries
        .filter((entry) => entry.name.startsWith(location.origin) && entry.responseStart <= shownAt)
        .map((entry) => ({ path: new URL(entry.name).pathname, bytes: entry.encodedBodySize }));
    });
    if (!responses.some(({ path, bytes }) => path === entryPath && bytes > 0)) {
      throw new Error('the browser has not counted the script of the page');
    }
    return responses;
  } finally {
    await page.close();
  }
}
