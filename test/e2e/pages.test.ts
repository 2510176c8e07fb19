import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { DemoWorld } from './demo-world.js';
import { observe } from './observation.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, in one line each. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(`${axeSource}; 0`);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

async function assertSound(page: Page, what: string): Promise<void> {
  assert.deepEqual(await faults(page), [], what);
  assert.ok((await overflow(page)) <= 0, `${what} is wider than the window`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page, ${colorScheme}, 320 px wide: accessible, no wider than the window, nothing from elsewhere`, async () => {
    const context = await world.newContext({ colorScheme, viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    const seen = observe(context);
    const { marketplaceUrl, providerUrl } = world.demo;

    for (const app of ['margin', 'sketch', 'pulse']) {
      await page.goto(`${providerUrl}/${app}/`);
      await page.locator('marketplace-session [part=error]').waitFor();
      await assertSound(page, `${app} without a session`);

      await world.buy(page, app);
      await page.locator('marketplace-session').getByRole('button', { name: 'Add time' }).waitFor();
      await assertSound(page, `${app} with a session`);
    }
    const session = await world.newestSession();
    for (const path of [
      '/',
      '/gallery/',
      '/wallet',
      '/sessions',
      '/webhooks',
      `/sessions?session_id=${session.id}`,
      '/nowhere',
    ]) {
      await page.goto(marketplaceUrl + path);
      await assertSound(page, `the marketplace’s ${path}`);
    }
    await page.goto(`${providerUrl}/`);
    await assertSound(page, 'the provider’s front page');

    const ownOrigins = [marketplaceUrl, providerUrl];
    assert.deepEqual(
      seen.requests.filter(({ url }) => !ownOrigins.includes(new URL(url).origin)),
      [],
    );
    const expected = /status of 404 \(Not Found\)/;
    assert.deepEqual(
      seen.consoleLines.filter((text) => !expected.test(text)),
      [],
    );
    await context.close();
  });
}
