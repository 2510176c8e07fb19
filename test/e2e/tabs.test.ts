// Many tabs, one browser: one of them asks the service, and all of them know.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { until } from '../service/fixtures.js';
import { ask, failure, open as openTab } from './session-pages.js';
import type { SessionWorld, Sold } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let context: BrowserContext;

useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

/** Opens several tabs of one session; the first one has the session token. */
async function openTabs(sold: Sold, count: number): Promise<Page[]> {
  const tabs = [await openTab(context, sold.address)];
  while (tabs.length < count) tabs.push(await openTab(context, sold.bareAddress));
  return tabs;
}

/** The tab whose heartbeat is seen next. */
async function leader(): Promise<Page> {
  const request = await context.waitForEvent('request', (request) =>
    Boolean(request.method() === 'POST' && request.url().endsWith('/heartbeat')),
  );
  return request.frame().page();
}

/** Milliseconds between heartbeats that follow each other. */
const gaps = () => {
  const at = world.line.calls('heartbeat').map((request) => request.at);
  return at.slice(1).map((instant, index) => instant - at[index]!);
};

const deadlines = (tabs: Page[]) =>
  Promise.all(tabs.map((page) => ask(page, (element) => element.snapshot.deadline)));

async function allReach<T>(tabs: Page[], question: (element: MarketplaceSessionElement) => T, wanted: T) {
  await until(async () => {
    const answers = await Promise.all(tabs.map((page) => ask(page, question)));
    return answers.every((answer) => answer === wanted);
  });
}

describe('ten tabs of one session', () => {
  test('are one heartbeat an interval and one stream, and show the same second', async () => {
    const sold = await world.sell();
    const tabs = await openTabs(sold, 10);
    assert.equal(world.line.calls('validate').length, 1);
    world.line.seen.length = 0;
    await until(() => world.line.calls('heartbeat').length >= 6);
    // The interval is a second, give or take a tenth; the machine may be slow, but never early.
    for (const gap of gaps()) assert.ok(gap > 800, `${gap} ms between two heartbeats`);
    assert.equal(world.line.openStreams, 1);
    assert.equal(new Set(await deadlines(tabs)).size, 1);
  });

  test('closed or crashed, the leader is followed: no interval is missed or doubled', async () => {
    const sold = await world.sell();
    let tabs = await openTabs(sold, 4);
    // The service has said by now how often it wants to be asked.
    await until(() => world.line.calls('heartbeat').filter(({ status }) => status === 200).length >= 2);
    for (const way of ['close', 'crash'] as const) {
      const first = await leader();
      tabs = tabs.filter((page) => page !== first);
      world.line.seen.length = 0;
      if (way === 'close') await first.close();
      else {
        const devtools = await context.newCDPSession(first);
        const crashed = first.waitForEvent('crash');
        void devtools.send('Page.crash').catch(() => {});
        await crashed;
      }
      await until(() => world.line.calls('heartbeat').length >= 4);
      // A tab that hangs is waited for longer, and one that leads anew and asks at once would be told from this.
      for (const gap of gaps()) assert.ok(gap > 500 && gap < 5000, `${gap} ms between two heartbeats`);
      await until(() => world.line.openStreams === 1);
      if (way === 'crash') await first.close();
    }
  });
});

describe('what one tab does', () => {
  test('extend pressed in two tabs at once extends once, and all show the new second', async () => {
    const sold = await world.sell();
    const tabs = await openTabs(sold, 3);
    const [before] = await deadlines(tabs);
    await Promise.all(tabs.slice(0, 2).map((page) => ask(page, (element) => element.extend(15))));
    await allReach(tabs, (element) => element.snapshot.session!.duration_limit_seconds, 1500);
    assert.deepEqual(await deadlines(tabs), Array(3).fill(before! + 900_000));
    assert.equal(await world.spent(sold), 10 + 15);
  });

  test('pressed again later it extends again', async () => {
    const sold = await world.sell();
    const tabs = await openTabs(sold, 2);
    await ask(tabs[0]!, (element) => element.extend(15));
    await allReach(tabs, (element) => element.snapshot.session!.duration_limit_seconds, 1500);
    await ask(tabs[1]!, (element) => element.extend(15));
    await allReach(tabs, (element) => element.snapshot.session!.duration_limit_seconds, 2400);
    assert.equal(await world.spent(sold), 10 + 30);
  });

  test('paused and resumed in one, all of them are', async () => {
    const tabs = await openTabs(await world.sell(), 3);
    await Promise.all(tabs.map((page) => ask(page, (element) => element.pause())));
    await allReach(tabs, (element) => element.snapshot.state, 'paused');
    await ask(tabs[2]!, (element) => element.resume());
    await allReach(tabs, (element) => element.snapshot.state, 'active');
  });

  test('ending in one ends all, with one bill', async () => {
    const sold = await world.sell(600, {}, 'no-redirect');
    const tabs = await openTabs(sold, 3);
    await ask(tabs[1]!, (element) => element.end());
    await allReach(tabs, (element) => element.snapshot.state, 'ended');
    const bills = await Promise.all(
      tabs.map((page) => ask(page, (element) => element.snapshot.session!.final_cost)),
    );
    assert.deepEqual(bills, Array(3).fill((await world.session(sold)).final_cost));
    for (const page of tabs)
      assert.deepEqual(await page.evaluate(() => Object.values({ ...sessionStorage })), ['ended']);
    assert.equal(
      await context.newPage().then((page) => page.goto(sold.bareAddress).then(() => page.title())),
      'An app',
    );
  });

  test('the end leads every tab that is looked at back', async () => {
    const tabs = await openTabs(await world.sell(60), 2);
    await tabs[0]!.evaluate(() => void document.querySelector('marketplace-session')!.end());
    for (const page of tabs) await page.waitForURL('**/elsewhere?session_id=*');
  });
});

test('the last warning is one dialog per group of tabs: in windows side by side one answer closes it in all, until the next deadline', async () => {
  const sold = await world.sell(3600, {}, 'warning-seconds=1800');
  const tabs = await openTabs(sold, 2);
  const open = () => Promise.all(tabs.map((page) => page.getByRole('dialog').isVisible()));
  const become = (...wanted: boolean[]) => until(async () => String(await open()) === String(wanted));
  for (const secondsOver of [1850, 900]) {
    await world.pass(secondsOver);
    await become(true, true);
    await tabs[1]!.getByRole('button', { name: 'Keep going' }).click();
    await become(false, false);
    // Nor does a tab ask that comes later.
    tabs.push(await openTab(context, sold.bareAddress));
    await until(() => ask(tabs[2]!, (element) => element.snapshot.answeredWarning === 1800));
    const { length } = world.line.calls('heartbeat');
    await until(() => world.line.calls('heartbeat').length > length + 1);
    assert.deepEqual(await open(), [false, false, false]);
    await tabs.pop()!.close();
    await ask(tabs[0]!, (element) => element.extend(15));
    await allReach(tabs, (element) => element.snapshot.warning, null);
  }
});

describe('a tab without a session token', () => {
  /** Takes note of everything that tabs tell each other, and of what is written down for them. */
  const spy = () =>
    context.addInitScript(() => {
      const post = BroadcastChannel.prototype.postMessage;
      const told: string[] = ((window as unknown as { told: string[] }).told = []);
      BroadcastChannel.prototype.postMessage = function (message) {
        told.push(JSON.stringify(message));
        post.call(this, message);
      };
      const write = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) {
        if (this === localStorage) told.push(`${key} ${value}`);
        write.call(this, key, value);
      };
    });
  const told = async (tabs: Page[]) =>
    (
      await Promise.all(
        tabs.map((page) => page.evaluate(() => (window as unknown as { told: string[] }).told.join('\n'))),
      )
    ).join('\n');

  test('joins a bound session, token and all: it goes on when the first tab is gone', async () => {
    const sold = await world.sell(600, { proof_of_possession: 'required' });
    const [first, second] = await openTabs(sold, 2);
    await first!.close();
    world.line.seen.length = 0;
    await until(() => world.line.calls('heartbeat').length >= 2);
    await ask(second!, (element) => element.extend(15));
    assert.equal(await world.spent(sold), 25);
  });

  test('of a session that is not bound asks through the tab that has it, and never sees it', async () => {
    const sold = await world.sell(600, { proof_of_possession: 'off' });
    await spy();
    const tabs = await openTabs(sold, 2);
    await ask(tabs[1]!, (element) => element.extend(15));
    await allReach(tabs, (element) => element.snapshot.session!.duration_limit_seconds, 1500);
    assert.equal(await world.spent(sold), 25);
    const everything = await told(tabs);
    assert.match(everything, /"type":"state"/);
    assert.doesNotMatch(everything, /eyJ/);
    assert.equal(await tabs[1]!.evaluate(() => sessionStorage.length), 0);
  });

  test('without BroadcastChannel, nothing is written down that opens anything', async () => {
    const sold = await world.sell(600, { proof_of_possession: 'required' });
    await spy();
    await context.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
    const tabs = await openTabs(sold, 2);
    await ask(tabs[1]!, (element) => element.extend(15));
    await allReach(tabs, (element) => element.snapshot.session!.duration_limit_seconds, 1500);
    const everything = await told(tabs);
    assert.match(everything, /"type":"state"/);
    assert.doesNotMatch(everything, /eyJ/);
    assert.equal(await tabs[0]!.evaluate(() => localStorage.length), 0);
  });

  test('finds nothing where no tab runs a session', async () => {
    const { bareAddress } = await world.sell();
    const page = await context.newPage();
    await page.goto(bareAddress);
    assert.equal((await failure(page)).code, 'TOKEN_MISSING');
  });
});

test('without Web Locks a lease decides, and a tab that is gone is followed', async () => {
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  await openTabs(await world.sell(), 3);
  world.line.seen.length = 0;
  const first = await leader();
  await until(() => world.line.calls('heartbeat').length >= 3);
  for (const gap of gaps()) assert.ok(gap > 500, `${gap} ms between two heartbeats`);
  await first.close();
  world.line.seen.length = 0;
  await until(() => world.line.calls('heartbeat').length >= 3);
});

test('two applications and two sessions of one origin do not mix', async () => {
  const one = await world.sell();
  const other = await world.sell();
  const third = await world.sell(600, { tokens_per_minute: 2 });
  const tabs = [
    await openTab(context, one.address),
    await openTab(context, other.address),
    await openTab(context, third.address),
  ];
  await ask(tabs[0]!, (element) => element.extend(15));
  await ask(tabs[2]!, (element) => element.pause());
  await until(() => world.line.calls('heartbeat').length >= 6);
  const ids = await Promise.all(tabs.map((page) => ask(page, (element) => element.snapshot.session!.id)));
  assert.deepEqual(ids, [one.id, other.id, third.id]);
  const durations = await Promise.all(
    tabs.map((page) => ask(page, (element) => element.snapshot.session!.duration_limit_seconds)),
  );
  assert.deepEqual(durations, [1500, 600, 600]);
  assert.equal(await ask(tabs[1]!, (element) => element.snapshot.state), 'active');
});

test('what else is posted on the line changes nothing', async () => {
  const sold = await world.sell();
  const [page] = await openTabs(sold, 1);
  const faults: string[] = [];
  page!.on('pageerror', (error) => faults.push(error.message));
  const before = await ask(page!, (element) => element.snapshot.deadline);
  await page!.evaluate(() => {
    const element = document.querySelector('marketplace-session')!;
    const { session } = element.snapshot;
    const name = `marketplace-session:${element.applicationId}@${element.apiEndpoint}`;
    const channel = new BroadcastChannel(name);
    const clock = { deviceAt: Date.now(), serverAt: Date.now(), errorMs: 0 };
    const state = {
      type: 'state',
      sessionId: session!.id,
      session: { ...session, expires_at: session!.expires_at! - 500, remaining_seconds: 1 },
      saidAt: 1,
      clock,
      connection: 'online',
      retryAt: null,
      capabilities: ['idempotency'],
      isPausedByHiding: false,
    };
    const shorter = { ...state.session, expires_at: 1 };
    const messages = [
      state,
      { ...state, sessionId: 'another', saidAt: Date.now() + 1e6, session: shorter },
      { ...state, saidAt: 'soon' },
      { ...state, session: null },
      { ...state, clock: { deviceAt: NaN, serverAt: 0, errorMs: 0 } },
      { type: '__proto__', sessionId: session!.id },
      { type: 'constructor', sessionId: session!.id },
      { type: 'refused', sessionId: session!.id, code: 'NETWORK_FAILED' },
      {
        type: 'request',
        sessionId: session!.id,
        id: 'x',
        method: 'POST',
        path: '/sessions/../../keys',
        body: {},
      },
      { type: 'pulse', sessionId: session!.id, epoch: Infinity, beatAt: Infinity },
      null,
      'text',
      17,
      [],
      'x'.repeat(1_000_000),
    ];
    for (const message of messages) channel.postMessage(message);
    channel.close();
  });
  await until(() => world.line.calls('heartbeat').length >= 2);
  assert.equal(await ask(page!, (element) => element.snapshot.deadline), before);
  assert.deepEqual(faults, []);
  assert.ok(world.line.seen.every(({ path }) => !path.endsWith('/keys')));
});
