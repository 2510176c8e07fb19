// Pages on origins that browsers give less to: plain http that is not localhost, and a sandboxed frame with none at all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { browserFlags, findBrowser } from '../../tools/browser.mjs';
import { plainHost, type OneOrigin } from './one-origin.js';
import { useOneOrigin } from './set-up.js';

const tagIn = (origin: string, more = '') => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>A page</title>
  <script type="module" src="/marketplace-session.js"></script>
  <marketplace-session api-endpoint="${origin}/api/v1" no-redirect heartbeat-seconds="1" warning-seconds="118 30" ${more}></marketplace-session>
</html>`;
const pages: Record<string, (origin: string) => string> = {
  '/page': (origin) => tagIn(origin),
  '/framed': () =>
    `<!doctype html><title>Frame</title><iframe sandbox="allow-scripts" src="/in-frame" width="700" height="500" title="Session"></iframe>`,
  '/in-frame': (origin) => tagIn(origin, `session-token="${framedToken}"`),
};
let framedToken = '';

let browser: Browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: [...browserFlags, `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`],
  });
});
after(() => browser.close());

let site: OneOrigin;
useOneOrigin(
  (opened) => (site = opened),
  (path, origin) => {
    const page = pages[path]?.(origin);
    return page ? new Response(page, { headers: { 'Content-Type': 'text/html' } }) : null;
  },
);

test('a page by plain http that is not localhost: the whole session runs, without secure contexts', async () => {
  const origin = site.origin.replace('localhost', plainHost);
  const token = await site.sell(120);
  const page = await browser.newPage();
  const faults: unknown[] = [];
  page.on('pageerror', (error) => faults.push(error));
  await page.goto(`${origin}/page?session=${token}`);
  assert.deepEqual(
    await page.evaluate(() => ({
      origin: location.origin,
      isSecureContext,
      randomUUID: typeof crypto.randomUUID,
      locks: typeof (navigator as Partial<Navigator>).locks,
    })),
    { origin, isSecureContext: false, randomUUID: 'undefined', locks: 'undefined' },
  );
  const tag = page.locator('marketplace-session');
  await tag.locator('[part~=warning]').waitFor();
  await page.waitForResponse((response) => response.url().endsWith('/heartbeat') && response.ok());
  await tag.getByRole('button', { name: 'Add time' }).first().click();
  await tag
    .getByRole('dialog')
    .getByRole('button', { name: /^Add 15 minutes/ })
    .click();
  await tag.getByRole('dialog').waitFor({ state: 'hidden' });
  await tag.getByRole('button', { name: 'End' }).click();
  await tag.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
  await tag.locator('[part=receipt]').waitFor();
  assert.deepEqual(faults, []);
  await page.close();
});

test('a sandboxed frame without an origin, which the service does not answer: it says in words why not', async () => {
  framedToken = await site.sell(120);
  const page = await browser.newPage();
  await page.goto(`${site.origin}/framed`);
  const tag = page.frameLocator('iframe').locator('marketplace-session');
  await tag.getByRole('heading', { name: 'This page is not set up correctly' }).waitFor();
  const code = await tag.evaluate((element) => (element as MarketplaceSessionElement).snapshot.error?.code);
  assert.equal(code, 'ORIGIN_OPAQUE');
  await page.close();
});
