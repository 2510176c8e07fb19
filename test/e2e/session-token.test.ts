import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { secondsIn, type DemoWorld } from './demo-world.js';
import { observe } from './observation.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

/** Everything a page could have kept, as one text for each place. */
const keptPlaces = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const records: unknown[] = [];
    for (const { name } of databases) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name!);
        opening.onsuccess = () => resolve(opening.result);
      });
      for (const store of database.objectStoreNames) {
        records.push(
          await new Promise((resolve) => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
          }),
        );
      }
      database.close();
    }
    const { history, location } = window;
    return {
      sessionStorage: JSON.stringify(sessionStorage),
      localStorage: JSON.stringify(localStorage),
      indexedDB: JSON.stringify([databases, records]),
      caches: JSON.stringify(await caches.keys()),
      cookies: document.cookie,
      windowName: window.name,
      historyState: JSON.stringify(history.state),
      address: location.href,
      referrer: document.referrer,
      document: document.documentElement.outerHTML,
    };
  });

for (const app of ['margin', 'sketch', 'pulse']) {
  test(`${app}: the session token reaches the service and sessionStorage, and nothing else`, async () => {
    const context = await world.newContext();
    const page = await context.newPage();
    const seen = observe(context);
    await world.buy(page, app);
    const token = seen.sessionTokens()[0]!;
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);

    const { sessionStorage, ...places } = await keptPlaces(page);
    assert.ok(sessionStorage.includes(token), 'kept for a reload');
    for (const [place, text] of Object.entries(places))
      assert.ok(!text.includes(token), `the token is in ${place}`);

    if (app === 'margin') {
      await page.locator('marketplace-session').getByRole('button', { name: 'End' }).click();
      await page.locator('marketplace-session').getByRole('button', { name: 'End now' }).click();
      await page.waitForURL(`${world.demo.marketplaceUrl}/sessions?*`);
      await page.goto(`${world.demo.providerUrl}/`);
    } else {
      if (app === 'sketch') await page.getByRole('button', { name: 'Done' }).click();
      else {
        await page.locator('marketplace-session').getByRole('button', { name: 'End' }).click();
        await page.locator('marketplace-session').getByRole('button', { name: 'End now' }).click();
      }
      await page.getByRole('link', { name: /Back to Tempo|Go to the receipt/ }).waitFor();
    }
    for (const [place, text] of Object.entries(await keptPlaces(page))) {
      assert.ok(!text.includes(token), `after the end the token is in ${place}`);
    }

    const carriers = seen.requests.filter(({ everything }) => everything.includes(token));
    const [document, ...calls] = carriers;
    assert.ok(document!.isDocument && document!.url.startsWith(`${world.demo.providerUrl}/${app}/?session=`));
    for (const call of calls) {
      assert.ok(
        call.url.startsWith(`${world.demo.marketplaceUrl}/api/v1/sessions/`),
        `${call.url} carries the token`,
      );
      assert.ok(!call.url.includes(token), 'no address but the document’s holds it');
      assert.ok(!call.referer.includes(token), 'no Referer holds it');
      assert.ok(!call.pageUrl.includes(token), 'the address bar is clean before the service is asked');
    }
    assert.ok(calls.length >= 2, 'validation and end carry it');
    assert.ok(seen.consoleLines.every((text) => !text.includes(token)));
    await context.close();
  });
}

test('a reload goes on at the second of the service’s deadline', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, 'pulse', 15);
  await world.pass(page, 100);
  await page.reload();
  const time = page.locator('marketplace-session [part=bar] [part=time]');
  await time.filter({ hasText: /^\d+:\d\d$/ }).waitFor();

  const session = await world.newestSession();
  const shown = secondsIn(await time.textContent());
  const left = Math.ceil((session.expiresAt!.getTime() - world.now()) / 1000);
  // Between the two looks a second may turn.
  assert.ok(shown - left === 0 || shown - left === 1, `${shown} s are shown, ${left} s are left`);
  assert.ok(left <= 801, 'the time went on meanwhile');
  await context.close();
});

test('a reload when the session is over says so, as often as it is reloaded, and keeps no token', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, 'margin');
  await page.goto('about:blank');
  await world.pass(page, 90);
  await page.goBack();
  const over = page.locator('marketplace-session').getByRole('heading', { name: 'This session is over' });
  await over.waitFor();
  assert.deepEqual(await page.evaluate(() => Object.values({ ...sessionStorage })), ['ended']);
  await page.reload();
  await over.waitFor();
  await context.close();
});
