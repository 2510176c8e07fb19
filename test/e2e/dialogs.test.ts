// Dialogs in small windows, in front of long pages and inside of other pages (WCAG 1.4.10, 2.4.11).
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, Frame, Page } from 'playwright-core';
import { openStage } from './screens/stage.js';
import { useBrowser } from './set-up.js';

let browser: Browser;
let openPage: () => Promise<Page>;
useBrowser((opened) => (browser = opened));
before(async () => {
  openPage = await openStage(browser);
});

const open = (page: Page | Frame, scene: string, attributes: Record<string, string> = {}) =>
  page.evaluate((screen) => window.openScreen(screen), { scene, attributes });

const scenes = ['dialog', 'picker', 'busy', 'refused', 'pay', 'ask', 'offline picker'];
const windows = {
  'a window of 320 x 568': { width: 320, height: 568 },
  'a window of 720 x 520': { width: 720, height: 520 },
  '400 % zoom': { width: 320, height: 256 },
};

/**
 * What of the dialog is not to be seen in full just now, and whether what scrolls is at its top: what has come into the
 * head since has scrolled it, so that nothing moves.
 */
const unseen = (page: Page, hasChanged: boolean) =>
  page.evaluate((mayScroll) => {
    const dialog = document.querySelector('marketplace-session')!.shadowRoot!.querySelector('dialog')!;
    const inView = ['dialog-title', 'dialog-time'].map((part) => dialog.querySelector(`[part=${part}]`)!);
    const faults = [...inView, ...dialog.querySelectorAll('[part=actions] > *')].flatMap((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top < 0 || bottom > innerHeight ? [`${element.getAttribute('part')}: ${top} to ${bottom}`] : [];
    });
    const body = dialog.querySelector('[part=dialog-body]')!;
    if (body.clientHeight < Math.min(40, body.scrollHeight))
      faults.push(`what scrolls is ${body.clientHeight} high`);
    if ((body.scrollTop && !mayScroll) || dialog.scrollTop) faults.push('it opens below its top');
    return faults;
  }, hasChanged);

for (const scene of scenes) {
  test(`${scene}: heading, time and buttons are in view in small windows, and what scrolls begins at its top`, async () => {
    const page = await openPage();
    for (const [name, size] of Object.entries(windows)) {
      await page.setViewportSize(size);
      for (const lang of ['en', 'cy', 'ar']) {
        await page.reload();
        await page.evaluate((wanted) => (document.documentElement.lang = wanted), lang);
        await open(page, scene);
        assert.deepEqual(await unseen(page, /refused|offline/.test(scene)), [], `${name}, ${lang}`);
      }
    }
    await page.close();
  });
}

test('the wheel moves neither the page behind a dialog nor one that frames it, and opening and closing do not either', async () => {
  const page = await openPage();
  await page.setContent(
    `<style>body { margin: 0; padding-block: 40vh 300vh } iframe { width: 100%; height: 90vh }</style>
     <iframe src="http://localhost/framed"></iframe>`,
  );
  const frame = page.frame({ url: /framed/ }) ?? (await page.waitForEvent('frameattached'));
  await frame.waitForFunction(() => 'openScreen' in window);
  await frame.evaluate(() => (document.body.style.paddingBottom = '300vh'));
  const places = async () => [
    await page.evaluate(() => scrollY),
    await frame.evaluate(() => [scrollY, document.documentElement.clientWidth].join()),
  ];
  const before = await places();
  await open(frame, 'picker');
  assert.deepEqual(await places(), before, 'opened');
  const tag = frame.locator('marketplace-session');
  for (const place of [tag.locator('[part=dialog-text]'), tag.locator('[part=bar] [part=time]')]) {
    const { x, y } = (await place.boundingBox())!;
    await page.mouse.move(x + 1, y + 1);
    await page.mouse.wheel(0, 400);
    await frame.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    const [, inFrame] = await places();
    assert.equal(inFrame, before[1], 'the wheel was turned');
  }
  await page.evaluate(() => scrollTo(0, 0));
  await tag.getByRole('button', { name: 'Not now' }).evaluate((button: HTMLElement) => button.click());
  await tag.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.deepEqual(await places(), before, 'closed');
  await page.close();
});

test('on paper the floating layout stands in the text', async () => {
  const page = await openPage();
  await open(page, 'timer', { layout: 'floating' });
  const position = () =>
    page
      .locator('marketplace-session [part=session]')
      .evaluate((element) => getComputedStyle(element).position);
  assert.equal(await position(), 'fixed');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await position(), 'static');
  await page.close();
});

test('a banner above the floating bar leaves its buttons where they are', async () => {
  const page = await openPage();
  await open(page, 'timer', { layout: 'floating' });
  const button = page.locator('marketplace-session').getByRole('button', { name: 'End' });
  const before = await button.boundingBox();
  await page.context().setOffline(true);
  await page.locator('marketplace-session [part~=connection]').waitFor();
  assert.deepEqual(await button.boundingBox(), before);
  await page.context().setOffline(false);
  await page.close();
});
