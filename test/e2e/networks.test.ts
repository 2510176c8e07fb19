// Networks that fail in every way: nothing is charged twice, nothing is lost, the page says what is going on.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../service/fixtures.js';
import type { SeenRequest } from './session-line.js';
import { ask, complaintsOf, heard, noteEvents, open, running } from './session-pages.js';
import type { SessionWorld, Sold } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let context: BrowserContext;
let complaints: string[];

useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB' });
  complaints = complaintsOf(context);
  await noteEvents(context, 'session-extend', 'session-connection', 'session-end', 'session-complete');
});
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, [], 'the console stays clean');
});

const changes = ['extend', 'pause', 'resume', 'complete'];
const isChange = ({ call, method }: SeenRequest) => method === 'POST' && changes.includes(call);

const connection = (page: Page) => ask(page, (element) => element.snapshot.connection);
const state = (page: Page) => ask(page, (element) => element.snapshot.state);
const banner = (page: Page) => page.locator('marketplace-session [part~=banner][part~=connection]');

/** Waits until the late parts are there and a heartbeat has been answered: the page is ready for anything. */
async function openFor(sold: Sold): Promise<Page> {
  const page = await open(context, sold.address);
  await until(() => world.line.calls('heartbeat').some(({ status }) => status === 200));
  await page.locator('marketplace-session [part~=end-button]').first().waitFor();
  return page;
}

/** The page's deadline is that of the service, to the second. */
async function hasRightDeadline(page: Page, sold: Sold): Promise<void> {
  const { expires_at } = await world.session(sold);
  assert.equal(await ask(page, (element) => element.snapshot.session!.expires_at), expires_at);
}

test('two minutes offline: what was asked waits and is sent once, in order; nothing is bought; the banner comes and goes', async () => {
  await context.clock.install({ time: world.now() });
  const sold = await world.sell(600);
  const page = await openFor(sold);
  await context.setOffline(true);
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.connection === 'offline',
  );
  world.line.seen.length = 0;
  await page.evaluate(() => {
    const element = document.querySelector('marketplace-session')!;
    const results: string[] = ((window as unknown as { results: string[] }).results = []);
    void (async () => {
      for (const call of ['extend', 'pause', 'resume'] as const) {
        await element[call](15).then(
          () => results.push(`${call} done`),
          (error: { code: string }) => results.push(`${call} ${error.code}`),
        );
      }
    })();
  });
  await world.pass(3, page);
  await banner(page).waitFor();
  await world.pass(117, page);
  assert.equal(await connection(page), 'offline');
  // The browser's own preflights pass an emulated loss of the network.
  assert.deepEqual(
    world.line.seen.filter(({ method }) => method !== 'OPTIONS'),
    [],
  );
  await context.setOffline(false);
  await page.waitForFunction(() => (window as unknown as { results: string[] }).results.length === 3);
  assert.deepEqual(await page.evaluate(() => (window as unknown as { results: string[] }).results), [
    'extend NETWORK_FAILED',
    'pause done',
    'resume done',
  ]);
  const sent = world.line.seen.filter(isChange);
  assert.deepEqual(
    sent.map(({ call }) => call),
    ['pause', 'resume'],
  );
  assert.equal(await world.spent(sold), 10);
  await hasRightDeadline(page, sold);
  await world.pass(6, page);
  await until(async () => (await banner(page).count()) === 0);
});

describe('every change', () => {
  const faults = {
    'lose answer': 'whose answer is lost',
    'break answer': 'whose answer breaks off',
    double: 'that arrives twice',
    cut: 'that does not arrive the first time',
  } as const;

  /** Extends, pauses, resumes and ends, by the page. */
  async function doEverything(page: Page): Promise<void> {
    await ask(page, (element) => element.extend(15));
    await ask(page, (element) => element.pause());
    await ask(page, (element) => element.resume());
    await ask(page, (element) => element.end());
  }

  /** It was bought, paused, resumed and ended once, and the bill is the service's. */
  async function onceEach(page: Page, sold: Sold): Promise<void> {
    const session = await world.session(sold);
    assert.equal(session.status, 'completed');
    assert.equal(session.duration_limit_seconds, 1500);
    const events = await heard(page);
    const of = (type: string) => events.filter((event) => event.type === type);
    assert.equal(of('session-extend').length, 1);
    assert.equal(of('session-end').length, 1);
    assert.deepEqual(
      of('session-complete').map(({ finalCost }) => finalCost),
      [session.final_cost],
    );
    assert.equal(await world.spent(sold), session.final_cost);
  }

  for (const [fault, what] of Object.entries(faults) as [keyof typeof faults, string][])
    test(`${what} is made once`, async () => {
      const sold = await world.sell(600, {}, 'no-redirect');
      const page = await openFor(sold);
      const lost = new Set<string>();
      world.line.fault = (request) => {
        if (!isChange(request) || lost.has(request.call)) return undefined;
        lost.add(request.call);
        return fault;
      };
      await doEverything(page);
      assert.deepEqual([...lost], changes);
      await onceEach(page, sold);
    });
});

test('answers that come five seconds late: an extension counts once, and no older answer takes it back', async () => {
  const sold = await world.sell(600);
  const page = await openFor(sold);
  world.line.fault = () => ({ delayMs: 5000 });
  const [before] = await Promise.all([ask(page, (element) => element.snapshot.deadline!)]);
  // A heartbeat that was answered before the extension comes in after it.
  await until(() => world.line.calls('heartbeat').some(({ status }) => status === null));
  world.line.fault = (request) => (request.call === 'extend' ? undefined : { delayMs: 5000 });
  await ask(page, (element) => element.extend(15));
  const deadlines = new Set<number>();
  const answered = world.line.calls('heartbeat').filter(({ status }) => status === null).length;
  assert.ok(answered > 0);
  const at = Date.now();
  while (Date.now() - at < 6000) deadlines.add(await ask(page, (element) => element.snapshot.deadline!));
  assert.deepEqual([...deadlines], [before + 900_000]);
  world.line.fault = (request) => (request.call === 'extend' ? { delayMs: 5000 } : undefined);
  await ask(page, (element) => element.extend(15));
  assert.equal(await world.spent(sold), 10 + 30);
  await hasRightDeadline(page, sold);
});

test('what was asked for and not sent before a reload is sent after it, once', async () => {
  const sold = await world.sell(600);
  const page = await openFor(sold);
  world.line.fault = ({ call }) => (call === 'pause' ? 'cut' : undefined);
  await page.evaluate(
    () =>
      void document
        .querySelector('marketplace-session')!
        .pause()
        .catch(() => {}),
  );
  await until(() => world.line.calls('pause').length > 0);
  await page.reload();
  world.line.fault = () => undefined;
  await until(async () => (await world.session(sold)).status === 'paused');
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')?.snapshot.state === 'paused',
  );
  const keys = world.line.calls('pause').map(({ headers }) => headers['idempotency-key']);
  assert.equal(new Set(keys).size, 1);
  assert.equal(world.line.calls('pause').filter(({ status }) => status === 200).length, 1);
});

test('the service goes down and comes up again: the banner comes and goes, the session goes on', async () => {
  const sold = await world.sell(600);
  const page = await openFor(sold);
  await world.stopService();
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.connection === 'reconnecting',
  );
  await banner(page).waitFor();
  assert.equal(await state(page), 'active');
  await world.startService();
  // Unless its own next try was quicker.
  void banner(page)
    .getByRole('button', { name: 'Try now' })
    .click()
    .catch(() => {});
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.connection === 'online',
  );
  await ask(page, (element) => element.extend(15));
  assert.equal(await world.spent(sold), 25);
  await hasRightDeadline(page, sold);
  await until(() => world.line.openStreams === 1);
  await until(async () => (await banner(page).count()) === 0);
});

test('an event that was sent while the stream was down arrives after it, once', async () => {
  const sold = await world.sell(600);
  const page = await openFor(sold);
  await until(() => world.line.openStreams === 1);
  // The first event of the stream says where to go on.
  await world.extendFromServer(sold);
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.session!.duration_limit_seconds === 1500,
  );
  // Heartbeats stay away, longer than a page waits, and are not lost yet: what comes, comes by the stream.
  const heartbeatsAway = ({ call }: { call: string }) =>
    call === 'heartbeat' ? { delayMs: 11_000 } : undefined;
  world.line.fault = (request) => (request.call === 'events' ? 'cut' : heartbeatsAway(request));
  world.line.cutStreams();
  await until(() => world.line.openStreams === 0);
  await world.extendFromServer(sold);
  const resumed = world.line.calls('events').length;
  world.line.fault = heartbeatsAway;
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.session!.duration_limit_seconds === 2400,
    null,
    { timeout: 40_000 },
  );
  assert.ok(
    world.line
      .calls('events')
      .slice(resumed)
      .some(({ headers, status }) => status === 200 && headers['last-event-id']),
  );
  const extended = (await heard(page)).filter(({ type }) => type === 'session-extend');
  assert.deepEqual(
    extended.map(({ additionalSeconds }) => additionalSeconds),
    [900, 900],
  );
});

for (const proof of ['off', 'required']) {
  test(`an end that is asked for while the page is being left arrives, with proof of possession ${proof}`, async () => {
    const sold = await world.sell(600, { proof_of_possession: proof });
    const page = await openFor(sold);
    await page.evaluate(() =>
      addEventListener('pagehide', () => void document.querySelector('marketplace-session')!.end()),
    );
    await page.goto('about:blank');
    await until(async () => (await world.session(sold)).status === 'completed');
    assert.equal(world.line.calls('complete').length, 1);
  });
}

test('a network that was away while the time ran out: the bill comes with it', async () => {
  await context.clock.install({ time: world.now() });
  const sold = await world.sell(60, {}, 'no-redirect');
  const page = await running(await openFor(sold));
  await context.setOffline(true);
  await world.pass(70, page);
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.state === 'ending',
  );
  await context.setOffline(false);
  await page.waitForFunction(() => document.querySelector('marketplace-session')!.snapshot.state === 'ended');
  const { final_cost, status } = await world.session(sold);
  assert.equal(status, 'expired');
  assert.equal(await ask(page, (element) => element.snapshot.session!.final_cost), final_cost);
});
