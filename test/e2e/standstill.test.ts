// Renderers that stand still: nothing that a page could notice while it lasts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { until } from '../service/fixtures.js';
import { ask, open } from './session-pages.js';
import { SessionWorld, showsSecondsLeft, type Sold } from './session-world.js';

const intervalSeconds = 15;
const standstillMs = 90_000;

let world: SessionWorld;
let browser: Browser;

before(async () => {
  world = await SessionWorld.open({ limits: { heartbeatSeconds: intervalSeconds } });
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.close();
});

/** Seconds of work of each process that draws pages. */
async function workOfRenderers(): Promise<Map<number, number>> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  return new Map(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]),
  );
}

/** Opens an address in a tab, and tells its process from the others by the work that it does. */
async function openInProcess(
  context: BrowserContext,
  address: string,
): Promise<{ page: Page; process: number }> {
  const page = await open(context, address);
  await page.locator('marketplace-session [part~=end-button]').first().waitFor();
  const before = await workOfRenderers();
  await page.evaluate(() => {
    const until = performance.now() + 1000;
    while (performance.now() < until);
  });
  const worked = [...(await workOfRenderers())].map(
    ([id, seconds]) => [id, seconds - (before.get(id) ?? 0)] as const,
  );
  const [process] = worked.sort(([, one], [, other]) => other - one)[0]!;
  return { page, process };
}

const heartbeats = ({ id }: Sold) =>
  world.line.calls('heartbeat').filter(({ path, status }) => path.includes(id) && status === 200);

const showsTheRightSecond = (page: Page, sold: Sold) =>
  showsSecondsLeft(world, sold, () => ask(page, (element) => element.remainingSeconds!));

test('a renderer is stopped for 90 s: alone it is right within a tick and asks once; among tabs another leads meanwhile', async () => {
  const [alone, among] = [await world.sell(600), await world.sell(600)];
  const [own, shared] = await Promise.all([browser.newContext(), browser.newContext()]);
  const single = await openInProcess(own, alone.address);
  const leader = await openInProcess(shared, among.address);
  const follower = await openInProcess(shared, among.bareAddress);
  await until(() => heartbeats(among).length > 0, 2 * intervalSeconds * 1000);
  const stopped = [single.process, leader.process];
  assert.ok(!stopped.includes(follower.process), 'each tab has a process of its own');
  const at = Date.now();
  const asked = heartbeats(alone).length;
  for (const id of stopped) process.kill(id, 'SIGSTOP');
  try {
    await new Promise((resolve) => setTimeout(resolve, standstillMs));
  } finally {
    for (const id of stopped) process.kill(id, 'SIGCONT');
  }
  const backAt = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await showsTheRightSecond(single.page, alone);
  await showsTheRightSecond(leader.page, among);
  await showsTheRightSecond(follower.page, among);
  assert.equal(heartbeats(alone).length, asked + 1);

  // No interval was missed, none doubled: also not by the tab that came back to lead.
  await until(() => heartbeats(among).at(-1)!.at > backAt + 1000, 2 * intervalSeconds * 1000);
  const instants = heartbeats(among).map((request) => request.at);
  // The one that comes back may ask once before it has heard that another leads.
  const isClose = (one = 0, other = 0) => Math.abs(one - other) < 5000;
  const again = instants.findIndex(
    (instant, index) =>
      instant > backAt &&
      instant < backAt + 2000 &&
      (isClose(instant, instants[index - 1]) || isClose(instant, instants[index + 1])),
  );
  if (again >= 0) instants.splice(again, 1);
  const gaps = instants.slice(1).map((instant, index) => (instant - instants[index]!) / 1000);
  const during = gaps.filter((_, index) => instants[index + 1]! > at);
  assert.ok(during.length >= 5, `${during.length} heartbeats`);
  for (const gap of during) {
    // An interval with its jitter, and what a busy machine adds; with one left out it would be 27 s.
    assert.ok(gap > intervalSeconds * 0.8 && gap < intervalSeconds * 1.6, `${gap} s between two heartbeats`);
  }
  await Promise.all([own.close(), shared.close()]);
});
