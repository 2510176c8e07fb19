// What was written for the older MarketplaceSDK, against a real service: a page with a classic script, a React hook, a Vue composable.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { filesBeside } from '../../src/compat/files-beside.js';
import { version } from '../../src/elements/shared/version.js';
import type { OneOrigin } from './one-origin.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const folder = 'dist/cdn';
const html = (body: string) =>
  new Response(
    `<!doctype html><html lang="en"><title>Older</title><link rel="icon" href="data:,"><div id="app"></div>${body}</html>`,
    { headers: { 'Content-Type': 'text/html; charset=utf-8' } },
  );

/** A page of the older SDK without a bundler. @param script its `<script>`. */
const classicPage = (script: string) =>
  html(`${script}
    <time>…</time> <button>Finish</button> <output></output>
    <script>
      const note = (text) => document.querySelector('output').append(text + ' ');
      const sdk = new MarketplaceSDK.MarketplaceSDK({ apiEndpoint: location.origin, debug: false });
      sdk.on('onSessionStart', (data) => note('start:' + Object.keys(data).sort().join()));
      sdk.on('onSessionWarning', ({ remainingSeconds }) => note('warning:' + remainingSeconds));
      sdk.on('onSessionEnd', () => note('end'));
      sdk.on('onError', (error) => note('error:' + error.code));
      const showTime = () => (document.querySelector('time').textContent = sdk.getFormattedTime());
      showTime();
      sdk.initialize().then(
        (data) => {
          note('initialized:' + data.sessionId);
          setInterval(showTime, 1000);
        },
        () => note('refused'),
      );
      document.querySelector('button').onclick = () => sdk.endSession();
    </script>`);

let site: OneOrigin;
let browser: Browser;
const bundles = new Map<string, string>();
let hashes: Record<string, string>;

useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  (path, _, { url }) => {
    const bundle = bundles.get(path);
    if (bundle) return new Response(bundle, { headers: { 'Content-Type': 'text/javascript' } });
    const source = new URL(url).searchParams.get('script');
    if (path === '/classic') {
      const hash = hashes['marketplace-session.global.js']!;
      return classicPage(`<script src="${source}" integrity="${hash}" crossorigin="anonymous"></script>`);
    }
    if (path === '/app') return html(`<script type="module" src="${source}"></script>`);
    return path === '/elsewhere' ? html('<h1>Back</h1>') : null;
  },
);

before(async () => {
  hashes = JSON.parse(await readFile(join(folder, 'integrity.json'), 'utf8')) as typeof hashes;
  for (const name of ['react.tsx', 'vue.ts']) {
    const { outputFiles } = await build({
      entryPoints: [`test/frameworks/older-sdk/${name}`],
      alias: { 'marketplace-session/compat': resolve('dist/compat/index.js') },
      define: { 'process.env.NODE_ENV': '"development"' },
      bundle: true,
      format: 'esm',
      jsx: 'automatic',
      logLevel: 'error',
      write: false,
    });
    bundles.set(`/${name}`, outputFiles[0]!.text);
  }
});

/** What a content delivery network would serve: a version that moves is the newest one, and no other is named. */
async function serveAsNetwork(page: Page, asked: string[]): Promise<void> {
  await page.context().route(/^https:\/\/(cdn\.jsdelivr\.net\/npm|unpkg\.com)\//, async (route) => {
    const address = new URL(route.request().url());
    asked.push(address.href);
    const [, file = 'marketplace-session.global.js'] = /\/dist\/cdn\/(.+)$/.exec(address.pathname) ?? [];
    await route.fulfill({
      body: await readFile(join(folder, file)),
      headers: { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' },
    });
  });
}

async function open(path: string, script: string, { isSold = true } = {}) {
  const page = await (await browser.newContext()).newPage();
  const faults: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  await serveAsNetwork(page, asked);
  const lateFile = page
    .waitForEvent('requestfinished', (request) => /\/late-/.test(request.url()))
    .catch(() => {});
  await page.clock.install();
  const token = isSold ? `&session=${await site.sell(600)}` : '';
  await page.goto(`${site.origin}${path}?script=${encodeURIComponent(script)}${token}`);
  return { page, faults, asked, lateFile };
}

const time = (page: Page) => page.locator('time').filter({ hasText: /^(9:5\d|10:00)$/ });
const dialog = (page: Page) => page.locator('marketplace-session-warning dialog[open]');

describe('a page with the classic script', () => {
  const scripts = [
    '/marketplace-session.global.js?v=2',
    'https://cdn.jsdelivr.net/npm/marketplace-session@latest',
    'https://unpkg.com/marketplace-session@0/dist/cdn/marketplace-session.global.js?x#y',
  ];
  for (const script of scripts)
    test(`runs unchanged: ${script}`, async () => {
      const { page, faults, asked, lateFile } = await open('/classic', script);
      const told = page.locator('output');
      await told.filter({ hasText: 'initialized:' }).waitFor();
      assert.match(
        (await told.textContent())!,
        /^start:durationSeconds,expiresAt,providerId,returnUrl,sessionId,tokensAllocated,userId initialized:[\w-]+ $/,
      );
      await page.clock.fastForward(1_000);
      await time(page).waitFor();
      assert.doesNotMatch(page.url(), /session=/, 'the session token has left the address');

      await lateFile;
      site.pass(301);
      await page.clock.fastForward(301_000);
      await told.filter({ hasText: /warning:29\d|warning:300/ }).waitFor();
      await dialog(page).waitFor();
      await page.clock.fastForward(1_000);
      await dialog(page).getByRole('button', { name: 'Keep going' }).click();

      await page.getByRole('button', { name: 'Finish' }).click();
      await page.waitForURL(/\/elsewhere/);
      assert.deepEqual(faults, []);
      const late = asked
        .slice(1)
        .filter((address) => !address.includes(`/marketplace-session@${version}/dist/cdn/`));
      assert.deepEqual(late, [], 'files of this version alone');
      if (script.startsWith('https:')) assert.ok(asked.length > 2);
      await page.context().close();
    });

  test('is told what is wrong, once', async () => {
    const { page } = await open('/classic', scripts[0]!, { isSold: false });
    await page.locator('output', { hasText: 'refused' }).waitFor();
    assert.equal(await page.locator('output').textContent(), 'error:TOKEN_MISSING refused ');
    assert.equal(await page.locator('time').textContent(), '0:00');
    await page.context().close();
  });

  test('is told that a late file cannot be had', async () => {
    const page = await browser.newPage();
    await page.route(/compat-/, (route) => route.abort());
    await page.goto(`${site.origin}/classic?script=${encodeURIComponent(scripts[0]!)}`);
    await page.locator('output', { hasText: 'refused' }).waitFor();
    assert.equal(await page.locator('output').textContent(), 'error:SCRIPT_INCOMPLETE refused ');
    await page.close();
  });
});

for (const name of ['react.tsx', 'vue.ts'])
  test(`an application of the older SDK with its import changed alone: ${name}`, async () => {
    const { page, faults } = await open('/app', `/${name}`);
    await page.clock.fastForward(1_000);
    await time(page).waitFor();
    assert.match((await page.locator('#tokens').textContent())!, /^\d+$/);
    const resumed = page.waitForResponse(/\/resume$/);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await resumed;

    site.pass(301);
    await page.clock.fastForward(301_000);
    await page.locator('#warned', { hasText: /^(29\d|300)$/ }).waitFor();
    await dialog(page).waitFor();
    await page.clock.fastForward(1_000);
    await dialog(page).getByRole('button', { name: 'Keep going' }).click();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.waitForURL(/\/elsewhere/);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

test('integrity.json names the hash of every script', async () => {
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();
  assert.deepEqual(Object.keys(hashes), scripts);
  for (const name of scripts) {
    const hash = createHash('sha384').update(await readFile(join(folder, name)));
    assert.equal(hashes[name], `sha384-${hash.digest('base64')}`, name);
  }
});

test('late files have the version of the script that asks for them, wherever it came from', () => {
  const pinned = 'https://cdn.jsdelivr.net/npm/marketplace-session@1.2.3/dist/cdn/';
  const found = (source: string) => filesBeside(source, '1.2.3');
  const bare = 'https://cdn.jsdelivr.net/npm/marketplace-session';
  for (const source of [
    bare,
    `${bare}@1`,
    `${bare}@latest`,
    `${bare}@2.0.0-beta.1`,
    `${bare}@1/`,
    `${bare}?x=.js`,
  ])
    assert.equal(found(source), pinned, source);
  for (const tag of ['@1', '@latest', '@1.2.3'])
    assert.equal(found(`${bare}${tag}/dist/cdn/marketplace-session.global.js?v=2#x`), pinned);
  assert.equal(
    found('https://my.example/files/marketplace-session.global.js?v=2'),
    'https://my.example/files/',
  );
  assert.equal(
    found('https://my.example/marketplace-session/marketplace-session.global.js'),
    'https://my.example/marketplace-session/',
  );
});
