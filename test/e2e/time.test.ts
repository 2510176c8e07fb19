// Time that jumps: clocks that are set, processes that stand still, hours in the background, the back-forward cache.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../tools/browser.mjs';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { until } from '../service/fixtures.js';
import type { SeenRequest } from './session-line.js';
import { showsSecondsLeft, type Sold, type SessionWorld } from './session-world.js';
import { useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let context: BrowserContext;

before(async () => {
  browser = await puppeteer.launch({
    executablePath: await findBrowser(),
    args: browserFlags,
    // So that pages are as they are for people: hidden where another is in front, throttled, kept for going back.
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--disable-back-forward-cache',
    ],
  });
});
after(() => browser?.close());
// Nothing is asked by itself while a test runs, but what the test causes.
useSessionWorld((opened) => (world = opened), { limits: { heartbeatSeconds: 600 } });

beforeEach(async () => {
  context = await browser.createBrowserContext();
});
afterEach(() => context.close());

interface Clocks {
  /** Sets the device's wall clock ahead or back, ms. */
  setWallClock(ms: number): void;
  /** Lets both clocks go on by so much, as when time has passed that no timer saw. */
  passUnseen(ms: number): void;
  seen: { type: string; threshold?: number }[];
}
type Controlled = typeof globalThis & { clocks: Clocks };

/** Opens an address in a new tab, and waits until everything of it is there. */
async function open(address: string): Promise<Page> {
  const page = await context.newPage();
  // What tsx writes around functions.
  await page.evaluateOnNewDocument('globalThis.__name = (value) => value');
  await page.evaluateOnNewDocument(() => {
    const { now } = Date;
    const monotonic = performance.now.bind(performance);
    let wallMs = 0;
    let monotonicMs = 0;
    Date.now = () => now() + wallMs;
    performance.now = () => monotonic() + monotonicMs;
    const seen: Clocks['seen'] = [];
    (globalThis as Controlled).clocks = {
      setWallClock: (ms) => (wallMs = ms),
      passUnseen: (ms) => {
        wallMs += ms;
        monotonicMs += ms;
      },
      seen,
    };
    for (const type of ['session-warning', 'session-statechange', 'session-error']) {
      document.addEventListener(type, (event) =>
        seen.push({ type, threshold: (event as unknown as { thresholdSeconds: number }).thresholdSeconds }),
      );
    }
  });
  await page.goto(address);
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')?.snapshot.state === 'active',
  );
  await page.waitForFunction(() =>
    document.querySelector('marketplace-session')!.shadowRoot!.querySelector('[part~=end-button]'),
  );
  await page.evaluate(() => ((globalThis as Controlled).clocks.seen.length = 0));
  return page;
}

/**
 * Heartbeats that were answered, once nothing more follows. One that proved itself by a clock that was set is refused
 * with the right time, and sent again.
 * @param least how many there will be.
 */
async function heartbeatsOf(sold: Sold, least = 0): Promise<number> {
  const answered = ({ path, status }: SeenRequest) => path.includes(sold.id) && status === 200;
  const count = () => world.line.calls('heartbeat').filter(answered).length;
  await until(() => count() >= least);
  await new Promise((resolve) => setTimeout(resolve, 700));
  return count();
}

const showsTheRightSecond = (page: Page, sold: Sold) =>
  showsSecondsLeft(world, sold, () =>
    page.evaluate(() => {
      const [, hours = '0', minutes, seconds] = /(?:(\d+):)?(\d+):(\d\d)/.exec(
        document.querySelector('marketplace-session')!.shadowRoot!.querySelector('[part=time]')!.textContent!,
      )!;
      return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    }),
  );

const ask = <T>(page: Page, question: (element: MarketplaceSessionElement) => T) =>
  page.evaluate(
    `(${question.toString()})(document.querySelector('marketplace-session'))` as unknown as () => Awaited<T>,
  );

describe('the device’s clock is set', () => {
  for (const hours of [1, -1]) {
    test(`by ${hours} h: the right second within a tick, the service asked once, nothing decided by it`, async () => {
      const sold = await world.sell(600);
      const page = await open(sold.address);
      const before = await heartbeatsOf(sold);
      await page.evaluate((ms) => (globalThis as Controlled).clocks.setWallClock(ms), hours * 3_600_000);
      await showsTheRightSecond(page, sold);
      assert.equal(await heartbeatsOf(sold, before + 1), before + 1);
      await showsTheRightSecond(page, sold);
      assert.equal(await ask(page, (element) => element.snapshot.state), 'active');
      assert.deepEqual(await page.evaluate(() => (globalThis as Controlled).clocks.seen), []);
    });
  }
});

test('an hour in the background, its timers throttled: the right second and one question on coming back', async () => {
  const sold = await world.sell(7200);
  const page = await open(sold.address);
  const other = await context.newPage();
  await other.bringToFront();
  await page.waitForFunction(() => document.visibilityState === 'hidden', { polling: 100 });
  const before = await heartbeatsOf(sold);
  await page.evaluate(() => (globalThis as Controlled).clocks.passUnseen(3_600_000));
  await world.pass(3600);
  await page.bringToFront();
  await page.waitForFunction(() => document.visibilityState === 'visible', { polling: 20 });
  await showsTheRightSecond(page, sold);
  assert.equal(await heartbeatsOf(sold, before + 1), before + 1);
  assert.deepEqual(await page.evaluate(() => (globalThis as Controlled).clocks.seen), []);
});

test('hours in the background, past the thresholds: one warning on coming back, the nearest', async () => {
  const sold = await world.sell(7200);
  const page = await open(sold.address);
  const other = await context.newPage();
  await other.bringToFront();
  await page.waitForFunction(() => document.visibilityState === 'hidden', { polling: 100 });
  await page.evaluate(() => (globalThis as Controlled).clocks.passUnseen(7_160_000));
  await world.pass(7160);
  await page.bringToFront();
  await page.waitForFunction(() => (globalThis as Controlled).clocks.seen.length > 0);
  await heartbeatsOf(sold);
  assert.deepEqual(
    (await page.evaluate(() => (globalThis as Controlled).clocks.seen)).filter(
      ({ type }) => type === 'session-warning',
    ),
    [{ type: 'session-warning', threshold: 60 }],
  );
});

test('back and forward through the back-forward cache: the right second at once, one question', async () => {
  const sold = await world.sell(600, {}, 'no-redirect');
  const page = await open(sold.address);
  await page.evaluate(() => {
    // The minute has passed before anything in the page runs again.
    const come = ({ persisted }: PageTransitionEvent) => {
      (globalThis as { persisted?: boolean }).persisted = persisted;
      if (persisted) (globalThis as Controlled).clocks.passUnseen(60_000);
    };
    addEventListener('pageshow', come, { capture: true });
  });
  const before = await heartbeatsOf(sold);
  await page.goto(`${world.app.origin}/elsewhere`);
  await until(() => world.line.openStreams === 0);
  await world.pass(60);
  await page.goBack({ waitUntil: 'domcontentloaded' });
  assert.equal(
    await page.evaluate(() => (globalThis as { persisted?: boolean }).persisted),
    true,
    'the page was kept',
  );
  await showsTheRightSecond(page, sold);
  assert.equal(await heartbeatsOf(sold, before + 1), before + 1);
  await until(() => world.line.openStreams === 1);
});

test('a leader that is frozen gives the lead to another tab at once, and stands in line again', async () => {
  const sold = await world.sell(600);
  const first = await open(sold.address);
  const second = await open(sold.bareAddress);
  const streams = () => world.line.calls('events').filter(({ path }) => path.includes(sold.id)).length;
  await until(() => world.line.openStreams === 1 && streams() === 1);
  const devtools = await first.createCDPSession();
  const at = performance.now();
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await until(() => streams() === 2);
  const tookMs = performance.now() - at;
  assert.ok(tookMs < 10_000, `${tookMs} ms, without waiting for a pulse`);
  await until(() => world.line.openStreams === 1);
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await second.close();
  await until(() => streams() === 3);
  await showsTheRightSecond(first, sold);
});

describe('pause-on-hidden', () => {
  const state = (page: Page) => ask(page, (element) => element.snapshot.state);

  test('pauses when the last tab is hidden, and not before; the time runs when one is looked at', async () => {
    const sold = await world.sell(600, {}, 'pause-on-hidden');
    const first = await open(sold.address);
    const second = await open(sold.bareAddress);
    await second.bringToFront();
    await first.waitForFunction(() => document.visibilityState === 'hidden', { polling: 100 });
    // One of them is looked at: longer than the grace.
    await new Promise((resolve) => setTimeout(resolve, 4500));
    assert.equal((await world.session(sold)).status, 'active');
    const third = await context.newPage();
    await third.bringToFront();
    await until(async () => (await world.session(sold)).status === 'paused');
    await first.bringToFront();
    await until(async () => (await world.session(sold)).status === 'active');
    await until(async () => (await state(second)) === 'active' && (await state(first)) === 'active');
  });

  test('a quick look at another tab changes nothing', async () => {
    const sold = await world.sell(600, {}, 'pause-on-hidden');
    const page = await open(sold.address);
    const other = await context.newPage();
    await other.bringToFront();
    await page.waitForFunction(() => document.visibilityState === 'hidden', { polling: 100 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await page.bringToFront();
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.equal(world.line.calls('pause').filter(({ path }) => path.includes(sold.id)).length, 0);
  });
});
