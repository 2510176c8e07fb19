// One dialog per page and per group of tabs: of tabs of which one is looked at, as a person has them.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../tools/browser.mjs';
import { until } from '../service/fixtures.js';
import type { SessionWorld } from './session-world.js';
import { useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let context: BrowserContext;

before(async () => {
  browser = await puppeteer.launch({ executablePath: await findBrowser(), args: browserFlags });
});
after(() => browser?.close());
useSessionWorld((opened) => (world = opened));
beforeEach(async () => (context = await browser.createBrowserContext()));
afterEach(() => context.close());

/** Opens an address in a new tab in front of the others, and waits until everything of it is there. */
async function open(address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() =>
    document.querySelector('marketplace-session')!.shadowRoot!.querySelector('[part~=end-button]'),
  );
  return page;
}

/** Brings a tab to the front, and waits until the others know that they are not. */
async function lookAt(page: Page, ...others: Page[]): Promise<void> {
  await page.bringToFront();
  const become = (other: Page, wanted: string) =>
    other.waitForFunction((state) => document.visibilityState === state, { polling: 100 }, wanted);
  await Promise.all([become(page, 'visible'), ...others.map((other) => become(other, 'hidden'))]);
}

const hasDialog = (page: Page) =>
  page.evaluate(() =>
    Boolean(document.querySelector('marketplace-session')!.shadowRoot!.querySelector('dialog[open]')),
  );
const warned = (page: Page) =>
  page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.warning === 1800,
    // A page in the background draws no frames.
    { polling: 100 },
  );
/** A heartbeat and more: time in which a dialog could have opened. */
async function aWhile(): Promise<void> {
  const { length } = world.line.calls('heartbeat');
  await until(() => world.line.calls('heartbeat').length > length + 2);
}

test('the last warning is one dialog per group of tabs: where somebody looks, and nowhere once it is answered', async () => {
  const sold = await world.sell(3600, {}, 'warning-seconds=1800');
  const first = await open(sold.address);
  const second = await open(sold.bareAddress);
  await lookAt(second, first);
  await world.pass(1850);
  await Promise.all([warned(first), warned(second)]);
  await until(() => hasDialog(second));
  await aWhile();
  assert.equal(await hasDialog(first), false, 'nobody looks at the first');

  // Not answered, it is asked where somebody looks next.
  await lookAt(first, second);
  await until(() => hasDialog(first));
  await first.keyboard.press('Escape');
  await until(async () => !(await hasDialog(first)) && !(await hasDialog(second)));
  await lookAt(second, first);
  await aWhile();
  assert.deepEqual([await hasDialog(first), await hasDialog(second)], [false, false]);
});

test('the last warning that nobody has seen waits in each tab, and is asked in the first that is looked at', async () => {
  const sold = await world.sell(3600, {}, 'warning-seconds=1800');
  const first = await open(sold.address);
  const second = await open(sold.bareAddress);
  const elsewhere = await context.newPage();
  await lookAt(elsewhere, first, second);
  await world.pass(1850);
  await Promise.all([warned(first), warned(second)]);
  await aWhile();
  assert.deepEqual([await hasDialog(first), await hasDialog(second)], [false, false]);
  await lookAt(first, second, elsewhere);
  await until(() => hasDialog(first));
  assert.equal(await hasDialog(second), false);
});
