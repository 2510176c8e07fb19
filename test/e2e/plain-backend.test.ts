// A backend of the smaller, older call set, in real tabs: what it does not offer is hidden, and nothing is charged twice.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../service/fixtures.js';
import { PlainBackend } from './plain-backend.js';
import { ask, complaintsOf, open } from './session-pages.js';
import { useBrowser } from './set-up.js';

let backend: PlainBackend;
let browser: Browser;
let context: BrowserContext;
let complaints: string[];

useBrowser((opened) => (browser = opened));
before(async () => {
  backend = await PlainBackend.open();
});
after(async () => {
  backend?.close();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB' });
  complaints = complaintsOf(context);
  backend.line.seen.length = 0;
  backend.line.fault = () => undefined;
});
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
});

const remaining = (page: Page) => ask(page, (element) => element.remainingSeconds!);
const openTabs = async (
  { address, bareAddress }: { address: string; bareAddress: string },
  count: number,
) => {
  const tabs = [await open(context, address)];
  while (tabs.length < count) tabs.push(await open(context, bareAddress));
  return tabs;
};
const isExtended = (page: Page) =>
  page.waitForFunction(() => document.querySelector('marketplace-session')!.remainingSeconds! > 1400);

test('ten tabs are one heartbeat an interval, and show the same second', async () => {
  const tabs = await openTabs(backend.sell(), 10);
  assert.equal(backend.line.calls('validate').length, 1);
  backend.line.seen.length = 0;
  await until(() => backend.line.calls('heartbeat').length >= 5);
  const at = backend.line.calls('heartbeat').map((request) => request.at);
  for (const [index, instant] of at.slice(1).entries()) assert.ok(instant - at[index]! > 800);
  const seconds = await Promise.all(tabs.map(remaining));
  assert.ok(Math.max(...seconds) - Math.min(...seconds) <= 1, String(seconds));
  assert.equal(backend.line.calls('events').length, 0);
});

test('extend pressed in three tabs at once renews once, and all show it', async () => {
  const sold = backend.sell();
  const tabs = await openTabs(sold, 3);
  await Promise.all(tabs.map((page) => ask(page, (element) => element.extend(15))));
  await Promise.all(tabs.map(isExtended));
  assert.equal(backend.line.calls('renew').length, 1);
  assert.equal(backend.session(sold.id).spent, 25);
  await ask(tabs[2]!, (element) => element.extend(15));
  assert.equal(backend.session(sold.id).spent, 40);
});

test('an answer that is lost renews once: the page asks how long the session is', async () => {
  const sold = backend.sell();
  const page = await open(context, sold.address);
  backend.line.fault = ({ call }) => (call === 'renew' ? 'break answer' : undefined);
  await ask(page, (element) => element.extend(15));
  await isExtended(page);
  assert.equal(backend.line.calls('renew').length, 1);
  assert.equal(backend.session(sold.id).spent, 25);
});

test('answers that come late or overtake each other never shorten what was bought', async () => {
  const sold = backend.sell();
  const page = await open(context, sold.address);
  await until(() => backend.line.calls('heartbeat').length > 0);
  backend.line.fault = ({ call }) => (call === 'heartbeat' ? { delayMs: 2500 } : undefined);
  await until(() => backend.line.calls('heartbeat').some(({ status }) => status === null));
  await ask(page, (element) => element.extend(15));
  const seconds: number[] = [];
  const at = Date.now();
  while (Date.now() - at < 4000) seconds.push(await remaining(page));
  assert.ok(Math.min(...seconds) > 1480, String(Math.min(...seconds)));
});

test('the leader gone, another asks; ending in one tab ends all, with one bill', async () => {
  const sold = backend.sell(600, 'no-redirect');
  const tabs = [...(await openTabs(sold, 2)), await open(context, sold.address)];
  // Neither the tab that came first nor the one without a session token is needed.
  await tabs[0]!.close();
  backend.line.seen.length = 0;
  await until(() => backend.line.calls('heartbeat').length >= 2);
  await ask(tabs[1]!, (element) => element.end());
  for (const page of tabs.slice(1)) {
    await page.waitForFunction(
      () => document.querySelector('marketplace-session')!.snapshot.state === 'ended',
    );
  }
  assert.equal(backend.session(sold.id).status, 'completed');
  assert.equal(backend.line.calls('complete').length, 1);
});

test('offline and back: the banner comes and goes, the second is right', async () => {
  const sold = backend.sell();
  const page = await open(context, sold.address);
  await until(() => backend.line.calls('heartbeat').length > 0);
  const banner = page.locator('marketplace-session [part~=banner][part~=connection]');
  await context.setOffline(true);
  await banner.waitFor();
  await context.setOffline(false);
  await until(async () => (await banner.count()) === 0);
  const expected = Math.ceil((backend.session(sold.id).deadline - Date.now()) / 1000);
  assert.ok(Math.abs((await remaining(page)) - expected) <= 1);
});
