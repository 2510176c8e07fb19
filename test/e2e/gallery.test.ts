import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { DemoWorld } from './demo-world.js';
import { observe } from './observation.js';

let world: DemoWorld;
before(async () => (world = await DemoWorld.open()));
after(() => world?.close());

/** The frame of a state, once it is there. */
async function stateFrame(page: Page, id: string): Promise<Frame> {
  const iframe = page.locator(`#${id} iframe`);
  await iframe.scrollIntoViewIfNeeded();
  return (await (await iframe.elementHandle())!.contentFrame())!;
}

const session = (frame: Frame) => frame.locator('marketplace-session');

test('the gallery is one press from the front page, and shows every state under its strict policy', async () => {
  const context = await world.newContext();
  const seen = observe(context);
  const page = await context.newPage();
  await page.goto(world.demo.marketplaceUrl);
  await page.getByRole('link', { name: 'Gallery' }).click();
  await page.waitForURL('**/gallery/');
  const ids = await page
    .locator('.state')
    .evaluateAll((states) => states.map((state) => [state.id, state.querySelector('iframe')!.className]));
  assert.ok(ids.length >= 50, `${ids.length} states`);
  for (const [id, size] of ids) {
    const frame = await stateFrame(page, id!);
    const part =
      size === 'high'
        ? frame.getByRole('dialog')
        : frame
            .locator('main > :first-child')
            .locator(
              '[part~=time], [part~=loading], [part~=error], [part~=ended], [part~=button], [slot=fallback]',
            )
            .or(frame.locator('main > :first-child [part~=banner]'))
            .filter({ visible: true })
            .first();
    await part.waitFor();
  }
  assert.deepEqual(seen.consoleLines, []);
  await context.close();
});

/** The elements of a markup as they are written: name, attributes by name, and text; without script, look and session. */
function writtenIn(markup: string): string[] {
  const template = document.createElement('template');
  template.innerHTML = markup;
  return [...template.content.querySelectorAll('*:not(script, link)')].map((element) =>
    [
      element.localName,
      ...[...element.attributes]
        .filter(({ name }) => !/^(api-endpoint|session-token)$/.test(name))
        .map(({ name, value }) => `${name}=${value}`)
        .sort(),
      element.textContent.replace(/\s+/g, ''),
    ].join(' '),
  );
}

test('the code of each state is what stands in its frame, but for the session', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  const desk = await context.newPage();
  await page.goto(`${world.demo.marketplaceUrl}/gallery/#theme=dark&look=paper&dir=rtl&lang=de`);
  for (const card of await page.locator('.state').all()) {
    const id = (await card.getAttribute('id'))!;
    const frame = await stateFrame(page, id);
    await frame.locator('main > [theme=dark]').first().waitFor({ state: 'attached' });
    const seen = await desk.evaluate(writtenIn, await frame.locator('main').innerHTML());
    const code = await desk.evaluate(writtenIn, (await card.locator('pre code').textContent())!);
    assert.ok(seen.length > 0, id);
    assert.deepEqual(code, seen, id);
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
