// A page that forbids everything but its own files: no inline style or script, no HTML made from text but by lit-html.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { OneOrigin } from './one-origin.js';
import { complaintsOf } from './session-pages.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

const pageOf = (origin: string) => `<!doctype html>
<html lang="de">
  <meta charset="utf-8">
  <title>A strict page</title>
  <script type="module" src="/pieces.js"></script>
  <marketplace-session-timer shape="ring"></marketplace-session-timer>
  <marketplace-session-warning></marketplace-session-warning>
  <marketplace-session-extend></marketplace-session-extend>
  <marketplace-session-connection></marketplace-session-connection>
  <marketplace-session api-endpoint="${origin}/api/v1" layout="bar" no-warning no-redirect></marketplace-session>
</html>`;

let site: OneOrigin;
let browser: Browser;

useBrowser((opened) => (browser = opened));
const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': policy };
useOneOrigin(
  (opened) => (site = opened),
  (path, origin) => (path === '/' ? new Response(pageOf(origin), { headers }) : null),
);

test('under a strict policy and Trusted Types the whole flow runs, pieces and all, without one violation', async () => {
  const context = await browser.newContext();
  const complaints = complaintsOf(context);
  await context.clock.install({ time: Date.now() });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      console.error('violation', effectiveDirective, blockedURI, sample),
    );
  });
  const opened = await context.newPage();
  await opened.goto(`${site.origin}/?session=${await site.sell(120)}`);
  const tag = opened.locator('marketplace-session');
  const warning = opened.locator('marketplace-session-warning');

  await tag.getByRole('button', { name: 'Pause' }).click();
  await tag.getByRole('button', { name: 'Fortsetzen' }).click();
  await tag.getByRole('button', { name: 'Pause' }).waitFor();
  await opened
    .locator('marketplace-session-timer [part=time]')
    .filter({ hasText: /\d:\d\d/ })
    .waitFor();

  // The last warning, and more time from its dialog.
  site.pass(75);
  await opened.clock.fastForward(75_000);
  await warning.getByRole('dialog').waitFor();
  await warning.getByRole('button', { name: /^15 Minuten .* hinzufügen$/ }).click();
  await warning.getByRole('dialog').waitFor({ state: 'hidden' });

  // Its own dialog, of a piece.
  await opened.locator('marketplace-session-extend').getByRole('button', { name: 'Zeit hinzufügen' }).click();
  await opened.keyboard.press('Escape');

  await context.setOffline(true);
  await opened.locator('marketplace-session-connection [part~=banner]').waitFor();
  await context.setOffline(false);

  await tag.getByRole('button', { name: 'Beenden' }).click();
  await tag.getByRole('dialog').getByRole('button', { name: 'Jetzt beenden' }).click();
  await tag.locator('[part=receipt]').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the policy is real: what it forbids is told', async () => {
  const context = await browser.newContext();
  const complaints = complaintsOf(context);
  const opened = await context.newPage();
  await opened.goto(site.origin);
  await opened.evaluate(() => {
    document.body.setAttribute('style', 'color: red');
    try {
      document.body.innerHTML = '<b>text</b>';
    } catch {
      // Forbidden, as it should be.
    }
  });
  assert.equal(complaints.filter((text) => /Content Security Policy|TrustedHTML/.test(text)).length, 2);
  await context.close();
});
