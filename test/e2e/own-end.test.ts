import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

/** Whether anything lies above the page: a modal dialog or a popover, in the page or in the tag. */
const topLayer = (page: Page) => page.locator(':modal, :popover-open').count();

async function draw(page: Page): Promise<void> {
  const board = (await page.locator('#canvas').boundingBox())!;
  await page.mouse.move(board.x + 40, board.y + 60);
  await page.mouse.down();
  await page.mouse.move(board.x + 140, board.y + 120, { steps: 8 });
  await page.mouse.up();
}

const savedStrokes = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('sketch');
      opening.onsuccess = () => resolve(opening.result);
    });
    const reading = database.transaction('drawings').objectStore('drawings').get('latest');
    await new Promise((resolve) => (reading.onsuccess = resolve));
    database.close();
    return ((reading.result as unknown[] | undefined) ?? []).length;
  });

test('an app with its own warning and goodbye finds nothing of the tag in its way', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, 'sketch');
  await draw(page);
  assert.equal(await savedStrokes(page), 0);

  await world.pass(page, 20);
  const warning = page.getByRole('region', { name: 'Your session' });
  await warning.waitFor();
  await world.pass(page, 21);
  await warning.getByText(/^1\d seconds left|^20 seconds left/).waitFor();
  assert.equal(await topLayer(page), 0);
  assert.equal(await page.locator('marketplace-session [part~=banner]').count(), 0);

  await warning.getByRole('button', { name: '15 more minutes for 80 tokens' }).click();
  await warning.waitFor({ state: 'hidden' });
  await page.locator('marketplace-session [part=time]').filter({ hasText: /^15:/ }).waitFor();

  await page.getByRole('button', { name: 'Done' }).click();
  const goodbye = page.getByRole('region', { name: 'Your drawing is safe.' });
  await goodbye.getByText(/You used 1 min for \d+ tokens?; \d+ went back/).waitFor();
  assert.equal(await savedStrokes(page), 1, 'saved before the end');
  assert.equal(await topLayer(page), 0);
  assert.equal(new URL(page.url()).origin, world.demo.providerUrl, 'the page stays');

  await goodbye.getByRole('link', { name: 'Back to Tempo' }).click();
  await page.getByRole('heading', { name: 'Thank you for using Sketch' }).waitFor();
  await context.close();
});

test('time that runs out leads to the same goodbye, with the drawing saved', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, 'sketch');
  await draw(page);
  await world.pass(page, 65);
  await page
    .getByRole('region', { name: 'Your drawing is safe.' })
    .getByText('6 tokens; 0 went back')
    .waitFor();
  assert.equal(await savedStrokes(page), 1);
  assert.equal(await topLayer(page), 0);
  await context.close();
});

test('the session ends only once the drawing is saved', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, 'sketch');
  await draw(page);
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
  });
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Your drawing could not be saved, so the session goes on.').waitFor();
  const session = await world.newestSession();
  assert.equal(session.status, 'active');
  await context.close();
});
