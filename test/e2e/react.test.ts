// The React components and the hook where a server has rendered them: React 18 and 19, as developed and as published.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build, type BuildOptions } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { createElement, FC, ReactElement } from 'react';
import { installCached } from '../../tools/cached-packages.mjs';
import type { MarketplaceSessionElement } from '../../src/index.js';
import type { Addresses } from '../frameworks/react-hydrated/app.js';
import type { OneOrigin } from './one-origin.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const older = { react: '18.3.1', 'react-dom': '18.3.1' };
/** Where React comes from. */
const versions = [
  { version: 19, packages: () => resolve('node_modules') },
  { version: 18, packages: () => join(installCached('react-18', older).folder, 'node_modules') },
];
const modes = ['development', 'production'] as const;

/** What a piece of the document is run with. */
interface Piece {
  default: FC;
  createElement: typeof createElement;
  renderToString(element: ReactElement): string;
}

let site: OneOrigin;
let browser: Browser;
/** What is served, by path. */
const served = new Map<string, { type: string; text: string }>();

useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  (path) => {
    const found = served.get(path);
    return found ? new Response(found.text, { headers: { 'Content-Type': found.type } }) : null;
  },
);

const apps = versions.flatMap(({ version, packages }) => modes.map((mode) => ({ version, packages, mode })));
for (const { version, packages, mode } of apps)
  describe(`React ${version}, ${mode}`, () => {
    let folder: string;
    let page: Page;
    let html: string;
    /** What stands in the console. */
    const complaints: string[] = [];

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'marketplace-session-react-'));
      const path = `/react-${version}-${mode}`;
      const options: BuildOptions = {
        bundle: true,
        jsx: 'automatic',
        jsxDev: mode === 'development',
        conditions: [mode],
        define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
        // The package as it is published.
        alias: {
          'marketplace-session/react': resolve('dist/react/index.js'),
          react: join(packages(), 'react'),
          'react-dom': join(packages(), 'react-dom'),
        },
      };
      const source = (name: string) => resolve('test/frameworks/react-hydrated', `${name}.tsx`);
      const onServer = join(folder, 'server.cjs');
      await build({ ...options, entryPoints: [source('server')], platform: 'node', outfile: onServer });
      const { outputFiles } = await build({
        ...options,
        entryPoints: [source('browser')],
        format: 'esm',
        splitting: true,
        outdir: `${path}-scripts`,
        write: false,
      });
      for (const { path: file, text } of outputFiles) served.set(file, { type: 'text/javascript', text });

      served.set(`${path}/token`, { type: 'text/plain', text: await site.sell(60) });
      const addresses: Addresses = {
        apiEndpoint: `${site.origin}/api/v1`,
        tokenUrl: `${path}/token`,
        hookToken: await site.sell(60),
      };
      const { render } = createRequire(import.meta.url)(onServer) as { render(of: Addresses): string };
      html = render(addresses);
      served.set(path, {
        type: 'text/html; charset=utf-8',
        text: `<!doctype html><html lang="en"><title>From a server</title><link rel="icon" href="data:,"><div id="root">${html}</div>
          <script id="addresses" type="application/json">${JSON.stringify(addresses)}</script>
          <script type="module" src="${path}-scripts/browser.js"></script></html>`,
      });

      page = await (await browser.newContext()).newPage();
      await page.clock.install();
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(site.origin + path);
      await page
        .locator('marketplace-session [part=time]')
        .filter({ hasText: /\d:\d\d/ })
        .first()
        .waitFor();
    });
    after(async () => {
      await page?.context().close();
      await rm(folder, { recursive: true, force: true });
    });

    const tag = () => page.locator('marketplace-session');
    const ask = <T>(question: (element: MarketplaceSessionElement) => T) =>
      tag().evaluate(question as (element: Element) => T);

    test('the server writes attributes by their names in HTML, and neither functions nor objects', () => {
      const [written] = /<marketplace-session [^>]*>/.exec(html)!;
      for (const text of ['api-endpoint="', 'theme="dark"', 'class="mine"', 'id="session"'])
        assert.ok(written.includes(text), `${text} in ${written}`);
      assert.match(written, / no-redirect="(true)?"/);
      assert.doesNotMatch(written, /no-extend|debug|warning|strings|token|=&gt;|\[object/i);
      assert.match(html, /<marketplace-session-timer [^>]*for="session"/);
      assert.match(html, /<time><\/time>/);
    });

    test('properties, functions and events arrive on the first load', async () => {
      const seen = await ask((element) => ({
        noRedirect: element.noRedirect,
        noExtend: element.noExtend,
        debug: element.debug,
        theme: element.theme,
        warningSeconds: element.warningSeconds,
        strings: element.strings,
      }));
      assert.deepEqual(seen, {
        ...{ noRedirect: true, noExtend: false, debug: false, theme: 'dark' },
        warningSeconds: [40],
        strings: { end: 'Finish' },
      });
      await tag().getByRole('button', { name: 'Finish' }).waitFor();
      await page
        .locator('marketplace-session-timer [part=time]')
        .filter({ hasText: /\d:\d\d/ })
        .waitFor();
      await page.locator('#told').click();
      const told = (await page.locator('#told').textContent())!.split(' ');
      assert.equal(told.filter((type) => type === 'session-ready').length, 1);
      assert.ok(told.includes('session-statechange'));
    });

    test('the hook tells the session of its provider, second by second', async () => {
      const hook = page.locator('#hook');
      await hook.and(page.locator('[data-state=active]')).waitFor();
      const before = await hook.locator('time').textContent();
      await page.clock.fastForward(2_000);
      await page.waitForFunction(
        (text) => document.querySelector('#hook time')!.textContent !== text,
        before,
      );
      assert.equal(await hook.getAttribute('data-warning'), 'false');
    });

    test('what the app changes, the element shows; what is left out is taken away', async () => {
      await page.locator('#change').click();
      await tag().getByRole('button', { name: 'Stop here' }).waitFor();
      await page.locator('b#child').waitFor();
      const look = () =>
        ask((element) => [element.theme, element.noExtend, element.hasAttribute('no-extend')]);
      assert.deepEqual(await look(), ['light', true, true]);
      await page.locator('#change').click();
      await tag().getByRole('button', { name: 'Finish' }).waitFor();
      assert.deepEqual(await look(), ['dark', false, false]);
    });

    test('a cancelled warning is the page’s own, and removing the element ends it', async () => {
      await page.clock.fastForward(29_000);
      await page.waitForFunction(
        () => document.querySelector('marketplace-session')!.snapshot.warning !== null,
      );
      await page.locator('#told').click();
      assert.match((await page.locator('#told').textContent())!, /session-warning/);
      assert.equal(await tag().locator('dialog[open]').count(), 0);
      await page.locator('#hook[data-warning=true]').waitFor();
      await page.locator('#remove').click();
      await tag().waitFor({ state: 'detached' });
      await page.locator('#left').click();
      assert.equal(await page.locator('#left').textContent(), 'undefined');
      await page.locator('#remove').click();
      await page.waitForFunction(
        () => document.querySelector('marketplace-session')?.snapshot?.state === 'active',
      );
      assert.equal(await ask((element) => element.noRedirect), true);
    });

    test('the console is empty, but for what React and Lit say of their development builds', () => {
      const ofOthers = /react-devtools|^Lit is in dev mode/;
      assert.deepEqual(
        complaints.filter((line) => !ofOthers.test(line)),
        [],
      );
    });
  });

test('each piece of code of docs/react.md is rendered', async () => {
  const pieces = [...(await readFile('docs/react.md', 'utf8')).matchAll(/^```tsx\n([\s\S]*?)^```$/gm)];
  assert.ok(pieces.length >= 2);
  for (const [, contents] of pieces) {
    const { outputFiles } = await build({
      stdin: {
        contents: `${contents}\nexport { renderToString } from 'react-dom/server';\nexport { createElement } from 'react';`,
        loader: 'tsx',
        resolveDir: resolve('.'),
      },
      bundle: true,
      jsx: 'automatic',
      platform: 'node',
      write: false,
      alias: { 'marketplace-session/react': resolve('dist/react/index.js') },
    });
    const module = { exports: {} as Piece };
    new Function('module', 'exports', 'require', outputFiles[0]!.text)(
      module,
      module.exports,
      createRequire(import.meta.url),
    );
    const { renderToString, createElement: make, default: Component } = module.exports;
    assert.match(renderToString(make(Component)), /<marketplace-session api-endpoint=|<p>idle<\/p>/);
  }
});
