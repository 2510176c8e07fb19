// Renderers that stand still: nothing that a page could notice while it lasts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../service/fixtures.js';
import { ask, open } from './session-pages.js';
import { showsSecondsLeft, type Sold, type SessionWorld } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

const intervalSeconds = 15;
const standstillMs = 90_000;

let world: SessionWorld;
let browser: Browser;

useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened), { limits: { heartbeatSeconds: intervalSeconds } });

interface TraceEvent {
  name: string;
  args: { data?: { frames?: { url: string; processId: number }[] } };
}

/** The process that draws a page: a trace of the browser names it with each of the page's frames. */
async function processOf(page: Page): Promise<number> {
  await browser.startTracing(page);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const frames = traceEvents
    .filter(({ name }) => name === 'TracingStartedInBrowser')
    .flatMap(({ args }) => args.data?.frames ?? []);
  return frames.find(({ url }) => url === page.url())!.processId;
}

/** Opens an address in a tab. */
async function openInProcess(
  context: BrowserContext,
  address: string,
): Promise<{ page: Page; process: number }> {
  const page = await open(context, address);
  await page.locator('marketplace-session [part~=end-button]').first().waitFor();
  return { page, process: await processOf(page) };
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
  // None is under way then, nor due for long.
  const before = heartbeats(alone).length;
  await until(() => heartbeats(alone).length > before, 2 * intervalSeconds * 1000);
  const at = Date.now();
  const askedBefore = heartbeats(alone).length;
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
  await until(() => heartbeats(alone).length > askedBefore);
  // On a busy machine the next one may have come by now, in its time.
  const [first, second] = heartbeats(alone).slice(askedBefore);
  assert.ok(!second || second.at - first!.at > 0.8 * intervalSeconds * 1000, 'it asks once');

  // No interval was missed, none doubled: also not by the tab that came back to lead.
  await until(() => heartbeats(among).at(-1)!.at > backAt + 1000, 2 * intervalSeconds * 1000);
  const instants = heartbeats(among).map((request) => request.at);
  /** An interval with its jitter, and what a busy machine adds; with one left out it would be 27 s. */
  const areRegular = (asked: number[]) =>
    asked
      .slice(1)
      .map((instant, index) => ({ instant, gap: (instant - asked[index]!) / 1000 / intervalSeconds }))
      .every(({ instant, gap }) => instant <= at || (gap > 0.8 && gap < 1.6));
  // The one that comes back may ask once before it has heard that another leads.
  const mayBeExtra = instants.filter((instant) => instant > backAt && instant < backAt + 2000);
  const asked = [undefined, ...mayBeExtra].map((extra) => instants.filter((instant) => instant !== extra));
  assert.ok(instants.filter((instant) => instant > at).length >= 5, `${instants.length} heartbeats`);
  assert.ok(
    asked.some(areRegular),
    `heartbeats ${instants.map((instant) => (instant - backAt) / 1000)} s after the standstill`,
  );
  await Promise.all([own.close(), shared.close()]);
});
