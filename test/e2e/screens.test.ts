// What every state looks like, held against pictures of it (test/e2e/screens/reference). All text is drawn as blocks, so
// that the fonts of a machine do not matter. `UPDATE=1` takes the pictures anew; `FONT=system-ui FOLDER=…` takes some
// to look at, with words.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { differenceOf } from './screens/compare.js';
import type { Piece, Screen } from './screens/page.js';
import { openStage } from './screens/stage.js';
import { lookAt, views } from './screens/views.js';
import { useBrowser } from './set-up.js';

const { UPDATE, FONT, FOLDER = 'test/e2e/screens/reference' } = process.env;

/** The Chromium that took the pictures. */
const photographer = join(FOLDER, 'chromium-version.txt');
/** What rounding and smoothing of edges may change, as a share of all pixels; and another version of Chromium. */
const tolerance = { same: 0.0005, other: 0.015 };

const timers: Piece[] = ['text', 'pill', 'ring'].map((shape) => ['marketplace-session-timer', { shape }]);

/** Beside the scenes, each by itself. */
const more: Record<string, Screen> = {
  bar: { scene: 'banner', attributes: { layout: 'bar' } },
  compact: { scene: 'banner', attributes: { layout: 'compact' } },
  floating: { scene: 'banner', attributes: { layout: 'floating' } },
  pieces: {
    scene: 'timer',
    attributes: { 'no-timer': '', 'no-extend': '' },
    pieces: [...timers, ['marketplace-session-extend', {}]],
  },
  'pieces warn': {
    scene: 'banner',
    attributes: { 'no-timer': '', 'no-warning': '' },
    pieces: [...timers, ['marketplace-session-warning', {}]],
  },
  'pieces offline': {
    scene: 'offline',
    attributes: { 'no-timer': '', 'no-connection': '' },
    pieces: [...timers, ['marketplace-session-connection', {}]],
  },
};

let browser: Browser;
let openPage: () => Promise<Page>;
useBrowser((opened) => (browser = opened));
before(async () => {
  openPage = await openStage(browser, FONT);
});

test('every state looks as it did, in each way of looking at it', async (t) => {
  const desk = await openPage();
  const scenes = (await desk.evaluate(() => window.sceneNames)).map((scene): [string, Screen] => [
    scene,
    { scene },
  ]);
  await mkdir(FOLDER, { recursive: true });
  const version = browser.version().split('.')[0]!;
  if (UPDATE || FONT) await writeFile(photographer, `${version}\n`);
  const isSame = (await readFile(photographer, 'utf8')).trim() === version;
  for (const [name, screen] of [...scenes, ...Object.entries(more)]) {
    await t.test(name, async () => {
      const page = await openPage();
      await page.evaluate((wanted) => window.openScreen(wanted), screen);
      const differences: string[] = [];
      for (const [view, settings] of Object.entries(views)) {
        const picture = await lookAt(page, settings);
        const path = join(FOLDER, `${name}, ${view}.png`.replace(/[ ,%]+/g, '-'));
        if (UPDATE || FONT) {
          await writeFile(path, picture);
          continue;
        }
        const difference = await differenceOf(
          desk,
          picture,
          await readFile(path),
          tolerance[isSame ? 'same' : 'other'],
        );
        if (!difference) continue;
        const seen = join('coverage', path.split(/[\\/]/).at(-1)!);
        await mkdir('coverage', { recursive: true });
        await writeFile(seen, picture);
        differences.push(`${view}: ${difference}; see ${seen}`);
      }
      await page.close();
      assert.deepEqual(differences, []);
    });
  }
});

for (const [scene, left] of [
  ['dialog', '[part=bar] [part=time]'],
  ['banner', '[part=bar] [part=time]'],
  ['ended', '[part=receipt]'],
] as const) {
  test(`on paper ${scene} keeps what can be read, and nothing to press`, async () => {
    const page = await openPage();
    await page.evaluate((wanted) => window.openScreen({ scene: wanted }), scene);
    const tag = page.locator('marketplace-session');
    const pressed = tag.locator('button, a, dialog, [part~=banner]').filter({ visible: true });
    assert.notEqual(await pressed.count(), 0);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await pressed.count(), 0);
    assert.equal(await tag.locator(left).isVisible(), true);
    await page.close();
  });
}

test('reduced motion is respected: nothing moves for somebody who wants less of it', async () => {
  const page = await openPage();
  const timer: Piece = ['marketplace-session-timer', { shape: 'ring' }];
  await page.evaluate((pieces) => window.openScreen({ scene: 'dialog', pieces }), [timer]);
  await page.locator('marketplace-session dialog').waitFor();
  const moves = () =>
    page.evaluate(() =>
      [
        ['marketplace-session', 'dialog', 'animation-name'],
        ['marketplace-session-timer', '[part=ring-rest]', 'transition-duration'],
      ].map(([tag, part, property]) =>
        getComputedStyle(document.querySelector(tag!)!.shadowRoot!.querySelector(part!)!).getPropertyValue(
          property!,
        ),
      ),
    );
  assert.deepEqual(await moves(), ['none', '0s']);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  assert.deepEqual(await moves(), ['ms-come', '1s']);
  await page.close();
});
