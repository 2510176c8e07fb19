// What a page counts arrives where its provider reads it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { expectOk, until } from '../service/fixtures.js';
import { ask, open } from './session-pages.js';
import type { SessionWorld } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));

test('a page that was asked to counts, over a reload; one that was not says nothing', async () => {
  const [counted, silent] = [await world.sell(), await world.sell()];
  const totals = async () => {
    const { metrics } = expectOk(
      await world.service.call<{ metrics: { name: string; total: number }[] }>(
        'GET',
        '/providers/provider-1/page-metrics',
      ),
    );
    return Object.fromEntries(metrics.map(({ name, total }) => [name, total]));
  };
  const context = await browser.newContext();
  await open(context, silent.address);
  const page = await open(context, `${counted.address}&analytics=&no-redirect=`);
  await ask(page, (element) => element.track('saved', { pages: 3, format: 'pdf' }));
  await page.reload();
  // The session's end sends what is left.
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')?.snapshot.state === 'active',
  );
  await ask(page, (element) => element.end());
  await until(async () => (await totals())['custom.saved'] === 1 && (await totals()).pages === 2);
  const { ready_ms, hidden_seconds = 0, ...rest } = await totals();
  assert.ok(ready_ms! > 0 && ready_ms! < 120_000, `${ready_ms}`);
  assert.ok(hidden_seconds >= 0);
  assert.deepEqual(rest, {
    pages: 2,
    'custom.saved': 1,
    'custom.saved.pages': 3,
    'custom.saved.format.pdf': 1,
  });
  await context.close();
});
