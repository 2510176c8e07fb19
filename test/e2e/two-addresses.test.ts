// The script tag's files under more than one address, as a version in the query makes them: still one of each on a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
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
  <marketplace-session-chat></marketplace-session-chat>
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

/** Answers of the site to requests for a file, by whole address, once they have come. */
async function loadedAs(page: Page, name: string): Promise<string[]> {
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => (entry as PerformanceResourceTiming).responseStatus === 200)
      .map((entry) => entry.name),
  );
  return loaded.filter((address) => new URL(address).pathname.startsWith(`/${name}`));
}

for (const [addresses, lost] of [
  [['/marketplace-session.js', '/live-help.js'], []],
  [['/live-help.js?v=2', '/marketplace-session.js?v=2', '/live-help.js'], []],
  [['/marketplace-session.js', '/live-help.js'], ['shared']],
  [
    ['/live-help.js', '/marketplace-session.js'],
    ['late', 'shared', 'chat-part', 'live-help-shared'],
  ],
] as const) {
  const name = `${addresses.join(', ')}${lost.length ? `, where ${lost.join(', ')} had to be asked for again` : ''}`;
  test(`a chat is that of the tag's session, loaded by ${name}`, async () => {
    scripts = [...addresses, '/pieces.js'];
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked = new Set<string>();
    await page.route('**/*-*.js*', async (route) => {
      const file = new URL(route.request().url()).pathname.slice(1).replace(/-\d.*$/, '');
      const isFirst = !asked.has(file);
      asked.add(file);
      await (isFirst && (lost as readonly string[]).includes(file) ? route.abort() : route.continue());
    });
    await page.goto(`${site.origin}/?session=${await site.sell(600)}`);
    await running(page);
    const chat = page.locator('marketplace-session-chat');
    await chat.getByRole('textbox').fill('Here is somebody.');
    await chat.getByRole('button', { name: 'Send' }).click();
    await chat.locator('[part~=own-message]').filter({ hasText: 'Here is somebody.' }).waitFor();
    await page.locator('marketplace-session-extend').getByRole('button', { name: 'Add time' }).click();
    await page.getByRole('dialog').waitFor();
    // A part whose shared file did not come is loaded anew; what they share has one copy.
    for (const file of ['shared-', 'live-help-shared-'])
      assert.equal((await loadedAs(page, file)).length, 1, file);
    await context.close();
  });
}
