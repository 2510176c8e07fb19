import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { blockFont } from './block-font.js';

const address = 'http://localhost/';
/** By every clock here it is ten in the morning, so that times are of one length. */
const startsAt = Date.UTC(2026, 0, 5, 10);

/** The script of the page, in one piece. */
async function pageScript(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    // Its assertions need the other test runner.
    resolve: { alias: { '@open-wc/testing': '@open-wc/testing-helpers' } },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: {
        input: resolve('test/e2e/screens/page.ts'),
        // The sources define the tags; the package names its built files alone.
        treeshake: false,
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rollup.RollupOutput;
  return output[0].code;
}

const html = (font: string) => `<!doctype html>
<html lang="en">
  <meta name="viewport" content="width=device-width" />
  <title>Screens</title>
  <style>
    @font-face { font-family: Blocks; src: url(${blockFont()}); }
    :root { color-scheme: light dark; background: Canvas; color: CanvasText; }
    body { margin: 1rem; font: 1rem/1.5 ${font}; }
    main { display: contents; }
    /* A caret blinks. */
    * { caret-color: transparent; }
  </style>
  <body><script type="module" src="page.js"></script></body>
</html>`;

/** Opens an empty page that can show any state. @param font blocks, unless somebody wants to look. */
export async function openStage(browser: Browser, font = 'Blocks'): Promise<() => Promise<Page>> {
  const script = await pageScript();
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    viewport: { width: 720, height: 560 },
  });
  await context.addInitScript((start) => {
    const { now } = Date;
    const shift = start - now();
    Date.now = () => now() + shift;
  }, startsAt);
  await context.route(`${address}**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({ contentType: 'text/html', body: html(font) }),
  );
  return async () => {
    const page = await context.newPage();
    await page.goto(address);
    await page.evaluate(() => document.fonts.ready);
    return page;
  };
}
