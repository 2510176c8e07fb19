import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Request } from 'playwright-core';
import type { DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const banner = (page: Page) => page.locator('marketplace-session [part~=banner][part~=connection]');
const notice = (page: Page) => page.locator('marketplace-session [part~=banner][part~=notice]');
const announcement = (page: Page) => page.locator('marketplace-session [part=session] > [part=announcement]');
const dialog = (page: Page) => page.locator('marketplace-session').getByRole('dialog');
const isConnection = (page: Page, connection: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('marketplace-session')!.snapshot.connection === wanted,
    connection,
  );

/** A running session of quarter of an hour, with everything loaded. */
async function open(app = 'margin'): Promise<Page> {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, app, 15);
  await page.locator('marketplace-session [part~=end-button]').first().waitFor();
  return page;
}

test('a short blip shows nothing, and is not said', async () => {
  const page = await open();
  await world.stopTime(page);
  await page.context().setOffline(true);
  await isConnection(page, 'offline');
  await world.pass(page, 1.9);
  await page.context().setOffline(false);
  await isConnection(page, 'online');
  await world.pass(page, 10);
  assert.equal(await banner(page).count(), 0);
  assert.equal(await notice(page).count(), 0);
  assert.equal(await announcement(page).textContent(), '');
  await page.context().close();
});

test('offline: the banner says that time still counts and stays long enough to read; nothing is sold or queued; "back online" comes once', async () => {
  const page = await open();
  await world.stopTime(page);
  await page.context().setOffline(true);
  await isConnection(page, 'offline');
  await world.pass(page, 2);
  await banner(page).waitFor();
  assert.equal((await banner(page).textContent())!.trim(), 'You are offline. Your time keeps running.');
  assert.equal(await announcement(page).textContent(), 'You are offline. Your time keeps running.');

  // A charge is never queued.
  const charges: Request[] = [];
  page.on('request', (request) => request.url().endsWith('/extend') && charges.push(request));
  await page.locator('marketplace-session').getByRole('button', { name: 'Add time' }).click();
  const status = dialog(page).locator('[part=dialog-status]');
  assert.match(
    (await status.textContent())!,
    /You are offline\..*You can add time once you are back online\./,
  );
  const confirm = dialog(page).locator('[part~=confirm-button]');
  assert.equal(await confirm.getAttribute('aria-disabled'), 'true');
  assert.equal(await dialog(page).getByRole('radio').first().isDisabled(), true);
  await confirm.click({ force: true });
  await page.keyboard.press('Escape');

  await page.context().setOffline(false);
  await isConnection(page, 'online');
  assert.equal(await banner(page).count(), 1, 'long enough to read');
  await world.pass(page, 5);
  await notice(page).waitFor();
  assert.match((await notice(page).textContent())!, /^Back online\./);
  assert.equal(await announcement(page).textContent(), 'Back online.');
  assert.equal(await banner(page).count(), 0);
  await world.pass(page, 10);
  assert.equal(await notice(page).count(), 0);
  assert.equal(charges.length, 0);
  await page.context().close();
});

test('a lost service: the next try is counted down, there is "try now", in the dialog too, and the banner goes only on recovery', async () => {
  const page = await open();
  const api = `${world.demo.marketplaceUrl}/api/**`;
  await page.route(api, (route) => route.abort());
  const connection = () =>
    page.evaluate(() => document.querySelector('marketplace-session')!.snapshot.connection);
  // Heartbeat after heartbeat fails, and each of its retries.
  while ((await connection()) === 'online') await world.pass(page, 5);
  await isConnection(page, 'reconnecting');
  await world.pass(page, 2);
  await banner(page).waitFor();
  const next = banner(page).locator('[part=next-try]');
  const seconds = async () =>
    Number(/Next try in (\d+) (second|minute)/.exec((await next.textContent())!)?.[1]);
  // While a heartbeat and its retries are under way, the next one is not counted down.
  while (!((await seconds()) > 0)) await world.pass(page, 1);
  await page.waitForFunction(
    (shown) => {
      const { shadowRoot } = document.querySelector('marketplace-session')!;
      return shadowRoot!.querySelector('[part=next-try]')!.textContent !== shown;
    },
    await next.textContent(),
  );
  assert.match(
    (await banner(page).textContent())!,
    /No connection to the marketplace\. Your time keeps running\./,
  );

  await page.locator('marketplace-session').getByRole('button', { name: 'Add time' }).click();
  await dialog(page).getByRole('button', { name: 'Try now' }).waitFor();
  await page.keyboard.press('Escape');
  // A try that fails is no recovery.
  const failed = page.waitForEvent('requestfailed');
  await banner(page).getByRole('button', { name: 'Try now' }).click();
  await failed;
  await world.pass(page, 6);
  await isConnection(page, 'reconnecting');
  assert.equal(await banner(page).count(), 1);
  assert.equal(await notice(page).count(), 0);
  await page.unroute(api);
  await banner(page).getByRole('button', { name: 'Try now' }).click();
  await isConnection(page, 'online');
  await world.pass(page, 5);
  await notice(page).filter({ hasText: 'Back online.' }).waitFor();
  assert.equal(await banner(page).count(), 0);
  await page.context().close();
});

test('while paused the banner says that time does not count', async () => {
  const page = await open('pulse');
  await page.locator('marketplace-session').getByRole('button', { name: 'Pause' }).click();
  await page.locator('marketplace-session').getByRole('button', { name: 'Resume' }).waitFor();
  await page.context().setOffline(true);
  await isConnection(page, 'offline');
  await world.pass(page, 2);
  await banner(page).filter({ hasText: 'You are offline. Your time is not running.' }).waitFor();
  await page.context().close();
});
