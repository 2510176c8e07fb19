// What a second costs: main-thread work per tick, against a page that sets one text node as often.
import { setTimeout as wait } from 'node:timers/promises';
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
const warmUpMs = 4000;
const roundMs = 2000;
const rounds = 15;
/** A busy machine makes the browser draw two ticks at once; such a round says nothing, and is measured again. */
const leastLayouts = 0.95;
const mostRepeats = 30;
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
  async measure({ browser, sized }) {
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
      for (const { run } of opened) await run(ticksPerSecond);
      await wait(warmUpMs);
      const measured: Round[] = [];
      for (let repeats = 0; measured.length < sized(rounds);) {
        const round = await measureRound({ element, peer, idle });
        if (Math.min(round.element.layouts, round.peer.layouts) >= leastLayouts) measured.push(round);
        else if (++repeats > mostRepeats)
          throw new Error('the machine is too busy: ticks are drawn together');
      }
      return rowsOf(measured);
    } finally {
      await Promise.all(opened.map(({ page }) => page.close()));
      await Promise.all([site.close(), backend.close()]);
    }
  },
};

/** All pages tick at once, each in a process of its own, so that a disturbance meets them alike. */
async function measureRound(pages: Record<keyof Round, TickingPage>): Promise<Round> {
  const read = async ({ secondsShown, count }: TickingPage) => ({
    counters: await count(),
    left: await secondsShown(),
  });
  const readAll = () => Promise.all([read(pages.element), read(pages.peer), read(pages.idle)]);
  const before = await readAll();
  await wait(roundMs);
  const after = await readAll();
  const [element, peer, idle] = before.map((first, index) => workBetween(first, after[index]!));
  return { element: element!, peer: peer!, idle: idle! };
}

interface Reading {
  counters: Counters;
  left: number;
}

function workBetween(before: Reading, after: Reading): Work {
  const ticks = before.left - after.left;
  const perTick = (what: keyof Counters) => (after.counters[what] - before.counters[what]) / ticks;
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
