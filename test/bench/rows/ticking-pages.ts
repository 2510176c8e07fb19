// The pages whose ticks are compared.
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../harness/browser.js';
import { startCounting, type Counters } from '../harness/main-thread.js';
import { pageScript } from '../harness/page-script.js';
import { secondsOf } from '../harness/shown-time.js';

/** A page whose countdown can be let run fast. */
export interface TickingPage {
  page: Page;
  /** Starts ticking at that rate. */
  run(ticksPerSecond: number): Promise<void>;
  secondsShown(): Promise<number>;
  count: () => Promise<Counters>;
}

export async function openElement(
  browser: Browser,
  origin: string,
  sessionToken: string,
): Promise<TickingPage> {
  const page = await openPage(browser, [await pageScript('fast-clock')]);
  await page.goto(`${origin}/element?session=${sessionToken}`);
  await page.waitForFunction(() => document.querySelector('marketplace-session')?.remainingSeconds);
  // The late parts watch the ticks too, and belong to the work.
  await page.waitForLoadState('networkidle');
  return {
    page,
    run: (rate) => page.evaluate((speed) => window.fastClock.setSpeed(speed), rate),
    secondsShown: () => shownSeconds(page, 'marketplace-session', '[part=time]'),
    count: await startCounting(page),
  };
}

export async function openPeer(
  browser: Browser,
  origin: string,
  lengthSeconds: number,
): Promise<TickingPage> {
  const page = await openPage(browser);
  await page.goto(`${origin}/peer?seconds=${lengthSeconds}`);
  return {
    page,
    run: (rate) => page.evaluate((delayMs) => window.oneTextNode.tickEvery(delayMs), 1000 / rate),
    secondsShown: () => shownSeconds(page, '#time'),
    count: await startCounting(page),
  };
}

/** Counts as if it ticked: what the others' counters would show without any tick. */
export async function openIdle(
  browser: Browser,
  origin: string,
  ticksPerSecond: number,
): Promise<TickingPage> {
  const page = await openPage(browser);
  await page.goto(`${origin}/idle`);
  const openedAt = performance.now();
  return {
    page,
    run: async () => {},
    secondsShown: async () => -((performance.now() - openedAt) / 1000) * ticksPerSecond,
    count: await startCounting(page),
  };
}

/** The time that a person reads there, in seconds. */
async function shownSeconds(page: Page, selector: string, inner?: string): Promise<number> {
  const text = await page.evaluate(
    ([outer, within]) => {
      const element = document.querySelector(outer!)!;
      return (within ? element.shadowRoot!.querySelector(within)! : element).textContent!;
    },
    [selector, inner],
  );
  return secondsOf(text);
}
