// "Talk to somebody", as a newcomer finds it in the demo: a customer's page and a helper's desk, from the question to the outcome.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { customerId } from '../../demo/marketplace/seed.js';
import { helper } from '../../demo/marketplace/help-catalogue.js';
import { until } from '../service/fixtures.js';
import type { DemoWorld } from './demo-world.js';
import { observe } from './observation.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const request = (page: Page) => page.locator('marketplace-help-request');
const desk = (page: Page) => page.locator('marketplace-helper-desk');
const room = (page: Page) => page.locator('marketplace-session-room');
const chat = (page: Page) => page.locator('marketplace-session-chat');
const files = (page: Page) => page.locator('marketplace-session-files');
const isIn = (page: Page, name: string, state: string) =>
  until(() => page.locator(name).evaluate((element, wanted) => element.matches(`:state(${wanted})`), state));

async function seesTheOther(page: Page): Promise<void> {
  const frames = () =>
    room(page).evaluate(
      ({ shadowRoot }) =>
        shadowRoot!.querySelector<HTMLVideoElement>('[part=remote-video]')?.getVideoPlaybackQuality()
          .totalVideoFrames ?? 0,
    );
  const before = await frames();
  await until(async () => (await frames()) > before + 5);
}

async function openDesk(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${world.demo.providerUrl}/desk/`);
  await desk(page).getByRole('radio', { name: 'Available' }).check();
  await desk(page).getByText('Nobody needs help just now.').waitFor();
  return page;
}

async function ask(context: BrowserContext, words: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(world.demo.marketplaceUrl);
  await page.getByRole('link', { name: 'Talk to somebody' }).click();
  await request(page).getByRole('combobox').selectOption({ label: 'Something drips or leaks' });
  await request(page).getByRole('textbox').fill(words);
  await request(page).locator('[part~=ask-button]').click();
  return page;
}

test('what does not come is told where it would stand, and drawn once it is there', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  const parts = '**/*-part-*.js*';
  await page.route(parts, (route) => route.abort());
  await page.goto(`${world.demo.providerUrl}/desk/talk.html?session_id=none&request_id=none`);
  const elements = [room(page), chat(page), files(page), page.locator('marketplace-session-outcome')];
  for (const element of elements) await element.getByText('Part of the page is missing').waitFor();
  await page.unroute(parts);
  for (const element of elements)
    await element.getByText('Part of the page is missing').waitFor({ state: 'detached' });
  await context.close();
});

test('nobody is there: the customer is told, waits, and gives it up for nothing', async () => {
  const context = await world.newContext();
  const before = (await world.demo.operator.customers.retrieve(customerId)).wallet;
  const page = await ask(context, 'Is somebody there?');
  await request(page).getByText('Nobody is free').first().waitFor();
  const held = page.locator('.wallet-held');
  await held.waitFor();
  await request(page).locator('[part~=cancel-button]').click();
  await isIn(page, 'marketplace-help-request', 'ended');
  await held.waitFor({ state: 'detached' });
  assert.deepEqual((await world.demo.operator.customers.retrieve(customerId)).wallet, before);
  await context.close();
});

test('a customer asks, a helper takes it, both see, write and send a photo to each other, and what was used is paid', async () => {
  const contexts = [await world.newContext(), await world.newContext()] as const;
  const seen = contexts.map((context) => observe(context));
  const [ofCustomer, ofHelper] = contexts;
  const before = (await world.demo.operator.customers.retrieve(customerId)).wallet;
  const desking = await openDesk(ofHelper);
  const asking = await ask(ofCustomer, 'The tap in the kitchen drips.');
  await isIn(asking, 'marketplace-help-request', 'waiting');

  await desk(desking).getByText('The tap in the kitchen drips.').waitFor();
  await desk(desking)
    .getByRole('button', { name: /^Accept/ })
    .click();
  const opened = ofHelper.waitForEvent('page');
  await desk(desking).getByRole('link', { name: /^Join/ }).click();
  const helping = await opened;
  await request(asking).getByText('Mira').first().waitFor();
  await request(asking).locator('[part~=join-button]').click();
  await asking.waitForURL(`${world.demo.providerUrl}/handy/**`);
  await asking.locator('marketplace-session').getByText('14:').first().waitFor();

  for (const page of [asking, helping])
    await room(page).getByRole('button', { name: 'Join the call' }).click();
  await Promise.all([seesTheOther(asking), seesTheOther(helping)]);
  await chat(helping).getByRole('textbox').fill('Which tap is it?');
  await chat(helping).getByRole('textbox').press('Enter');
  await chat(asking).getByText('Which tap is it?').waitFor();

  const photo = await asking.screenshot();
  const chosen = { name: 'The tap.png', mimeType: 'image/png', buffer: photo };
  await files(asking).locator('input[type=file]').first().setInputFiles(chosen);
  await files(helping).getByText('The tap.png').waitFor();
  const picture = files(helping).getByRole('img', { name: 'Picture The tap.png' });
  await until(() => picture.evaluate((canvas: HTMLCanvasElement) => canvas.width > 300));
  const link = await files(helping)
    .getByRole('link', { name: /^Download/ })
    .getAttribute('href');
  const got = await helping.evaluate(async (url) => {
    const response = await fetch(url);
    return [...new Uint8Array(await response.arrayBuffer())];
  }, link!);
  assert.ok(photo.equals(Buffer.from(got)), 'the photo came as it was sent');

  await asking.locator('marketplace-session').getByRole('button', { name: 'Add time' }).click();
  const dialog = asking.getByRole('dialog');
  await dialog.locator('[part~=confirm-button]').click();
  await asking.locator('marketplace-session').getByText('29:').first().waitFor();

  await asking.locator('marketplace-session').getByRole('button', { name: 'End' }).click();
  await asking.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await isIn(helping, 'marketplace-session-room', 'room-ended');
  const { data: requests } = await world.demo.operator.helpRequests.list({ providerId: 'lantern' });
  const [talk] = requests;
  assert.equal(talk!.helperId, helper.id);
  await until(async () => (await world.demo.operator.helpRequests.retrieve(talk!.id)).status === 'completed');
  // A minute that was begun is paid, the rest is back; nothing is held for ever.
  const after = (await world.demo.operator.customers.retrieve(customerId)).wallet;
  assert.equal(after.held, before.held);
  assert.ok(before.available - after.available <= 10, `${before.available - after.available} tokens`);
  // What is under way when the session ends is refused, and browsers complain of that; of nothing else.
  const complaints = seen.flatMap(({ consoleLines }) => consoleLines);
  assert.deepEqual(
    complaints.filter((line) => !/status of 410/.test(line)),
    [],
  );
  await Promise.all(contexts.map((context) => context.close()));
});
