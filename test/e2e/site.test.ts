// The documents as a site: built as `npm run docs:build` does, and looked at as a reader does.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { errorCodes } from '../../src/protocol/error-codes.js';
import { documents, linksOf, slugOf } from '../../tools/documents.js';
import { useBrowser } from './set-up.js';

const folder = 'site/dist';
const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.png': 'image/png',
  '.json': 'application/json',
};

let browser: Browser;
let server: Server;
let origin: string;
useBrowser((opened) => (browser = opened));
before(async () => {
  execFileSync(process.execPath, ['tools/site.mjs', 'build'], { stdio: 'pipe' });
  server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const path = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const content = await readFile(path).catch(() => undefined);
    response.writeHead(content ? 200 : 404, {
      'Content-Type': contentTypes[extname(path)] ?? 'application/octet-stream',
    });
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A page of a browser that complains of nothing, and asks nobody else. */
async function read(work: (page: Page) => Promise<void>, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${page.url()}: ${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
      complaints.push(request.url());
  });
  await work(page);
  await context.close();
  assert.deepEqual(complaints, []);
}

/** Once it is built. */
const pagesOf = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.html') && !/^(gallery\/|404)/.test(name));

test('every document is in the list, and every page of it opens', () =>
  read(async (page) => {
    const listed = new Set(linksOf('docs/README.md').map(({ target }) => target));
    const isPage = (path: string) =>
      /^(docs\/[^/]+|CHANGELOG|CONTRIBUTING|SECURITY|README)\.md$|^docs\/[^/]+\.md$/.test(path);
    assert.deepEqual(
      documents().filter((path) => isPage(path) && path !== 'docs/README.md' && !listed.has(path)),
      [],
    );
    const pages = pagesOf();
    assert.ok(pages.length > 40);
    for (const name of pages) {
      await page.goto(`${origin}/${name}`);
      await page.locator('main h1').first().waitFor();
    }
  }));

interface Found {
  id: string;
}
interface SearchIndex {
  search(text: string, options: object): Found[];
}

test('the search finds every error code, first of all', async () => {
  const chunk = readdirSync(join(folder, 'assets/chunks')).find((name) =>
    name.startsWith('@localSearchIndex'),
  );
  const { default: index } = (await import(pathToFileURL(resolve(folder, 'assets/chunks', chunk!)).href)) as {
    default: string;
  };
  const require = createRequire(resolve('site/package.json'));
  const { default: MiniSearch } = (await import(pathToFileURL(require.resolve('minisearch')).href)) as {
    default: { loadJSON(json: string, options: object): SearchIndex };
  };
  // As the generator's search box has it.
  const options = { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } };
  const found = MiniSearch.loadJSON(index, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
  });
  const missed = Object.keys(errorCodes).filter((code) => {
    const [first] = found.search(code, options);
    return !first?.id.endsWith(`/troubleshooting.html#${slugOf(code)}`);
  });
  assert.deepEqual(missed, []);
});

test('a reader searches for a code, and is led to what it means', () =>
  read(async (page) => {
    await page.goto(`${origin}/`);
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.getByRole('searchbox').fill('TOKEN_SESSION_MISMATCH');
    await page
      .getByRole('option', { name: /TOKEN_SESSION_MISMATCH/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/troubleshooting\.html#token_session_mismatch$/);
    await page.getByRole('heading', { name: /^TOKEN_SESSION_MISMATCH/ }).waitFor();
  }));

test('an example runs in its document, warns, sells more time and stops', () =>
  read(async (page) => {
    await page.clock.install();
    await page.goto(`${origin}/getting-started.html`);
    const example = page.locator('.live-example').first();
    await example.getByRole('button', { name: 'Run it here' }).click();
    await example
      .getByRole('timer')
      .filter({ hasText: /0:[34]\d/ })
      .waitFor();
    await example.getByText('Sandbox').waitFor();
    await page.clock.runFor(21_000);
    const dialog = example.getByRole('alertdialog').or(example.getByRole('dialog'));
    await dialog.waitFor();
    await dialog
      .getByText(/15 min/)
      .first()
      .click();
    await dialog.locator('[part~="confirm-button"]').click();
    await example
      .getByRole('timer')
      .filter({ hasText: /15:\d\d/ })
      .waitFor();
    await example.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.waitForFunction(
      () => !document.querySelector('.live-example-stage')!.shadowRoot!.firstElementChild,
    );
  }));

test('the styles of an example are its own, and every example runs', () =>
  read(async (page) => {
    await page.goto(`${origin}/rendering.html`);
    const examples = page.locator('.live-example');
    for (const example of await examples.all()) {
      await example.getByRole('button', { name: 'Run it here' }).click();
      await example
        .locator('[part~="time"]')
        .filter({ hasText: /\d:\d\d/, visible: true })
        .first()
        .waitFor();
    }
    const size = (index: number) =>
      examples
        .nth(index)
        .locator('[part~="time"]')
        .first()
        .evaluate((time) => getComputedStyle(time).fontSize);
    assert.equal(await size(0), '32px');
    assert.notEqual(await size(1), '32px');
  }));

test('the gallery is inside, with its states running', () =>
  read(async (page) => {
    await page.goto(`${origin}/`);
    await page.getByRole('link', { name: 'Gallery' }).first().click();
    await page.waitForURL(/\/gallery\/$/);
    const frame = page.frameLocator('#active iframe');
    await frame
      .locator('[part~="time"]')
      .filter({ hasText: /\d:\d\d/ })
      .waitFor();
    await page.getByRole('link', { name: 'Documents' }).click();
    await page.locator('main h1').waitFor();
  }));

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing wrong, ${colorScheme}`, () =>
    read(async (page) => {
      const faults: string[] = [];
      for (const name of ['index', 'getting-started', 'rendering', 'sdk', 'browsers', 'decisions/index']) {
        await page.setViewportSize(
          name === 'sdk' ? { width: 320, height: 640 } : { width: 1280, height: 800 },
        );
        await page.goto(`${origin}/${name}.html`);
        for (const button of await page.locator('.live-example > button').all()) await button.click();
        await page.waitForTimeout(500);
        // In the page's own world, which its policy does not concern.
        const violations = await (
          await page.context().newCDPSession(page)
        ).send('Runtime.evaluate', {
          expression: `${axeSource}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations))`,
          awaitPromise: true,
          returnByValue: true,
        });
        const found = JSON.parse(violations.result.value as string) as AxeResults['violations'];
        faults.push(
          ...found.flatMap(({ id, nodes }) =>
            nodes.map(({ target, html }) => `${name} ${id}: ${target.join(' ')} ${html.slice(0, 120)}`),
          ),
        );
        const { scroll, client } = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth,
          client: document.documentElement.clientWidth,
        }));
        if (scroll > client) faults.push(`${name} is ${scroll} wide in a window of ${client}`);
      }
      assert.deepEqual(faults, []);
    }, colorScheme));
