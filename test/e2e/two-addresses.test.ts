// The script tag's files under more than one address, as a version in the query makes them: still one of each on a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { OneOrigin } from './one-origin.js';
import { complaintsOf, failure, running } from './session-pages.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const pageOf = (origin: string, scripts: string[]) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>A page</title>
  ${scripts.map((address) => `<script type="module" src="${address}"></script>`).join('\n')}
  <marketplace-session-timer></marketplace-session-timer>
  <marketplace-session-extend></marketplace-session-extend>
  <marketplace-session api-endpoint="${origin}/api/v1" no-timer no-extend no-redirect></marketplace-session>
</html>`;

let site: OneOrigin;
let browser: Browser;
let scripts: string[];

useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  (path, origin) =>
    path === '/' ? new Response(pageOf(origin, scripts), { headers: { 'Content-Type': 'text/html' } }) : null,
);

const tagTwice = ['/marketplace-session.js', '/marketplace-session.js?v=2'];
for (const addresses of [
  ['/marketplace-session.js?v=2', '/pieces.js'],
  ['/pieces.js', '/marketplace-session.js?v=2'],
  ['/marketplace-session.js?v=2', '/pieces.js?v=2'],
  [...tagTwice, '/pieces.js', '/pieces.js?v=2'],
  [...tagTwice.toReversed(), '/pieces.js?v=2', '/pieces.js'],
]) {
  test(`pieces show the session of the tag, loaded by ${addresses.join(', ')}`, async () => {
    scripts = addresses;
    const context = await browser.newContext();
    const complaints = complaintsOf(context);
    const page = await context.newPage();
    await page.goto(`${site.origin}/?session=${await site.sell(600)}`);
    await running(page);
    await page
      .locator('marketplace-session-timer [part=time]')
      .filter({ hasText: /\d:\d\d/ })
      .waitFor();
    await page.locator('marketplace-session-extend').getByRole('button', { name: 'Add time' }).click();
    await page.locator('marketplace-session-extend').getByRole('dialog').waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('late parts are of the copy that runs: what they refuse has its own code under another address too', async () => {
  scripts = ['/marketplace-session.js?v=2'];
  const page = await browser.newPage();
  await page.goto(`${site.origin}/?session=no-token`);
  assert.equal((await failure(page)).code, 'TOKEN_MALFORMED');
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  );
  assert.equal(loaded.filter((path) => path === '/marketplace-session.js').length, 1);
  await page.close();
});
