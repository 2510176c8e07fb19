// Live help as two people have it, from the question to the outcome: paid by a card, taken by one of three helpers, seen, heard,
// written to and shown a photo; and what is left of it where a page is killed or a network goes.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expectOk, until, type Json } from '../service/fixtures.js';
import type { TestHelper } from '../service/help-desk.js';
import { useHelpSite, type HelpSite, type PaidRequest } from './help-site.js';
import { observe } from './observation.js';
import { useBrowser } from './set-up.js';

let browser: Browser;
let site: HelpSite;
useBrowser((opened) => (browser = opened));
useHelpSite((opened) => (site = opened));
afterEach(() => site.closeDesks());

const request = (page: Page) => page.locator('marketplace-help-request');
const desk = (page: Page) => page.locator('marketplace-helper-desk');
const room = (page: Page) => page.locator('marketplace-session-room');
const chat = (page: Page) => page.locator('marketplace-session-chat');
const files = (page: Page) => page.locator('marketplace-session-files');
const outcome = (page: Page) => page.locator('marketplace-session-outcome');
const preflight = (page: Page) => page.locator('marketplace-session-preflight');
const inRoom = (page: Page, state: string) =>
  until(() => room(page).evaluate((element, name) => element.matches(`:state(${name})`), `room-${state}`));

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url + path);
  return page;
}

/** Frames of the other side that were shown by now. */
const frames = (page: Page) =>
  room(page).evaluate(
    ({ shadowRoot }) =>
      shadowRoot!.querySelector<HTMLVideoElement>('[part=remote-video]')?.getVideoPlaybackQuality()
        .totalVideoFrames ?? 0,
  );
async function seesTheOther(page: Page): Promise<void> {
  const before = await frames(page);
  await until(async () => (await frames(page)) > before + 5);
}

/** Looks at camera, microphone and connection, wherever that stands in a page. */
async function check(page: Page): Promise<void> {
  await preflight(page).getByRole('button', { name: 'Check now' }).click();
  await preflight(page).locator('[part~=continue-button]:not([aria-disabled=true])').click();
}
const joinCall = (page: Page) => room(page).getByRole('button', { name: 'Join the call' }).click();

async function write(page: Page, text: string): Promise<void> {
  await chat(page).getByRole('textbox').fill(text);
  await chat(page).getByRole('textbox').press('Enter');
}

/** One side sends what its screen shows; the other sees it, and gets it as it was sent. */
async function sendPhoto(from: Page, to: Page): Promise<void> {
  const photo = await from.screenshot();
  const chosen = { name: 'The tap.png', mimeType: 'image/png', buffer: photo };
  await files(from).locator('input[type=file]').first().setInputFiles(chosen);
  const { width, height } = from.viewportSize()!;
  const picture = files(to).getByRole('img', { name: 'Picture The tap.png' });
  // An empty one is 300 by 150.
  await until(() =>
    picture.evaluate(
      (canvas: HTMLCanvasElement, proportion) => Math.abs(canvas.width / canvas.height - proportion) < 0.05,
      width / height,
    ),
  );
  const link = await files(to)
    .getByRole('link', { name: /^Download/ })
    .getAttribute('href');
  const got = await to.evaluate(
    async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
    link!,
  );
  assert.ok(photo.equals(Buffer.from(got)), 'the photo came as it was sent');
}

/** Opens a helper's desk, and turns its switch. */
async function comeToDesk(context: BrowserContext, helper: TestHelper): Promise<Page> {
  const page = await open(context, `/desk/${helper.id}`);
  await desk(page).getByRole('radio', { name: 'Available' }).check();
  await desk(page).getByText('Nobody needs help just now.').waitFor();
  await site.scene.untilSeen([helper.id]);
  return page;
}

/** Asks for help, and pays. */
async function askAndPay(context: BrowserContext, words: string): Promise<Page> {
  site.customer = await site.scene.customer();
  const page = await open(context, '/');
  await request(page).getByRole('textbox').fill(words);
  await request(page).locator('[part~=ask-button]').click();
  const checkout = context.waitForEvent('page');
  await request(page).locator('[part~=pay-button]').click();
  const paying = await checkout;
  await paying.getByRole('button', { name: 'Pay' }).click();
  await paying.getByText('Thank you.').waitFor();
  await paying.close();
  return page;
}

/** A helper says how a talk has ended: at the desk, or beside the call. */
async function sayOutcome(element: Locator, name: string): Promise<void> {
  await element.getByRole('radio', { name, exact: true }).check();
  await element.getByRole('textbox').fill('A new seal.');
  await element.getByRole('button', { name: 'Save' }).click();
}

async function untilPayment(id: string, status: string): Promise<PaidRequest> {
  await until(async () => (await site.read(id)).payment_status === status);
  return site.read(id);
}

/** How often Stripe was asked for the money of a request, or to let it go. */
const askedOf = ({ id }: { id: string }) =>
  site.stripe.requests.flatMap(({ path }) => {
    const [, intent, what] = /payment_intents\/(\w+)\/(capture|cancel)$/.exec(path) ?? [];
    return intent === site.intentOf({ id })!.id ? [what] : [];
  });

async function statisticsOf({ id, token: as }: TestHelper): Promise<Json> {
  return expectOk(await site.scene.service.call('GET', `/helpers/${id}/stats`, { as }));
}

test('a customer asks and pays, three helpers press at once, the one who has it and the customer talk, and what was used is taken once', async () => {
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const [ofCustomer, ofHelpers] = contexts;
  const seen = contexts.map((context) => observe(context));
  const helpers = await Promise.all(['Maria', 'Igor', 'Ada'].map((name) => site.helper(name)));
  const desks = await Promise.all(helpers.map((helper) => comeToDesk(ofHelpers, helper)));
  const asking = await askAndPay(ofCustomer, 'The tap in the kitchen drips.');
  for (const page of desks) await desk(page).getByText('The tap in the kitchen drips.').waitFor();
  // A press that is on its way, as the others'.
  await Promise.all(
    desks.map((page) =>
      desk(page)
        .locator('[part~=claim-button]')
        .click({ timeout: 5000 })
        .catch(() => {}),
    ),
  );
  const { id } = await site.newest();
  await until(async () => (await site.read(id)).helper_id !== null);
  const { helper_id } = await site.read(id);
  const number = helpers.findIndex((helper) => helper.id === helper_id);
  const [winner, losers] = [helpers[number]!, helpers.filter((helper) => helper.id !== helper_id)];
  await request(asking).getByText(['Maria', 'Igor', 'Ada'][number]!).first().waitFor();
  for (const page of desks.filter((_, one) => one !== number)) {
    await desk(page).getByText('Somebody was faster.').first().waitFor();
    await page.close();
  }

  const opened = ofHelpers.waitForEvent('page');
  await desk(desks[number]!).locator('[part~=join-button]').click();
  const helping = await opened;
  // The customer has to look at camera and microphone before there is a way in.
  await request(asking).locator('[part~=join-button][aria-disabled=true]').click({ force: true });
  await request(asking).getByText('You can join once the check has passed.').first().waitFor();
  await check(asking);
  await request(asking).locator('[part=checked]').waitFor();
  await request(asking).locator('[part~=join-button]').click();
  await asking.waitForURL(`${site.url}/talk`);
  await Promise.all([check(helping), joinCall(asking)]);
  await Promise.all([inRoom(asking, 'connected'), inRoom(helping, 'connected')]);
  await Promise.all([seesTheOther(asking), seesTheOther(helping)]);

  await write(helping, 'Which tap is it?');
  await chat(asking).locator('[part~=other-message]').filter({ hasText: 'Which tap is it?' }).waitFor();
  await write(asking, 'The left one.');
  await chat(helping).locator('[part~=other-message]').filter({ hasText: 'The left one.' }).waitFor();

  await sendPhoto(asking, helping);

  const session = asking.locator('marketplace-session');
  await session.getByRole('button', { name: 'Add time' }).click();
  await asking.getByRole('dialog').locator('[part~=confirm-button]').click();
  await session.getByText('24:').first().waitFor();
  await session.getByRole('button', { name: 'End' }).click();
  await asking.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await Promise.all([inRoom(asking, 'ended'), inRoom(helping, 'ended')]);

  await sayOutcome(desk(desks[number]!), 'Resolved');
  await desk(desks[number]!).locator('[part~=completed-request]').waitFor({ state: 'detached' });
  assert.equal((await site.read(id)).outcome, 'resolved');
  const over = await untilPayment(id, 'captured');
  const cost = Math.ceil((2_500 * over.used_seconds!) / 600);
  assert.ok(cost > 0 && cost < 2_500);
  assert.equal(over.captured_amount, cost);
  assert.equal(site.intentOf(over)!.amount_received, cost);
  assert.deepEqual(askedOf(over), ['capture']);
  // The time that was added was paid by tokens; what was not used of it is back.
  const { available, held } = await site.scene.wallet(site.customer);
  assert.equal(held, 0);
  assert.ok(available > 850 && available <= 1_000, `${available} tokens`);
  const talked = {
    outcomes: { resolved: 1, unresolved: 0, in_person: 0 },
    average_used_seconds: over.used_seconds,
  };
  const counted = { offered: 1, claimed: 1, declined: 0, missed: 0, completed: 1, ...talked };
  assert.deepEqual(await statisticsOf(winner), counted);
  for (const loser of losers) {
    const { offered, claimed, missed, completed } = await statisticsOf(loser);
    assert.deepEqual([offered, claimed, missed, completed], [1, 0, 0, 0]);
  }
  // Browsers complain of what the service refuses: who was slower, and what comes after the end. Of nothing else.
  for (const { consoleLines } of seen)
    assert.deepEqual(
      consoleLines.filter((line) => !/409|410/.test(line)),
      [],
    );
  await Promise.all(contexts.map((context) => context.close()));
});

/** A talk that is paid, in the pages of both sides. */
async function talk(contexts: readonly [BrowserContext, BrowserContext]) {
  const { scene } = site;
  const helper = await site.helper('Maria');
  await scene.setAvailability(helper, 'available');
  const sitting = await scene.desk(helper);
  const asked = expectOk(await scene.ask(await scene.customer())) as PaidRequest;
  await site.pay(asked.checkout_url!);
  await until(() => sitting.isOffered(asked.id));
  const { session_id } = expectOk(await scene.answer(helper, asked.id, 'claim'));
  sitting.leave();
  const helping = `/helping/${helper.id}/${session_id!}`;
  const pages = await Promise.all([
    open(contexts[0], await site.launch(session_id!)),
    open(contexts[1], helping),
  ]);
  await Promise.all([joinCall(pages[0]), check(pages[1])]);
  await Promise.all(pages.map((page) => inRoom(page, 'connected')));
  return { id: asked.id, sessionId: session_id!, pages, helping };
}

test('the helper’s tab is killed while the customer’s network is gone for 20 s: both are back in the call, nothing written is lost, and it is paid once', async () => {
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const { id, sessionId, pages, helping } = await talk(contexts);
  const [asking, killed] = pages;
  await Promise.all([seesTheOther(asking), seesTheOther(killed)]);
  await contexts[0].setOffline(true);
  const goneAt = Date.now();
  const devtools = await contexts[1].newCDPSession(killed);
  void devtools.send('Page.crash').catch(() => {});
  await write(asking, 'Can you hear me?');
  const streams: string[] = [];
  contexts[1].on('request', (asked) => {
    if (asked.url().endsWith(`/sessions/${sessionId}/events`)) streams.push(asked.url());
  });
  const back = await open(contexts[1], helping);
  await check(back);
  await asking.waitForTimeout(20_000 - (Date.now() - goneAt));
  assert.equal(await chat(back).locator('[part~=other-message]').count(), 0);
  await contexts[0].setOffline(false);
  await chat(back).locator('[part~=other-message]').filter({ hasText: 'Can you hear me?' }).waitFor();
  await Promise.all([asking, back].map((page) => inRoom(page, 'connected')));
  await Promise.all([seesTheOther(asking), seesTheOther(back)]);
  assert.equal(streams.length, 1, 'room, chat and files hear the session by one connection');
  assert.equal(await chat(back).locator('[part~=other-message]').count(), 1);
  assert.equal((await site.read(id)).status, 'in_progress');

  const as = site.scene.application.secretKey;
  expectOk(await site.scene.service.call('POST', `/sessions/${sessionId}/end`, { as }));
  await Promise.all([asking, back].map((page) => inRoom(page, 'ended')));
  await sayOutcome(outcome(back), 'Not resolved');
  await outcome(back).locator('[part=given-outcome]').getByText('Not resolved').waitFor();
  const over = await untilPayment(id, 'captured');
  assert.ok(over.used_seconds! >= 20);
  assert.equal(over.captured_amount, Math.ceil((2_500 * over.used_seconds!) / 600));
  assert.deepEqual(askedOf(over), ['capture']);
  await Promise.all(contexts.map((context) => context.close()));
});

test('nobody is free: the customer has paid, is told, and has the money back once nobody has come', async () => {
  await site.searchFor(10);
  const context = await browser.newContext();
  const page = await askAndPay(context, 'Is somebody there?');
  await request(page).getByText('Nobody is free').first().waitFor();
  const asked = await site.newest();
  assert.deepEqual([asked.status, asked.payment_status], ['open', 'authorized']);
  await request(page).getByText('Nobody was free').first().waitFor();
  const { status, reason } = await untilPayment(asked.id, 'released');
  assert.deepEqual([status, reason], ['expired', 'nobody_free']);
  assert.equal(site.intentOf(asked)!.status, 'canceled');
  assert.deepEqual(askedOf(asked), ['cancel']);
  await context.close();
});
