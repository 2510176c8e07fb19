// The fixture for Playwright, as it is published, with the script tag's files in a page: what a provider's own tests do.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { transformSync } from 'esbuild';
import type { Browser, Locator, Page } from 'playwright-core';
import type * as kit from '../../src/testing/playwright/index.js';
import { ensureScriptTagFiles } from '../../tools/script-tag-files.mjs';
import { useBrowser } from './set-up.js';

const published = 'marketplace-session/testing/playwright';

/** A page with the tag. */
const pageOf = (apiEndpoint: string) => `<!doctype html><html lang="en"><title>Work</title>
<script type="module" src="/marketplace-session.js"></script>
<marketplace-session api-endpoint="${apiEndpoint}" no-redirect></marketplace-session>`;

describe('The fixture for Playwright', () => {
  let browser: Browser;
  useBrowser((opened) => (browser = opened));

  async function run(work: (page: Page, marketplace: kit.MarketplaceFixture, app: string) => Promise<void>) {
    ensureScriptTagFiles();
    const { marketplaceFixture } = (await import(published)) as typeof kit;
    const fixture = marketplaceFixture();
    // By this Playwright knows what a fixture needs.
    assert.match(String(fixture), /^async ?\( ?\{ ?page\b/);
    const context = await browser.newContext();
    const page = await context.newPage();
    const failed: Error[] = [];
    page.on('pageerror', (error) => failed.push(error));
    let html = '';
    const app = createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://localhost');
      if (!pathname.endsWith('.js')) return response.setHeader('Content-Type', 'text/html').end(html);
      response.setHeader('Content-Type', 'text/javascript');
      return readFile(`dist/cdn${pathname}`).then((script) => response.end(script));
    }).listen(0, '127.0.0.1');
    await once(app, 'listening');
    const { port } = app.address() as AddressInfo;
    try {
      await fixture({ page }, async (marketplace) => {
        html = pageOf(marketplace.apiEndpoint);
        await work(page, marketplace, `http://localhost:${port}/`);
      });
    } finally {
      await context.close();
      app.close();
      app.closeAllConnections();
    }
    assert.deepEqual(failed, []);
  }

  test('does what docs/testing.md says', async () => {
    const [, code] = /^```ts\n(import \{ test as base[\s\S]*?)^```$/m.exec(
      await readFile('docs/testing.md', 'utf8'),
    )!;
    const bodies: ((given: object) => Promise<void>)[] = [];
    const test = (_: string, body: (given: object) => Promise<void>) => void bodies.push(body);
    const expectOf = (locator: Locator) => ({
      toBeVisible: () => locator.waitFor(),
      toContainText: (text: string) => locator.filter({ hasText: text }).waitFor(),
    });
    const text = code!
      .replace(/^import \{ test as base.*$/m, '')
      .replace(/^import .*$/gm, '')
      .replace(/const test = base[\s\S]*?\}\);\n/, '');
    const { code: plain } = transformSync(text, { loader: 'ts', format: 'cjs', target: 'es2022' });
    new Function('test', 'expect', plain)(test, expectOf);
    await run((page, marketplace, app) => {
      const own = {
        ...marketplace,
        launchUrl: (path: string, session: { token: string }) =>
          marketplace.launchUrl(app + path.slice(1), session),
      };
      return bodies[0]!({ page, marketplace: own });
    });
    assert.equal(bodies.length, 1);
  });

  test('the tag of docs/testing.md tries itself, by its script tag and without a service', async () => {
    ensureScriptTagFiles();
    const [, html] = /^```html\n([\s\S]*?)^```$/m.exec(await readFile('docs/testing.md', 'utf8'))!;
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      asked.push(pathname);
      const isScript = pathname.endsWith('.js');
      await route.fulfill({
        contentType: isScript ? 'text/javascript' : 'text/html',
        body: isScript
          ? await readFile(`dist${pathname}`)
          : `<!doctype html><html lang="en"><title>Try</title>${html}`,
      });
    });
    await page.goto('https://app.example/');
    await time(page)
      .getByText(/^(2:00|1:5\d)$/)
      .waitFor();
    await page.locator('[part~="sandbox"]').getByText('Sandbox').waitFor();
    await page.locator('[part~="extend-button"]').click();
    await page.locator('[part~="confirm-button"]').click();
    await time(page)
      .getByText(/^1[67]:\d\d$/)
      .waitFor();
    assert.deepEqual(
      asked.filter((path) => !path.endsWith('.js')),
      ['/'],
    );
    await context.close();
  });

  const time = (page: Page) => page.locator('marketplace-session').getByRole('timer');

  test('warns, is refused an extension, extends, and ends: in the time of a test', () =>
    run(async (page, marketplace, app) => {
      const session = await marketplace.sell({ minutes: 10, tokens: 300 });
      await page.goto(marketplace.launchUrl(app, session));
      await time(page)
        .getByText(/^(10:00|9:5\d)$/)
        .waitFor();
      assert.ok(!page.url().includes('session='));
      await marketplace.travel(page, '9m10s');
      const dialog = marketplace.dialog(page);
      await dialog.waitFor();
      marketplace.failNext('POST /sessions/{id}/extend', 'INSUFFICIENT_TOKENS');
      await dialog
        .getByText(/15 min/)
        .first()
        .click();
      const confirm = dialog.locator('[part~="confirm-button"]');
      await confirm.click();
      await dialog.locator('[part~="message"]').waitFor();
      assert.equal(marketplace.sandbox.balance(), 300);
      await confirm.click();
      await time(page)
        .getByText(/^15:[0-4]\d$/)
        .waitFor();
      await dialog.waitFor({ state: 'hidden' });
      assert.equal(marketplace.sandbox.balance(), 150);
      const asked = marketplace.requests.filter(({ operation }) => operation === 'extend');
      assert.deepEqual(
        asked.map(({ status }) => status),
        [402, 200],
      );
      await marketplace.travel(page, '20m');
      await page.locator('[part~="receipt"]').waitFor();
      assert.equal(marketplace.sandbox.session(session.id).final_cost, 250);
    }));

  test('a page shows at once what the other side does, and a lost line', () =>
    run(async (page, marketplace, app) => {
      const { sandbox, apiEndpoint } = marketplace;
      const session = await marketplace.sell({ minutes: 30 });
      await page.goto(marketplace.launchUrl(app, session));
      await time(page).waitFor();
      await page.waitForFunction(() =>
        document.querySelector('marketplace-session')!.matches(':state(active)'),
      );
      while (!marketplace.requests.some(({ operation }) => operation === 'events'))
        await page.waitForTimeout(50);
      const headers = { Authorization: `Bearer ${sandbox.secretKey}` };
      await fetch(`${apiEndpoint}/sessions/${session.id}/pause`, { method: 'POST', headers });
      await page.locator('marketplace-session:state(paused)').waitFor();
      await fetch(`${apiEndpoint}/sessions/${session.id}/resume`, { method: 'POST', headers });
      await page.locator('marketplace-session:state(active)').waitFor();
      // Neither the heartbeat nor what is asked where heartbeats alone are blocked.
      for (const call of ['POST /sessions/{id}/heartbeat', 'POST /sessions/validate'])
        marketplace.failNext(call, 'network', { times: 50 });
      await marketplace.travel(page, '2m');
      await page.locator('[part~="connection"]').waitFor();
    }));
});
