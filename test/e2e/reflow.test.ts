// Small windows, magnified pages and long words: everything stays to be read, and nothing is cut off at the side
// (WCAG 1.4.4, 1.4.10).
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Piece, Screen } from './screens/page.js';
import { openStage } from './screens/stage.js';
import { useBrowser } from './set-up.js';

let browser: Browser;
let openPage: () => Promise<Page>;
useBrowser((opened) => (browser = opened));
before(async () => {
  openPage = await openStage(browser);
});

/** A window of 1280 by 1024, magnified, holds fewer pixels of CSS. */
const windows = {
  'a window of 320 px': { width: 320, height: 640 },
  '200 % zoom': { width: 640, height: 512 },
  '400 % zoom': { width: 320, height: 256 },
};

/** What stands out at the side, of the window or of its own box. */
const outside = (page: Page) =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
    const out: string[] = [];
    if (document.scrollingElement!.scrollWidth > innerWidth) out.push('the page scrolls to the side');
    for (const root of roots) {
      for (const element of root.querySelectorAll<HTMLElement>('*:not(slot, style, svg, svg *)')) {
        if (!element.checkVisibility() || element.matches('[part=announcement]')) continue;
        const { left, right } = element.getBoundingClientRect();
        const isCut = left < -1 || right > innerWidth + 1;
        const isFull = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
        if (isCut || isFull)
          out.push(`${element.localName} ${element.getAttribute('part')}: ${left} to ${right}`);
      }
    }
    return out;
  });

const pieces: Piece[] = [
  ...['text', 'pill', 'ring'].map((shape): Piece => ['marketplace-session-timer', { shape }]),
  ['marketplace-session-extend', {}],
  ['marketplace-session-connection', {}],
  ['marketplace-session-warning', {}],
];

test('words that are longer than a line wrap, and everything fits: 320 px, 200 % and 400 % zoom, letters of twice the size', async (t) => {
  const desk = await openPage();
  const scenes = await desk.evaluate(() => window.sceneNames);
  const screens = Object.fromEntries(scenes.map((scene): [string, Screen] => [scene, { scene }]));
  for (const [name, screen] of Object.entries({ ...screens, pieces: { scene: 'banner', pieces } })) {
    await t.test(name, async () => {
      const page = await openPage();
      await page.evaluate(() => window.lengthenWords());
      await page.evaluate((wanted) => window.openScreen(wanted), screen);
      const look = async (what: string) => assert.deepEqual(await outside(page), [], what);
      for (const layout of ['inline', 'floating']) {
        await page.evaluate((wanted) => {
          document.querySelector('marketplace-session')!.setAttribute('layout', wanted);
          document.documentElement.style.fontSize = '';
        }, layout);
        for (const [window, size] of Object.entries(windows)) {
          await page.setViewportSize(size);
          await look(`${layout}, ${window}`);
        }
        await page.setViewportSize(windows['200 % zoom']);
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        await look(`${layout}, letters of twice the size`);
      }
      await page.close();
    });
  }
  await desk.close();
});
