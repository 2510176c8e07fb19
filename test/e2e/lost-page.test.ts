import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsIn, type DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

test('a customer who closed the app finds the way back from the marketplace, at the right second', async () => {
  const context = await world.newContext();
  const app = await context.newPage();
  await world.buy(app, 'margin', 15);
  await app.close();
  const page = await context.newPage();
  await page.goto(`${world.demo.marketplaceUrl}/sessions`);
  await page
    .getByRole('link', { name: /Margin/ })
    .first()
    .click();
  await world.pass(page, 60);
  await page.getByRole('button', { name: 'Go back to Margin' }).click();
  await page.waitForURL(`${world.demo.providerUrl}/margin/`);
  const time = page.locator('marketplace-session [part=bar] [part=time]').filter({ hasText: /\d:\d\d/ });
  await time.waitFor();
  const shown = secondsIn(await time.textContent());
  assert.ok(shown > 800 && shown <= 840, `${shown} s are shown`);
  await context.close();
});
