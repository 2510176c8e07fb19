import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

test('a warning appears although the network is gone, the time holds at zero, and the end comes with the network', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  const session = page.locator('marketplace-session');
  // Everything that the tag may need is there soon after the time runs.
  const lateParts = Promise.all(
    [/\/late-[^/]+\.js$/, /\/shared-[^/]+\.js$/].map((file) =>
      page.waitForResponse(async (response) => file.test(response.url()) && !(await response.finished())),
    ),
  );
  await world.buy(page, 'margin');
  await lateParts;
  await session.locator('[part~=end-button]').first().waitFor();
  await context.setOffline(true);
  await world.pass(page, 45);
  await session.locator('dialog[open]').waitFor();
  assert.match((await session.locator('dialog [part=time]').textContent())!, /^0:\d\d$/);
  await world.pass(page, 30);
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')!.snapshot.state === 'ending',
  );
  assert.equal(await session.locator('[part=bar] [part=time]').textContent(), '0:00');
  await context.setOffline(false);
  // The next try of the page; the service has settled on its own meanwhile.
  await page.waitForURL(`${world.demo.marketplaceUrl}/sessions?**`);
  assert.equal((await world.wallet()).held, 0);
  await context.close();
});
