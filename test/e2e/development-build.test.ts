// An application that is bundled for development gets Lit's development build, which warns in its console of what it finds odd.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { bundlePackage } from './bundled-package.js';
import type { OneOrigin } from './one-origin.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const page = (origin: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>An app in development</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/app.js"></script>
  <marketplace-session-timer></marketplace-session-timer>
  <marketplace-session-connection></marketplace-session-connection>
  <marketplace-session api-endpoint="${origin}/api/v1" no-redirect warning-seconds="118 30"></marketplace-session>
</html>`;

const bundle = () => bundlePackage(['index', 'pieces'], 'development');

let site: OneOrigin;
let browser: Browser;
let app: Promise<string> | undefined;
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path, origin) => {
    if (path === '/app.js')
      return new Response(await (app ??= bundle()), { headers: { 'Content-Type': 'text/javascript' } });
    return path === '/' ? new Response(page(origin), { headers: { 'Content-Type': 'text/html' } }) : null;
  },
);

test('Lit says that it is in development, and has nothing to say about tag and pieces', async () => {
  assert.match(await (app ??= bundle()), /Lit is in dev mode/, 'it is the development build');
  const context = await browser.newContext();
  const opened = await context.newPage();
  const warnings: string[] = [];
  opened.on('console', (message) => {
    if (/warning|error/.test(message.type())) warnings.push(message.text());
  });
  await opened.goto(`${site.origin}/?session=${await site.sell(120)}`);
  const tag = opened.locator('marketplace-session');
  await tag.locator('[part~=warning]').waitFor();
  await tag.getByRole('button', { name: 'Pause' }).click();
  await tag.getByRole('button', { name: 'Resume' }).click();
  await tag.getByRole('button', { name: 'Add time' }).first().click();
  await tag
    .getByRole('dialog')
    .getByRole('button', { name: /^Add 15 minutes/ })
    .click();
  await tag.getByRole('dialog').waitFor({ state: 'hidden' });
  await tag.getByRole('button', { name: 'End' }).click();
  await tag.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
  await tag.locator('[part=receipt]').waitFor();
  // What Lit says of its own build is for whoever bundles the application, ours or not: the page alone turns it off.
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /Lit is in dev mode/);
  await context.close();
});
