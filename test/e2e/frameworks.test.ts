// The behaviours that custom-elements-everywhere.com asks of a framework, of the tag in each of them.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build as bundle } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { freePort } from '../../tools/free-port.mjs';
import { buildApp, frameworks, type Framework } from '../frameworks/build-app.js';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { startTestService, type TestService } from '../service/fixtures.js';
import { useBrowser } from './set-up.js';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

let folder: string;
let server: Server;
let origin: string;
let service: TestService;
let browser: Browser;

useBrowser((opened) => (browser = opened));
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marketplace-session-apps-'));
  server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://localhost').pathname);
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    readFile(file).then(
      (content) => response.setHeader('Content-Type', types[extname(file)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end('Nothing'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  // Proofs of possession name the address that the page has asked.
  const port = await freePort();
  service = await startTestService({ port, publicUrl: `http://127.0.0.1:${port}` });
});

after(async () => {
  await service?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A new session of a minute, and the address of the app with its token. */
async function sell(framework: Framework): Promise<string> {
  const application = await service.createApplication({ allowed_origins: [origin] });
  const customer = await service.createCustomer(100);
  const { session_token } = await service.createSession(application, customer, { duration_seconds: 60 });
  const api = encodeURIComponent(`${service.url}/api/v1`);
  return `${origin}/${framework}/?api=${api}&session=${session_token}`;
}

const tag = (page: Page) => page.locator('marketplace-session');
/** Asks the element itself. */
const ask = <T>(page: Page, question: (element: MarketplaceSessionElement) => T) =>
  tag(page).evaluate(question as (element: Element) => T);

for (const framework of frameworks) {
  describe(`in ${framework}`, () => {
    let page: Page;

    before(async () => {
      await buildApp(framework, folder);
      const context = await browser.newContext();
      page = await context.newPage();
      await page.clock.install();
      page.on('pageerror', (error) => assert.fail(error));
      await page.goto(await sell(framework));
      await tag(page)
        .locator('[part=time]')
        .filter({ hasText: /\d:\d\d/ })
        .first()
        .waitFor();
    });
    after(() => page?.context().close());

    test('attributes and properties arrive, rich data and functions as they are', async () => {
      const seen = await ask(page, (element) => ({
        endpoint: element.getAttribute('api-endpoint'),
        noRedirect: element.noRedirect,
        noExtend: element.noExtend,
        warningSeconds: element.warningSeconds,
        strings: element.strings,
        getSessionToken: typeof element.getSessionToken,
      }));
      assert.deepEqual(seen, {
        endpoint: `${service.url}/api/v1`,
        noRedirect: true,
        noExtend: false,
        warningSeconds: [40],
        strings: { end: 'Finish' },
        getSessionToken: 'function',
      });
      await tag(page).getByRole('button', { name: 'Finish' }).waitFor();
    });

    test('events are heard by their names, and can be cancelled', async () => {
      await page.waitForFunction(() =>
        document.querySelector('#heard')!.textContent!.includes('session-ready'),
      );
      // Half of a minute: the dialog of so short a session would open now.
      await page.clock.fastForward(31_000);
      await page.waitForFunction(() =>
        document.querySelector('#heard')!.textContent!.includes('session-warning'),
      );
      assert.equal(await tag(page).locator('dialog[open]').count(), 0);
      const heard = (await page.locator('#heard').textContent())!.trim().split(' ');
      assert.equal(heard.filter((type) => type === 'session-ready').length, 1);
    });

    test('children are kept, and change with the app', async () => {
      assert.equal(await page.locator('#child').textContent(), 'First');
      await page.locator('#change').click();
      await page.locator('b#child').waitFor();
      assert.equal(await tag(page).locator('[slot=fallback]').count(), 1);
    });

    test('what the app changes, the tag shows', async () => {
      await tag(page).getByRole('button', { name: 'Stop here' }).waitFor();
      assert.equal(await ask(page, (element) => element.noExtend), true);
      assert.equal(await tag(page).getByRole('button', { name: 'Add time' }).count(), 0);
      await page.locator('#change').click();
      await tag(page).getByRole('button', { name: 'Finish' }).waitFor();
      assert.equal(await ask(page, (element) => element.noExtend), false);
    });

    test('removed and put back, the session goes on', async () => {
      const before = await ask(page, (element) => element.snapshot.deadline);
      await page.locator('#remove').click();
      await tag(page).waitFor({ state: 'detached' });
      await page.locator('#remove').click();
      await page.waitForFunction(
        () => document.querySelector('marketplace-session')?.snapshot.state === 'active',
      );
      assert.equal(await ask(page, (element) => element.snapshot.deadline), before);
    });

    if (framework === 'angular')
      test('a session without an element is told second by second, and can be asked for more', async () => {
        const told = page.locator('#without-element[data-state=active] time');
        const before = await told.textContent();
        assert.match(before!, /^[01]:\d\d$/);
        await page.clock.fastForward(2_000);
        await page.waitForFunction(
          (text) => document.querySelector('#without-element time')!.textContent !== text,
          before,
        );
        await page.locator('#without-element button').click();
        await page.locator('#without-element time', { hasText: /^1[56]:/ }).waitFor();
      });
  });
}

test('each component of docs/angular.md is drawn', async () => {
  const text = await readFile('docs/angular.md', 'utf8');
  const pieces = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, piece]) => piece!);
  assert.ok(pieces.length >= 2);
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  for (const piece of pieces) {
    const [, name] = /export class (\w+)/.exec(piece)!;
    const [, selector] = /selector: '([\w-]+)'/.exec(piece)!;
    const { outputFiles } = await bundle({
      stdin: {
        contents: `import '@angular/compiler'; import { bootstrapApplication } from '@angular/platform-browser';
          ${piece}
          await bootstrapApplication(${name});`,
        loader: 'ts',
        resolveDir: '.',
      },
      bundle: true,
      format: 'esm',
      write: false,
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
      alias: {
        'marketplace-session/angular': './dist/angular/index.js',
        'marketplace-session': './dist/index.js',
      },
    });
    await page.goto(`${origin}/nothing`);
    await page.setContent(`<${selector}></${selector}>`);
    await page.addScriptTag({ content: outputFiles[0]!.text, type: 'module' });
    await page.locator(`${selector} > *`).first().waitFor();
    // There is no such marketplace.
    await page.waitForFunction(
      () =>
        document.querySelector('marketplace-session')?.snapshot.state === 'failed' ||
        document.querySelector('app-time-left p')?.textContent === 'failed',
    );
    if (selector === 'app-page')
      assert.deepEqual(
        await ask(page, ({ noRedirect, noExtend, strings }) => [noRedirect, noExtend, strings]),
        [true, false, { end: 'Finish' }],
      );
  }
  assert.deepEqual(faults, []);
  await page.close();
});
