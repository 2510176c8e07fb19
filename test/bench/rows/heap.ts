// What is left in memory of sessions that have come and gone.
import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import { startBackend } from '../harness/backend.js';
import { openPage } from '../harness/browser.js';
import { entryPath, readCdnFiles } from '../harness/cdn-files.js';
import { html } from '../harness/html.js';
import type { Bench, Benchmark, Row } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';

/** By then the browser has compiled what it compiles; until then that is what grows. */
const firstCycles = 500;
const wholeCycles = 1000;
const keptCycles = 50;
/** Timers of the last moments still hold what they were for, ms. */
const settleMs = 3000;
/** A twentieth is room for what the browser keeps for itself. */
const target = 1.05;

export const heap: Benchmark = {
  name: 'heap',
  async measure(bench) {
    return [...(await grow(bench, 'element')), ...(await grow(bench, 'controller'))];
  },
};

async function grow({ browser, note, sized }: Bench, what: 'element' | 'controller'): Promise<Row[]> {
  const cycles = sized(wholeCycles);
  note(`${cycles} cycles of the ${what}`);
  const backend = await startBackend(36_000);
  const site = await startSite({ '/': html('', entryPath) }, await readCdnFiles());
  const page = await openPage(browser, [await pageScript('many-lives')]);
  try {
    await page.goto(site.origin);
    const devtools = await page.context().newCDPSession(page);
    const live = (count: number, keeps = false) =>
      page.evaluate(
        ([what, count, apiEndpoint, sessionToken, keeps]) =>
          window.manyLives.live(what, count, apiEndpoint, sessionToken, keeps),
        [what, count, backend.apiEndpoint, backend.sessionToken, keeps] as const,
      );
    await live(sized(firstCycles));
    const first = await measureHeap(devtools);
    await live(cycles);
    const last = await measureHeap(devtools);
    await live(keptCycles, true);
    const kept = await measureHeap(devtools);
    if (kept.controllers < last.controllers + keptCycles)
      throw new Error(`what is kept is not counted: ${last.controllers}, then ${kept.controllers}`);
    const name = `heap: ${what}, ${cycles} cycles more`;
    return [
      { name: `${name}, to before`, value: last.bytes / first.bytes, unit: '×', target },
      {
        name: `${name}, growth of a cycle`,
        value: (last.bytes - first.bytes) / cycles,
        unit: 'B',
        target: null,
        peer: (kept.bytes - last.bytes) / keptCycles,
      },
      { name: `${name}, controllers left`, value: last.controllers, unit: '', target: null },
    ];
  } finally {
    await page.close();
    await Promise.all([site.close(), backend.close()]);
  }
}

interface Heap {
  bytes: number;
  /** Session controllers that something still holds. */
  controllers: number;
}

/** After all that is garbage is gone. */
async function measureHeap(devtools: CDPSession): Promise<Heap> {
  await wait(settleMs);
  // What finalizers let go of in the first round goes in the second.
  for (let round = 0; round < 3; round++) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return { bytes: usedSize, controllers: await countControllers(devtools) };
}

async function countControllers(devtools: CDPSession): Promise<number> {
  const prototype = await devtools.send('Runtime.evaluate', {
    expression: "Object.getPrototypeOf(document.createElement('marketplace-session').controller)",
    objectGroup: 'count',
  });
  const { objects } = await devtools.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId!,
    objectGroup: 'count',
  });
  const { result } = await devtools.send('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return this.length; }',
    objectId: objects.objectId!,
  });
  await devtools.send('Runtime.releaseObjectGroup', { objectGroup: 'count' });
  return result.value as number;
}
