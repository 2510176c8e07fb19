// The package's wrappers where a server has rendered a page, as developed and as published: React 18 and 19, Vue, Svelte, Solid.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { build, type BuildOptions } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { createElement, FC, ReactElement } from 'react';
import { build as buildWithVite } from 'vite';
import { createSSRApp, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { installCached } from '../../tools/cached-packages.mjs';
import { compileSolid, compileSvelte } from '../frameworks/compilers.js';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { isMarketplaceElement } from '../../src/vue/index.js';
import type { OneOrigin } from './one-origin.js';
import { RenderedApps, type Mode, type RenderedApp } from './rendered-app.js';
import { useBrowser, useOneOrigin } from './set-up.js';

/** What a piece of a document is run with. */
interface Piece {
  default: FC;
  createElement: typeof createElement;
  renderToString(element: ReactElement): string;
}

/** A framework, and how an application of it is bundled. */
interface Subject {
  title: string;
  name: string;
  mode: Mode;
  /** Asked for once it is wanted: an older version has to be fetched. */
  options(): BuildOptions;
  /** Of an object or a function in what the server writes. */
  isClean: RegExp;
}

/** The package as it is published. */
const published = {
  'marketplace-session/react': resolve('dist/react/index.js'),
  'marketplace-session/solid': resolve('dist/solid/index.js'),
  'marketplace-session/svelte': resolve('dist/svelte/index.js'),
  'marketplace-session/vue': resolve('dist/vue/index.js'),
  'marketplace-session/pieces': resolve('dist/pieces.js'),
};
const olderReact = () =>
  join(installCached('react-18', { react: '18.3.1', 'react-dom': '18.3.1' }).folder, 'node_modules');
const reactOf = (mode: Mode, packages: string): BuildOptions => ({
  jsx: 'automatic',
  jsxDev: mode === 'development',
  alias: { ...published, react: join(packages, 'react'), 'react-dom': join(packages, 'react-dom') },
});
const vueOf = (mode: Mode): BuildOptions => ({
  alias: published,
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: String(mode === 'development'),
  },
});
const subjects = (['development', 'production'] as const).flatMap((mode): Subject[] => [
  {
    title: `React 19, ${mode}`,
    name: 'react-hydrated',
    mode,
    options: () => reactOf(mode, resolve('node_modules')),
    isClean: /warning|strings|token|no-extend/i,
  },
  {
    title: `React 18, ${mode}`,
    name: 'react-hydrated',
    mode,
    options: () => reactOf(mode, olderReact()),
    isClean: /warning|strings|token|no-extend/i,
  },
  // Vue leaves objects and functions out, and names a property as it is written.
  {
    title: `Vue, ${mode}`,
    name: 'vue-hydrated',
    mode,
    options: () => vueOf(mode),
    isClean: /warning|strings|token/i,
  },
  {
    title: `Svelte, ${mode}`,
    name: 'svelte-hydrated',
    mode,
    options: () => ({ alias: published, plugins: [compileSvelte(mode)] }),
    isClean: /warning|strings|token|extend/i,
  },
  {
    title: `Solid, ${mode}`,
    name: 'solid-hydrated',
    mode,
    options: () => ({ alias: published, plugins: [compileSolid(mode)] }),
    isClean: /warning|strings|token|extend/i,
  },
]);

let site: OneOrigin;
let browser: Browser;
const apps = new RenderedApps();

useBrowser((opened) => (browser = opened));
useOneOrigin((opened) => (site = opened), apps.answer);

for (const { title, name, mode, options, isClean } of subjects)
  describe(title, () => {
    let app: RenderedApp;
    let page: Page;
    before(async () => {
      app = await apps.open(site, browser, { name, mode, options: options() });
      page = app.page;
    });
    after(() => app?.close());

    const tag = () => page.locator('marketplace-session');
    const ask = <T>(question: (element: MarketplaceSessionElement) => T) =>
      tag().evaluate(question as (element: Element) => T);

    test('the server writes attributes by their names in HTML, and neither functions nor objects', () => {
      const [written] = /<marketplace-session [^>]*>/.exec(app.html)!;
      for (const text of ['api-endpoint="', 'theme="dark"', 'class="mine"', 'id="session"'])
        assert.ok(written.includes(text), `${text} in ${written}`);
      assert.match(written, / no-redirect(="(true)?")?[ >]/);
      assert.doesNotMatch(written, isClean);
      assert.doesNotMatch(written, /debug|=&gt;|\[object/i);
      assert.match(app.html, /<marketplace-session-timer [^>]*for="session"/);
      assert.match(app.html, /<time[^>]*>(<!--.*?-->)*<\/time>/);
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

    test('a session without an element is told second by second', async () => {
      const hook = page.locator('#hook');
      await page.locator('#hook[data-state=active]').waitFor();
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
      const look = () => ask((element) => [element.theme, element.noExtend]);
      assert.deepEqual(await look(), ['light', true]);
      await page.locator('#change').click();
      await tag().getByRole('button', { name: 'Finish' }).waitFor();
      assert.deepEqual(await look(), ['dark', false]);
    });

    test('a cancelled warning is the page’s own; removed and put back, the session goes on', async () => {
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
      await page.locator('#remove').click();
      await page.waitForFunction(
        () => document.querySelector('marketplace-session')?.snapshot?.state === 'active',
      );
      assert.equal(await ask((element) => element.noRedirect), true);
    });

    test('the console is empty', () => {
      assert.deepEqual(app.complaints(), []);
    });
  });

test('the published components are client components by themselves', async () => {
  assert.match(await readFile('dist/react/index.js', 'utf8'), /^["']use client["'];/);
});

test('each piece of code of docs/react.md is rendered', async () => {
  for (const contents of await piecesOf('docs/react.md', 'tsx')) {
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
      alias: published,
    });
    const module = { exports: {} as Piece };
    new Function('module', 'exports', 'require', outputFiles[0]!.text)(
      module,
      module.exports,
      createRequire(import.meta.url),
    );
    const { renderToString: renderReact, createElement: make, default: Component } = module.exports;
    assert.match(renderReact(make(Component)), /<marketplace-session api-endpoint=|<p>idle<\/p>/);
  }
});

test('each component of docs/vue.md is rendered', async () => {
  const pieces = await piecesOf('docs/vue.md', 'vue');
  // What is compiled finds its packages here.
  const folder = await mkdtemp(resolve('node_modules/.cache/vue-pieces-'));
  try {
    for (const [index, text] of pieces.entries()) {
      const name = `Piece${index}`;
      await writeFile(join(folder, `${name}.vue`), text);
      await buildWithVite({
        configFile: false,
        logLevel: 'error',
        plugins: [vue({ template: { compilerOptions: { isCustomElement: isMarketplaceElement } } })],
        resolve: { alias: published },
        ssr: { external: ['vue'] },
        build: { ssr: join(folder, `${name}.vue`), outDir: folder, emptyOutDir: false },
      });
      const { default: Component } = (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as {
        default: Component;
      };
      assert.match(
        await renderToString(createSSRApp(Component)),
        /<marketplace-session api-endpoint="[^"]+" no-redirect|<p>idle<\/p>/,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('each component of docs/svelte.md is rendered', async () => {
  const folder = await mkdtemp(resolve('node_modules/.cache/svelte-pieces-'));
  try {
    for (const [index, text] of (await piecesOf('docs/svelte.md', 'svelte')).entries()) {
      await writeFile(join(folder, `Piece${index}.svelte`), text);
      const written = await renderPiece(
        `import { render } from 'svelte/server';
         import Piece from '${join(folder, `Piece${index}.svelte`)}';
         export default () => render(Piece).body;`,
        { plugins: [compileSvelte('production')] },
      );
      assert.match(written, /<marketplace-session api-endpoint="[^"]+" no-redirect=""|<p>idle<\/p>/);
      assert.doesNotMatch(written, /=&gt;|=>|\[object/);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('each component of docs/solid.md is rendered', async () => {
  const folder = await mkdtemp(resolve('node_modules/.cache/solid-pieces-'));
  try {
    for (const [index, text] of (await piecesOf('docs/solid.md', 'tsx')).entries()) {
      await writeFile(join(folder, `Piece${index}.tsx`), text);
      const written = await renderPiece(
        `import { createComponent, renderToString } from 'solid-js/web';
         import Piece from '${join(folder, `Piece${index}.tsx`)}';
         export default () => renderToString(() => createComponent(Piece, {}));`,
        { plugins: [compileSolid('production')] },
      );
      assert.match(written, /<marketplace-session [^>]*api-endpoint="[^"]+" no-redirect|<p[^>]*>idle<\/p>/);
      assert.doesNotMatch(written, /no-extend|=&gt;|=>|\[object/);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The blocks of one language in a document. */
async function piecesOf(document: string, language: string): Promise<string[]> {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  const pieces = [...(await readFile(document, 'utf8')).matchAll(block)].map(([, text]) => text!);
  assert.ok(pieces.length >= 2, document);
  return pieces;
}

/** What a module's default export returns, bundled as for a server. */
async function renderPiece(contents: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    stdin: { contents, resolveDir: resolve('.') },
    bundle: true,
    platform: 'node',
    write: false,
    logLevel: 'error',
    alias: published,
  });
  const module = { exports: {} as { default(): string } };
  const require = createRequire(import.meta.url);
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(module, module.exports, require);
  return module.exports.default();
}
