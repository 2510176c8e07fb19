// Two applications on one page, each with its own copy of the package from npm: the tag is that of the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, ConsoleMessage } from 'playwright-core';
import { bundlePackage } from './bundled-package.js';
import type { OneOrigin } from './one-origin.js';
import { running } from './session-pages.js';
import { useBrowser, useOneOrigin } from './set-up.js';

/** The applications of a page, by name. Each is a function, as a bundle is that shares no names with others. */
const applications: Record<string, () => Promise<string>> = {
  '/tag.js': () => bundle('index'),
  '/pieces.js': () => bundle('pieces', 'live-help'),
  // As if the other application had not been updated.
  '/older-pieces.js': async () => {
    const { text, count } = replaced(await bundle('pieces'), version);
    assert.ok(count > 0, 'the version is in it');
    return text;
  },
};
const bundle = (...files: string[]) => bundlePackage(files, 'production');
const version = /"0\.\d+\.\d+(-[\w.]+)?"/g;

function replaced(text: string, pattern: RegExp): { text: string; count: number } {
  let count = 0;
  return { text: text.replace(pattern, () => ((count += 1), '"0.0.1"')), count };
}

const pageOf = (origin: string, scripts: readonly string[]) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Two applications</title>
  <link rel="icon" href="data:,">
  ${scripts.map((address) => `<script type="module" src="${address}"></script>`).join('\n')}
  <marketplace-session-timer></marketplace-session-timer>
  <marketplace-session-extend></marketplace-session-extend>
  <marketplace-session api-endpoint="${origin}/api/v1" no-timer no-extend no-redirect></marketplace-session>
  <marketplace-session-chat></marketplace-session-chat>
</html>`;

let site: OneOrigin;
let browser: Browser;
let scripts: readonly string[];
const built = new Map<string, Promise<string>>();
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path, origin) => {
    const build = applications[path];
    if (build) {
      if (!built.has(path)) built.set(path, build());
      return new Response(await built.get(path), { headers: { 'Content-Type': 'text/javascript' } });
    }
    if (path !== '/') return null;
    return new Response(pageOf(origin, scripts), { headers: { 'Content-Type': 'text/html' } });
  },
);

for (const [loaded, told] of [
  [['/tag.js', '/pieces.js'], [/<marketplace-session-chat> cannot join a session of another copy/]],
  [['/pieces.js', '/tag.js'], []],
  [['/tag.js', '/older-pieces.js'], [/^marketplace-session \S+ and 0\.0\.1 share this page/]],
  [['/older-pieces.js', '/tag.js'], [/^marketplace-session 0\.0\.1 and \S+ share this page/]],
] as const) {
  test(`pieces show the session of the tag, from ${loaded.join(' and ')}`, async () => {
    scripts = loaded;
    const context = await browser.newContext();
    const said: string[] = [];
    const note = (message: ConsoleMessage) => {
      if (/warning|error/.test(message.type())) said.push(message.text());
    };
    context.on('console', note);
    context.on('weberror', (error) => void said.push(String(error.error())));
    const page = await context.newPage();
    await page.goto(`${site.origin}/?session=${await site.sell(600)}`);
    await running(page);
    const timer = page.locator('marketplace-session-timer [part=time]');
    await timer.filter({ hasText: /\d:\d\d/ }).waitFor();
    const extend = page.locator('marketplace-session-extend');
    await extend.getByRole('button', { name: 'Add time' }).click();
    await extend
      .getByRole('dialog')
      .getByRole('button', { name: /^Add 15 minutes/ })
      .click();
    await timer.filter({ hasText: /^2\d:\d\d/ }).waitFor();
    // Taken away and put back it finds its session again; and it lets go of one that has left.
    await page.evaluate(() => document.body.append(document.querySelector('marketplace-session-timer')!));
    await timer.filter({ hasText: /^2\d:\d\d/ }).waitFor();
    await page.evaluate(() => document.querySelector('marketplace-session')!.remove());
    await page.locator('marketplace-session-timer:state(idle)').waitFor({ state: 'attached' });
    assert.equal(said.length, told.length, said.join('\n'));
    for (const [index, words] of told.entries()) assert.match(said[index]!, words);
    await context.close();
  });
}
