import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { secondsIn, type DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const timer = (page: Page) => page.locator('marketplace-session [part=bar] [part=time]');

/** A line of the receipt by the beginning of its name. */
const line = (page: Page, name: string) =>
  page
    .locator('.receipt .lines > div')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}`) }) })
    .locator('dd');

test('a minute is bought, extended, ended early, and settled to the token', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, 'margin');
  assert.deepEqual(await world.wallet(), { available: 296, held: 4 });
  const shown = (await timer(page).textContent())!;
  const atStart = secondsIn(shown);
  assert.ok(atStart > 50 && atStart <= 61, `a minute begins at ${shown}`);
  await timer(page).filter({ hasNotText: shown }).waitFor();
  assert.ok(secondsIn(await timer(page).textContent()) < atStart, 'the time runs down');

  await world.pass(page, 20);
  const banner = page.locator('marketplace-session [part~=banner][part~=warning]');
  await banner.waitFor();
  assert.equal(await page.locator(':modal').count(), 0, 'the first warning leaves the page usable');
  await page.locator('marketplace-session').getByRole('button', { name: 'Add time' }).click();

  const dialog = page.locator('marketplace-session').getByRole('dialog');
  await dialog.getByRole('radio', { name: /15 minutes/ }).check();
  await dialog.getByRole('button', { name: 'Add 15 minutes for 55 tokens' }).click();
  await timer(page).filter({ hasText: /^15:/ }).waitFor();
  await dialog.waitFor({ state: 'hidden' });
  assert.deepEqual(await world.wallet(), { available: 241, held: 59 });

  await world.pass(page, 120);
  await page.locator('marketplace-session').getByRole('button', { name: 'End' }).click();
  await dialog.getByRole('button', { name: 'End now' }).click();
  await page.waitForURL(`${world.demo.marketplaceUrl}/sessions?session_id=*`);

  await page.getByRole('heading', { name: 'Thank you for using Margin' }).waitFor();
  const used = secondsIn(await line(page, 'Time used').textContent());
  assert.ok(used >= 140 && used < 160, `${used} s were used`);
  const cost = 4 + Math.ceil((55 * (used - 60)) / 900);
  assert.equal(await line(page, '1 minute').textContent(), '4 tokens');
  assert.equal(await line(page, '15 minutes more').textContent(), '55 tokens');
  assert.equal(await line(page, 'Charged').textContent(), `${cost} tokens`);
  assert.equal(await line(page, 'Back in your wallet').textContent(), `${59 - cost} tokens`);
  assert.equal(await line(page, 'Wallet now').textContent(), `${300 - cost} tokens`);
  assert.deepEqual(await world.wallet(), { available: 300 - cost, held: 0 });

  await page.getByRole('link', { name: 'All sessions' }).click();
  await page.getByRole('link', { name: new RegExp(`Margin .* Ended by you .* ${cost} tokens`) }).waitFor();
  await context.close();
});

test('a minute that is used up warns twice, ends by itself and costs a minute', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  const { available } = await world.wallet();
  await world.buy(page, 'margin');

  await world.pass(page, 41);
  const dialog = page.locator('marketplace-session').getByRole('dialog', { name: 'Your time is almost up' });
  await dialog.waitFor();
  const focused = dialog.locator('button:focus');
  assert.equal((await focused.textContent())?.trim(), 'Keep going', 'focus stands on what costs nothing');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  await world.pass(page, 25);
  await page.waitForURL(`${world.demo.marketplaceUrl}/sessions?session_id=*`);
  await page.getByText('Time used up').waitFor();
  assert.equal(await line(page, 'Time used').textContent(), '1:00');
  assert.equal(await line(page, 'Charged').textContent(), '4 tokens');
  assert.equal(await line(page, 'Back in your wallet').textContent(), '0 tokens');
  assert.deepEqual(await world.wallet(), { available: available - 4, held: 0 });
  await context.close();
});

test('a wallet that is too small says so, is topped up, and then it works', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await page.goto(`${world.demo.marketplaceUrl}/`);
  await page.locator('#sketch input[value="60"]').check();
  await page.getByRole('button', { name: 'Open Sketch for 360 tokens' }).click();
  await page.getByRole('heading', { name: 'Not enough tokens' }).waitFor();
  assert.equal((await world.wallet()).held, 0);

  await page.getByRole('button', { name: 'Add 300 tokens' }).click();
  await page.getByText('300 tokens added').waitFor();
  await world.buy(page, 'sketch', 60);
  assert.equal((await world.wallet()).held, 360);
  await context.close();
});
