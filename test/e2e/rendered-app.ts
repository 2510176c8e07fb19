import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { Addresses } from '../frameworks/addresses.js';
import type { OneOrigin, PageAnswer } from './one-origin.js';

export type Mode = 'development' | 'production';

/** A page that a server has rendered, as the browser has taken it over. */
export interface RenderedApp {
  page: Page;
  /** What the server has written. */
  html: string;
  /** What stands in the console, but for what libraries say of their development builds. */
  complaints(): string[];
  close(): Promise<void>;
}

/** Pages that a server renders, each at a path of its own. */
export class RenderedApps {
  readonly #served = new Map<string, { type: string; text: string }>();

  readonly answer: PageAnswer = (path) => {
    const found = this.#served.get(path);
    return found ? new Response(found.text, { headers: { 'Content-Type': found.type } }) : null;
  };

  /**
   * Bundles `server` and `browser` of a folder of `test/frameworks`, renders the one and opens the other.
   * @param options of the bundler, beside those of the mode
   */
  async open(
    site: OneOrigin,
    browser: Browser,
    { name, mode, options }: { name: string; mode: Mode; options: BuildOptions },
  ): Promise<RenderedApp> {
    const folder = await mkdtemp(join(tmpdir(), 'marketplace-session-rendered-'));
    try {
      const path = `/${name}-${crypto.randomUUID()}`;
      const all: BuildOptions = {
        ...options,
        bundle: true,
        conditions: [mode],
        define: { ...options.define, 'process.env.NODE_ENV': JSON.stringify(mode) },
      };
      const source = (file: string) => resolve('test/frameworks', name, file);
      const onServer = join(folder, 'server.cjs');
      await build({ ...all, entryPoints: [source('server')], platform: 'node', outfile: onServer });
      const { outputFiles } = await build({
        ...all,
        entryPoints: [source('browser')],
        format: 'esm',
        target: 'es2022',
        splitting: true,
        outdir: `${path}-scripts`,
        write: false,
      });
      for (const { path: file, text } of outputFiles)
        this.#served.set(file, { type: 'text/javascript', text });
      this.#served.set(`${path}/token`, { type: 'text/plain', text: await site.sell(60) });
      const addresses: Addresses = {
        apiEndpoint: `${site.origin}/api/v1`,
        tokenUrl: `${path}/token`,
        hookToken: await site.sell(60),
      };
      const { render } = createRequire(import.meta.url)(onServer) as {
        render(of: Addresses): string | Promise<string>;
      };
      const html = await render(addresses);
      this.#served.set(path, {
        type: 'text/html; charset=utf-8',
        text: `<!doctype html><html lang="en"><title>From a server</title><link rel="icon" href="data:,"><div id="root">${html}</div>
          <script id="addresses" type="application/json">${JSON.stringify(addresses)}</script>
          <script type="module" src="${path}-scripts/browser.js"></script></html>`,
      });
      return await this.#show(site.origin + path, browser, html);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #show(address: string, browser: Browser, html: string): Promise<RenderedApp> {
    const said: string[] = [];
    const page = await (await browser.newContext()).newPage();
    await page.clock.install();
    page.on('pageerror', ({ message }) => said.push(message));
    page.on('console', (message) => said.push(message.text()));
    await page.goto(address);
    await page
      .locator('marketplace-session [part=time]')
      .filter({ hasText: /\d:\d\d/ })
      .first()
      .waitFor();
    const ofOthers = /react-devtools|^Lit is in dev mode|^You are running a development build of Vue/;
    return {
      page,
      html,
      complaints: () => said.filter((line) => !ofOthers.test(line)),
      close: () => page.context().close(),
    };
  }
}
