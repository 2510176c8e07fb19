import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../service/fixtures.js';
import type { DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const tag = (page: Page) => page.locator('marketplace-session');
const dialog = (page: Page) => tag(page).getByRole('dialog');

/** A running session, with everything loaded. */
async function open(app: string, minutes: number): Promise<Page> {
  const context = await world.newContext();
  const page = await context.newPage();
  await world.buy(page, app, minutes);
  await tag(page).locator('[part~=end-button]').first().waitFor();
  return page;
}

/** Everything that is said in the page from now on, by whichever live region. */
async function listen(page: Page): Promise<string[]> {
  const said: string[] = [];
  await page.exposeFunction('tellSaid', (text: string) => said.push(text));
  await page.evaluate(() => {
    const { tellSaid } = window as unknown as { tellSaid(text: string): void };
    const root = document.querySelector('marketplace-session')!.shadowRoot!;
    new MutationObserver((records) => {
      for (const { target } of records) {
        const region = (target instanceof Element ? target : target.parentElement)?.closest(
          '[role=status], [role=alert], [role=log], [aria-live]',
        );
        if (region?.textContent) tellSaid(region.textContent);
      }
    }).observe(root, { subtree: true, childList: true, characterData: true });
  });
  return said;
}

/** What has the focus, by its role and name. */
const focus = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels![0]! : element;
    return label?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  });

/** The accessibility tree of the tag, or of its dialog; digits of times are masked. */
const tree = async (page: Page, part = '') =>
  (await (part ? dialog(page) : tag(page)).ariaSnapshot())
    .replace(/\d{1,2}:\d\d/g, '0:00')
    // A day beside it where that is not today.
    .replace(/0:00 \(\w+ \d+ \w+\)/g, '0:00')
    .replace(/\d+ minutes?(, \d+ seconds?)?$/m, '0 minutes')
    .replace(/\n\s*- \/url:.*/g, '');

test('announcements over a five-minute warning, counted and listed: each threshold and sensible moment once, never the seconds', async () => {
  const page = await open('margin', 15);
  await page.evaluate(() => (document.querySelector('marketplace-session')!.warningSeconds = [300, 60]));
  await world.stopTime(page);
  const said = await listen(page);
  const left = () => page.evaluate(() => document.querySelector('marketplace-session')!.remainingSeconds!);
  await world.pass(page, (await left()) - 303);
  await page.evaluate(() => (document.querySelector('marketplace-session')!.noRedirect = true));
  while ((await left()) > 0) await world.pass(page, 1);
  await world.resumeTime(page);
  await tag(page).getByRole('heading', { name: 'Your time is up' }).waitFor();
  assert.deepEqual(said, [
    '5 minutes left. You can add time and stay.',
    '4 minutes left.',
    '3 minutes left.',
    '2 minutes left.',
    '1 minute left.',
    '40 seconds left.',
    '20 seconds left.',
    'Your time is up',
  ]);
  await page.context().close();
});

test('after a sleep a missed threshold speaks once: the nearest', async () => {
  const page = await open('margin', 15);
  await page.evaluate(() => (document.querySelector('marketplace-session')!.warningSeconds = [600, 300, 60]));
  const said = await listen(page);
  await world.pass(page, 15 * 60 - 200);
  await tag(page).locator('[part~=warning]').waitFor();
  assert.equal(said.length, 1);
  assert.match(said[0]!, /^4 minutes left\. You can add time and stay\.$/);
  await page.context().close();
});

test('a keyboard-only walk through the whole flow: focus on the safe action, options by arrows, Escape back to where it was', async () => {
  const page = await open('pulse', 15);
  const press = (...keys: string[]) =>
    keys.reduce((all, key) => all.then(() => page.keyboard.press(key)), Promise.resolve());
  const focusOn = (wanted: string) =>
    until(async () => (await focus(page)).startsWith(wanted)).catch(async () => {
      assert.equal(await focus(page), wanted, 'what has the focus');
    });
  const first = tag(page).getByRole('button', { name: 'Add time' });
  await first.focus();
  // The bar, in the order in which it is seen.
  await press('Tab');
  assert.equal(await focus(page), 'Pause');
  await press('Enter');
  await focusOn('Resume');
  await press('Enter');
  await focusOn('Pause');
  await press('Tab');
  assert.equal(await focus(page), 'End');

  // Asking for the end, and thinking better of it: the focus goes back to where it was.
  await press('Enter');
  await focusOn('Keep going');
  await press('Escape');
  await focusOn('End');
  await press('Shift+Tab', 'Shift+Tab');

  // Extending: the safe button first, the options by arrows, confirmed by Enter.
  await press('Enter');
  await focusOn('Not now');
  await press('Shift+Tab', 'Shift+Tab');
  assert.match(await focus(page), /^15 minutes 25 tokens ends/);
  await press('ArrowDown');
  await focusOn('30 minutes');
  await press('Tab');
  assert.equal(await focus(page), 'Add 30 minutes for 45 tokens');
  await press('Enter');
  await dialog(page).waitFor({ state: 'hidden' });
  await focusOn('Add time');
  await tag(page)
    .getByText(/30 minutes added\. Your session ends at/)
    .first()
    .waitFor();

  // The end.
  await page.evaluate(() => (document.querySelector('marketplace-session')!.noRedirect = true));
  await press('Tab', 'Tab', 'Enter');
  await focusOn('Keep going');
  await press('Tab', 'Enter');
  await tag(page).getByRole('heading', { name: 'The session has ended' }).waitFor();
  await focusOn('Back to the marketplace');
  await page.context().close();
});

const bar = `- timer "Time left": 0:00 ends 0:00
- button "Add time"
- button "Pause"
- button "End"
`;
const banner = `- text: Your session ends at 0:00. You can add time and stay.
- button "Dismiss": ×
`;

/** What a screen reader finds in each state. What stands outside an open dialog is inert, and not walked. */
const trees = {
  running: `${bar}- status`,
  warning: `${bar}${banner}- status: 5 minutes left. You can add time and stay.`,
  'last warning': `- dialog "Your time is almost up":
  - heading "Your time is almost up" [level=2]
  - timer "Time left": 0:00 ends 0:00
  - paragraph: When it is up, the session closes. Only what is saved is kept. You can add time and stay.
  - group "How much time?":
    - text: How much time?
    - radio "15 minutes 25 tokens ends 0:00" [checked]
    - text: 15 minutes 25 tokens ends 0:00
    - radio "30 minutes 45 tokens ends 0:00"
    - text: 30 minutes 45 tokens ends 0:00
    - radio "1 hour 80 tokens ends 0:00"
    - text: 1 hour 80 tokens ends 0:00
  - button "Add 15 minutes for 25 tokens"
  - button "Keep going"
  - button "End now"
  - status: 50 seconds left.`,
  end: `- dialog "End the session now?":
  - heading "End the session now?" [level=2]
  - timer "Time left": 0:00 ends 0:00
  - paragraph: You pay for the time used. The rest goes back to your wallet.
  - button "Keep going"
  - button "End now"
  - status`,
  ended: `- region "The session has ended":
  - heading "The session has ended" [level=2]
  - term: Time used
  - definition: 0 minutes
  - term: Cost
  - definition: 29 tokens
  - term: Back to your wallet
  - definition: 1 token
  - paragraph:
    - link "Back to the marketplace":
- status: The session has ended`,
};

test('an accessibility-tree snapshot of the whole flow: a screen reader finds it named, described and in order', async () => {
  const page = await open('pulse', 15);
  await page.evaluate(() => (document.querySelector('marketplace-session')!.warningSeconds = [300, 60]));
  await world.stopTime(page);
  const left = () => page.evaluate(() => document.querySelector('marketplace-session')!.remainingSeconds!);
  const passUntil = async (seconds: number) => world.pass(page, (await left()) - seconds);
  assert.equal(await tree(page), trees.running);
  await passUntil(299);
  await tag(page).locator('[part~=warning]').waitFor();
  assert.equal(await tree(page), trees.warning);
  await passUntil(50);
  await dialog(page).waitFor();
  assert.equal(await tree(page, 'dialog'), trees['last warning']);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  await world.pass(page, 11);
  await tag(page).getByRole('button', { name: 'End' }).click();
  await dialog(page).waitFor();
  assert.equal(await tree(page, 'dialog'), trees.end);
  await page.evaluate(() => (document.querySelector('marketplace-session')!.noRedirect = true));
  await world.resumeTime(page);
  await dialog(page).getByRole('button', { name: 'End now' }).click();
  await tag(page).getByRole('heading', { name: 'The session has ended' }).waitFor();
  assert.equal(await tree(page), trees.ended);
  await page.context().close();
});
