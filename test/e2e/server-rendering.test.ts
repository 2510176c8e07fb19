// Pages that a server has written: the tag stands in them before its script has come, and nothing moves when it does.
import '@lit-labs/ssr/lib/install-global-dom-shim.js';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { before, test } from 'node:test';
import { html, render } from '@lit-labs/ssr';
import { FallbackRenderer } from '@lit-labs/ssr/lib/element-renderer.js';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import type { Browser, Page } from 'playwright-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { build, type Rollup } from 'vite';
import { renderShadow, type ServerRendered } from '../../src/server.js';
import type { OneOrigin } from './one-origin.js';
import { complaintsOf } from './session-pages.js';
import { useBrowser, useOneOrigin } from './set-up.js';

/** As docs/rendering.md has it, for Lit's server renderer. */
class SessionRenderer extends FallbackRenderer {
  #lang = '';

  static override matchesClass(_: typeof HTMLElement, tag: string): boolean {
    return tag === 'marketplace-session' || tag === 'marketplace-session-timer';
  }

  override setAttribute(name: string, value: string): void {
    super.setAttribute(name, value);
    if (name === 'lang') this.#lang = value;
  }

  override renderShadow() {
    return [() => renderShadow(this.tagName as ServerRendered, { lang: this.#lang })];
  }
}

let site: OneOrigin;
let browser: Browser;
/** Pages by their paths. */
const pages = new Map<string, string>();

useBrowser((opened) => (browser = opened));
before(async () => {
  // Once the stand-in of a page is complete: Lit renders tags that are defined.
  await import('../../src/pieces.js');
});
useOneOrigin(
  (opened) => (site = opened),
  (path) => {
    const page = pages.get(path);
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    return page === undefined ? null : new Response(page, { headers: { 'Content-Type': type } });
  },
);

const documentOf = (body: string, head = '') =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>From a server</title>${head}<body>${body}<p id="below">What comes after it</p></body></html>`;

/** Opens a page whose scripts come late. @returns how far its parts were moved about (Layout Instability). */
async function shiftsOf(page: Page, address: string): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const seen = window as unknown as { shift: number };
    seen.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  let release!: () => void;
  const isLate = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.js', async (route) => {
    await isLate;
    await route.continue();
  });
  await page.goto(address, { waitUntil: 'commit' });
  await page.locator('#below').waitFor();
  // It has been painted without them.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  release();
  return async () => {
    await page.locator('marketplace-session').getByRole('button', { name: 'Pause' }).waitFor();
    return page.evaluate(() => (window as unknown as { shift: number }).shift);
  };
}

test('@lit-labs/ssr renders the timer and the tag; they keep their place when they wake up', async () => {
  const template = html`<marketplace-session-timer shape="pill" lang="de"></marketplace-session-timer
    ><marketplace-session api-endpoint=${`${site.origin}/api/v1`}></marketplace-session>`;
  const body = await collectResult(render(template, { elementRenderers: [SessionRenderer] }));
  assert.equal(body.match(/shadowrootmode="open"><style>/g)?.length, 2);
  assert.match(body, /aria-label="Verbleibende Zeit"/);
  pages.set('/', documentOf(body, '<script type="module" src="/pieces.js"></script>'));
  const context = await browser.newContext();
  const complaints = complaintsOf(context);
  const page = await context.newPage();
  const shift = await shiftsOf(page, `${site.origin}/?session=${await site.sell(600)}`);
  const timer = page.locator('marketplace-session-timer');
  await timer.getByText('Verbleibende Zeit').waitFor();
  assert.equal(await shift(), 0);
  assert.match(await timer.locator('[part=time]').innerText(), /^\d+:\d\d$/);
  assert.equal(await timer.locator('[part=timer]').count(), 1);
  assert.deepEqual(complaints, []);
  await context.close();
});

for (const width of [1280, 320]) {
  test(`nothing moves at ${width} px: drawn by a server, or with the few lines of CSS that stand in docs/rendering.md`, async () => {
    const docs = await readFile('docs/rendering.md', 'utf8');
    const [, css] = /```css\n(.*?)```/s.exec(docs)!;
    const script = '<script type="module" src="/marketplace-session.js"></script>';
    const tagOf = (inside: string) =>
      `<marketplace-session api-endpoint="${site.origin}/api/v1">${inside}</marketplace-session>`;
    const shadow = await renderShadow('marketplace-session');
    pages.set('/drawn', documentOf(tagOf(`<template shadowrootmode="open">${shadow}</template>`), script));
    pages.set('/styled', documentOf(tagOf(''), `<style>${css}</style>${script}`));
    for (const path of ['/drawn', '/styled']) {
      const page = await browser.newPage({ viewport: { width, height: 700 } });
      const shift = await shiftsOf(page, `${site.origin}${path}?session=${await site.sell(600)}`);
      assert.equal(await shift(), 0, path);
      await page.close();
    }
  });
}

test('React hydrates a page with the tag in it, awake already, without an error', async () => {
  const tag = createElement('marketplace-session', { 'api-endpoint': `${site.origin}/api/v1` });
  const script =
    '<script type="module" src="/pieces.js"></script><script type="module" src="/hydrate.js"></script>';
  pages.set('/react', documentOf(`<div id="root">${renderToString(tag)}</div>`, script));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      rolldownOptions: {
        input: resolve('test/e2e/hydrate.ts'),
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput;
  pages.set('/hydrate.js', output[0].code);
  const context = await browser.newContext();
  const complaints = complaintsOf(context);
  const page = await context.newPage();
  await page.goto(`${site.origin}/react?session=${await site.sell(600)}`);
  await page.locator('marketplace-session').getByRole('button', { name: 'Pause' }).waitFor();
  await page.waitForFunction(() => document.documentElement.dataset.hydrated);
  assert.deepEqual(
    complaints.filter((text) => !text.includes('Download the React DevTools')),
    [],
  );
  assert.equal(await page.locator('marketplace-session').count(), 1);
  await context.close();
});
