// Two browsers, two clocks, one deadline; and what is seen when it has come.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { until } from '../service/fixtures.js';
import { ask, open } from './session-pages.js';
import type { SessionWorld } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));

const shown = '[part=bar] [part=time]';

test('both parties see the same second, in two browsers whose clocks are two hours apart', async () => {
  const sold = await world.sell(600, { proof_of_possession: 'off' });
  const pages = await Promise.all(
    [3_600_000, -3_600_000].map(async (wrongMs) => {
      const context = await browser.newContext();
      await context.clock.install({ time: world.now() + wrongMs });
      return open(context, sold.address);
    }),
  );
  const deadlines = await Promise.all(pages.map((page) => ask(page, (element) => element.snapshot.deadline)));
  assert.equal(deadlines[0], (await world.session(sold)).expires_at! * 1000);
  assert.equal(deadlines[1], deadlines[0]);
  // Read one after the other, they may fall into two seconds.
  await until(async () => {
    const [one, other] = await Promise.all(
      pages.map((page) => page.locator('marketplace-session').locator(shown).textContent()),
    );
    return /^\d:\d\d$/.test(one!) && one === other;
  }, 30_000);
  for (const page of pages) await page.context().close();
});

test('a slow end and a slow way back: the time holds at zero, and the page leaves once', async () => {
  const context = await browser.newContext();
  await context.clock.install({ time: world.now() });
  const sold = await world.sell(60);
  const page = await open(context, sold.address);
  const tag = page.locator('marketplace-session');
  await tag.locator('[part~=end-button]').first().waitFor();
  const texts: string[] = [];
  await page.exposeFunction('tellShown', (text: string) => texts.push(text));
  await page.evaluate((part) => {
    const { tellShown } = window as unknown as { tellShown(text: string): void };
    const time = document.querySelector('marketplace-session')!.shadowRoot!.querySelector(part)!;
    new MutationObserver(() => tellShown(time.textContent!)).observe(time, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  }, shown);
  let visits = 0;
  await page.route('**/elsewhere*', async (route) => {
    visits += 1;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue();
  });
  world.line.fault = () => ({ delayMs: 1500 });
  await world.pass(70, page);
  // Read at that moment: a slow test would come to a page that has left.
  const atTheEnd = await page.waitForFunction((part) => {
    const { snapshot, shadowRoot } = document.querySelector('marketplace-session')!;
    return snapshot.state === 'ending' && shadowRoot!.querySelector(part)!.textContent;
  }, shown);
  assert.equal(await atTheEnd.jsonValue(), '0:00');
  await page.waitForURL('**/elsewhere?session_id=*');
  assert.equal(visits, 1);
  assert.equal(texts.indexOf('0:00'), texts.length - 1, `shown: ${texts.join(' ')}`);
  await context.close();
});
