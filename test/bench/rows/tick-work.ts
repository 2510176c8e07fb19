// What a second costs: main-thread work per tick, against a page that sets one text node as often.
import { startBackend } from '../harness/backend.js';
import { readCdnFiles } from '../harness/cdn-files.js';
import { elementPage, html } from '../harness/html.js';
import type { Counters } from '../harness/main-thread.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';
import { median } from '../harness/statistics.js';
import { openElement, openIdle, openPeer, type TickingPage } from './ticking-pages.js';

const lengthSeconds = 36_000;
const ticksPerSecond = 25;
const warmUpMs = 3000;
const roundMs = 2500;
/** The timer that was set at the slow rate has to run out first. */
const settleMs = 1200;
const idleRoundMs = 1000;
const rounds = 7;
/** A busy machine makes the browser draw two ticks at once; such a round says nothing, and is measured again. */
const leastLayouts = 0.95;
const mostRepeats = 14;
const target = 1.5;

/** For each tick: microseconds of the main thread, and how often the browser laid out. */
interface Work {
  taskUs: number;
  scriptUs: number;
  layouts: number;
}

type Round = Record<'element' | 'peer' | 'idle', Work>;

export const tickWork: Benchmark = {
  name: 'tick-work',
  async measure({ browser }) {
    const backend = await startBackend(lengthSeconds);
    const scripts = [
      ...(await readCdnFiles()),
      { path: '/one-text-node.js', content: await pageScript('one-text-node') },
    ];
    // No heartbeat: it is not part of a tick, and the service's clock does not run fast.
    const pages = {
      '/element': elementPage(backend.apiEndpoint, 'heartbeat-seconds="86400"'),
      '/peer': html('<p id="time"></p>', '/one-text-node.js'),
      '/idle': '<!doctype html><title>Idle</title><p>0:00</p>',
    };
    const site = await startSite(pages, scripts);
    const opened: TickingPage[] = [];
    try {
      const element = await openElement(browser, site.origin, backend.sessionToken);
      const peer = await openPeer(browser, site.origin, lengthSeconds);
      const idle = await openIdle(browser, site.origin, ticksPerSecond);
      opened.push(element, peer, idle);
      for (const ticking of [element, peer]) await measureWork(ticking, warmUpMs);
      const measured: Round[] = [];
      for (let repeats = 0; measured.length < rounds;) {
        const round = {
          element: await measureWork(element),
          peer: await measureWork(peer),
          idle: await measureWork(idle, idleRoundMs),
        };
        if (Math.min(round.element.layouts, round.peer.layouts) >= leastLayouts) measured.push(round);
        else if (++repeats > mostRepeats)
          throw new Error('this machine is too busy: ticks are drawn together');
      }
      return rowsOf(measured);
    } finally {
      await Promise.all(opened.map(({ page }) => page.close()));
      await Promise.all([site.close(), backend.close()]);
    }
  },
};

async function measureWork(
  { page, run, secondsShown, count }: TickingPage,
  durationMs = roundMs,
): Promise<Work> {
  await page.bringToFront();
  await run(ticksPerSecond);
  await page.waitForTimeout(settleMs);
  const [shownBefore, before] = [await secondsShown(), await count()];
  await page.waitForTimeout(durationMs);
  const [after, shownAfter] = [await count(), await secondsShown()];
  await run(1);
  const ticks = shownBefore - shownAfter;
  const perTick = (what: keyof Counters) => (after[what] - before[what]) / ticks;
  return {
    taskUs: perTick('taskSeconds') * 1e6,
    scriptUs: perTick('scriptSeconds') * 1e6,
    layouts: perTick('layouts'),
  };
}

function rowsOf(measured: readonly Round[]): Row[] {
  const typical = (who: keyof Round, what: keyof Work) => median(measured.map((round) => round[who][what]));
  const [elementUs, peerUs, idleUs] = [
    typical('element', 'taskUs'),
    typical('peer', 'taskUs'),
    typical('idle', 'taskUs'),
  ];
  if (peerUs < 2 * idleUs) throw new Error('the counters do not move with the ticks');
  const ratios = measured.map(
    ({ element, peer, idle }) => (element.taskUs - idle.taskUs) / (peer.taskUs - idle.taskUs),
  );
  const peerScriptUs = typical('peer', 'scriptUs');
  const us = { unit: 'µs', target: null };
  return [
    { name: 'tick: main-thread work, element to one text node', value: median(ratios), unit: '×', target },
    { name: 'tick: element, tasks', value: elementUs, peer: peerUs, ...us },
    { name: 'tick: one text node, tasks', value: peerUs, ...us },
    { name: 'tick: idle page, tasks in the same time', value: idleUs, ...us },
    { name: 'tick: element, script alone', value: typical('element', 'scriptUs'), peer: peerScriptUs, ...us },
    { name: 'tick: one text node, script alone', value: peerScriptUs, ...us },
  ];
}
