import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import type { DemoWorld } from './demo-world.js';
import { observe } from './observation.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

/** The frame of a state, once it is there. */
async function stateFrame(page: Page, id: string): Promise<Frame> {
  const iframe = page.locator(`#${id} iframe`);
  await iframe.scrollIntoViewIfNeeded();
  return (await (await iframe.elementHandle())!.contentFrame())!;
}

const session = (frame: Frame) => frame.locator('marketplace-session');

/** What a state shows where it opens no dialog. */
const shownPart = (frame: Frame | Page) =>
  frame
    .locator('main > :first-child')
    .locator(
      '[part~=time], [part~=loading], [part~=error], [part~=ended], [part~=button], [part~=chat], [part~=files], [part~=desk], [part=dashboard], [part=setup], [part=help], [part=outcome], [part=room], [slot=fallback]',
    )
    .or(frame.locator('main > :first-child [part~=banner]'))
    .filter({ visible: true })
    .first();

/** A state once everything is pressed that leads there. */
const wayOf = (frame: Frame | Page, id: string) => frame.locator(`html[data-reached="${id}"]`);

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong in a state, in one line each. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(`${axeSource}; 0`);
  const { violations } = await page.evaluate(async () => {
    // Half faded in, nothing has its contrast; what is drawn endlessly is looked at as it is.
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
    const { axe } = window as unknown as { axe: { run(node: Node, options: object): Promise<AxeResults> } };
    // The page around is the gallery's.
    const rules = { region: { enabled: false }, 'page-has-heading-one': { enabled: false } };
    return axe.run(document, { rules, resultTypes: ['violations'] });
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`),
  );
}

/** How far a call of the gallery gets; what else is there is in front of the person at once. */
const reached: Record<string, string> = {
  ...Object.fromEntries(
    ['muted', 'unseen', 'screen', 'sharing', 'silenced', 'weak', 'poor', 'back', 'helper', 'connected'].map(
      (id) => [`room-${id}`, 'connected'],
    ),
  ),
  'room-connecting': 'connecting',
  'room-reconnecting': 'reconnecting',
  'room-left': 'left',
  'room-elsewhere': 'elsewhere',
};

/** The elements of a markup as they are written: name, attributes by name, and text; without script, look and session. */
function writtenIn(markup: string): string[] {
  const template = document.createElement('template');
  template.innerHTML = markup;
  return [...template.content.querySelectorAll('*:not(script, link)')].map((element) =>
    [
      element.localName,
      ...[...element.attributes]
        .filter(({ name }) => !/^(api-endpoint|server-url|session-token)$/.test(name))
        .map(({ name, value }) => `${name}=${value}`)
        .sort(),
      element.textContent.replace(/\s+/g, ''),
    ].join(' '),
  );
}

test('the gallery is one press from the front page; states show under their strict policy, and their code is what stands there', async () => {
  const context = await world.newContext();
  const seen = observe(context);
  // First: a page that another one has covered is drawn once a second.
  const desk = await context.newPage();
  const page = await context.newPage();
  await page.goto(world.demo.marketplaceUrl);
  await page.getByRole('link', { name: 'Gallery' }).click();
  await page.waitForURL('**/gallery/');
  // Read as the page opens.
  await page.goto('about:blank');
  await page.goto(`${world.demo.marketplaceUrl}/gallery/#theme=dark&look=paper&dir=rtl&lang=de`);
  const ids = await page.locator('.state').evaluateAll((all) => all.map(({ id }) => id));
  assert.ok(ids.length >= 50, `${ids.length} states`);
  for (const id of ids) {
    const card = page.locator(`#${id}`);
    const frame = await stateFrame(page, id);
    await frame.locator('main > [theme=dark]').first().waitFor({ state: 'attached' });
    const isHigh = (await card.locator('iframe').getAttribute('class')) === 'high';
    await (isHigh ? frame.getByRole('dialog') : shownPart(frame)).waitFor().catch((cause: unknown) => {
      throw new Error(`${id} shows nothing`, { cause });
    });
    await wayOf(frame, id).waitFor({ state: 'attached' });
    const inFrame = await desk.evaluate(writtenIn, await frame.locator('main').innerHTML());
    const code = await desk.evaluate(writtenIn, (await card.locator('pre code').textContent())!);
    assert.ok(inFrame.length > 0, id);
    assert.deepEqual(code, inFrame, id);
    // What has been seen need not run.
    await page.evaluate((seen) => document.getElementById(seen)!.remove(), id);
  }
  assert.deepEqual(seen.consoleLines, []);
  await context.close();
});

const ofAxe = [
  'preflight',
  'chat',
  'files',
  'desk',
  'request',
  'outcome',
  'bell',
  'room',
  'dashboard',
  'setup',
];
for (const element of ofAxe)
  test(`axe finds nothing in any state, dark and light: ${element}`, async () => {
    const context = await world.newContext();
    const page = await context.newPage();
    const gallery = `${world.demo.marketplaceUrl}/gallery`;
    await page.goto(`${gallery}/`);
    const states = await page
      .locator('.state')
      .evaluateAll((all) => all.map(({ id }) => ({ id, isHigh: !!document.querySelector(`#${id} .high`) })));
    const own = states.filter(({ id }) => id.split('-')[0] === element);
    assert.ok(own.length >= 5, `${own.length} states`);
    for (const { id, isHigh } of own) {
      await page.goto(`${gallery}/frame.html?state=${id}#theme=dark`);
      await (isHigh ? page.getByRole('dialog') : shownPart(page)).waitFor();
      await wayOf(page, id).waitFor({ state: 'attached' });
      if (reached[id])
        await page.locator(`[part=room][data-state=${reached[id]}]`).waitFor({ state: 'attached' });
      const dark = await faults(page);
      await page.evaluate(() => (location.hash = '#theme=light'));
      await page.locator('main > [theme=light]').first().waitFor({ state: 'attached' });
      assert.deepEqual([dark, await faults(page)], [[], []], id);
    }
    await context.close();
  });

test('theme, look, direction, language and width are switched in all of it, in the address and in the code', async () => {
  const context = await world.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${world.demo.marketplaceUrl}/gallery/`);
  const frame = await stateFrame(page, 'active');
  await session(frame).getByRole('button', { name: 'Add time' }).waitFor();
  const look = () =>
    frame.evaluate(() => {
      const { backgroundColor, colorScheme, direction } = getComputedStyle(document.documentElement);
      return { backgroundColor, colorScheme, direction };
    });
  const own = await look();

  await page.getByRole('group', { name: 'Theme' }).getByLabel('Dark').check();
  await page.getByLabel('Right to left').check();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await session(frame).getByRole('button', { name: 'Zeit hinzufügen' }).waitFor();
  const dressed = await look();
  assert.deepEqual([dressed.colorScheme, dressed.direction], ['dark', 'rtl']);
  assert.notEqual(dressed.backgroundColor, own.backgroundColor);

  const card = page.locator('#active');
  await card.getByText('Code', { exact: true }).click();
  await card.getByRole('button', { name: /^Copy/ }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(
    copied,
    /<marketplace-session api-endpoint="[^"]+" theme="dark" lang="de" dir="rtl"><\/marketplace-session>$/,
  );

  assert.match(copied, new RegExp(`src="${world.demo.marketplaceUrl}/cdn/marketplace-session.js"`));

  for (const name of ['Paper', 'Terminal', 'Candy']) {
    const before = (await look()).backgroundColor;
    await page.getByLabel(name).check();
    await page.waitForFunction(() =>
      document.querySelector('#look-code pre code')!.textContent!.includes('::part'),
    );
    const css = (await page.locator('#look-code pre code').textContent())!;
    // Written with the public surface alone.
    assert.doesNotMatch(css, /--ms-|!important|>>>/);
    await frame.waitForFunction(
      (background) => getComputedStyle(document.documentElement).backgroundColor !== background,
      before,
    );
  }

  await page.getByLabel('320 px').check();
  await page.waitForFunction(() => document.querySelector('#active iframe')!.clientWidth === 320);
  await page.waitForURL('**#theme=dark&look=candy&dir=rtl&lang=de&width=320');
  await page.reload();
  assert.equal(await page.getByLabel('Candy').isChecked(), true);
  await session(await stateFrame(page, 'active'))
    .getByRole('button', { name: 'Zeit hinzufügen' })
    .waitFor();
  await context.close();
});

test('the gallery stays where somebody has scrolled to, while dialogs open and close in its frames and all are dressed anew', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  await page.goto(`${world.demo.marketplaceUrl}/gallery/`);
  await page.locator('#dialog').evaluate((card) => card.scrollIntoView({ block: 'start' }));
  const frame = await page.locator('#dialog iframe').elementHandle();
  const dialog = (await frame!.contentFrame())!.getByRole('dialog');
  const place = () =>
    page.locator('#dialog').evaluate((card) => Math.round(card.getBoundingClientRect().top));
  const before = await place();
  // A frame further up may find its height meanwhile, and be a line lower; scrolled away it would be by a card and more.
  const assertThere = async (when: string) => {
    const now = await place();
    assert.ok(Math.abs(now - before) < 100, `${when}: at ${now}, and was at ${before}`);
  };
  await dialog.waitFor();
  await assertThere('after the dialog has come');
  for (const theme of ['dark', 'light', '']) {
    await page.locator(`[name=theme][value="${theme}"]`).evaluate((radio: HTMLInputElement) => radio.click());
    await (await frame!.contentFrame())!.waitForFunction(
      (wanted) => document.documentElement.dataset.theme === wanted,
      theme || 'auto',
    );
    await assertThere(`after the theme ${theme || 'auto'}`);
  }
  await dialog.getByRole('button', { name: 'Keep going' }).evaluate((button: HTMLElement) => button.click());
  await dialog.waitFor({ state: 'hidden' });
  await assertThere('after the dialog has gone');
  await context.close();
});
