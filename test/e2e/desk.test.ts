// Two helpers at their desks, over a real service and its streams.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectOk, until } from '../service/fixtures.js';
import { HelpScene, type TestHelper } from '../service/help-desk.js';
import { bundlePackage } from './bundled-package.js';
import type { OneOrigin } from './one-origin.js';
import { observe } from './observation.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const pageOf = (id: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>A helper’s desk</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/app.js"></script>
  <marketplace-helper-desk server-url="/api/v1" access-token-url="/access-token/${id}" session-url="/room/{session_id}"></marketplace-helper-desk>
  <marketplace-notifications server-url="/api/v1" access-token-url="/access-token/${id}"></marketplace-notifications>
</html>`;

let site: OneOrigin;
let browser: Browser;
let scene: HelpScene;
let app: Promise<string> | undefined;
const helpers = new Map<string, TestHelper>();
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path) => {
    const [, place, id = ''] = path.split('/');
    if (place === 'app.js')
      return new Response(await (app ??= bundlePackage(['live-help'], 'production')), {
        headers: { 'Content-Type': 'text/javascript' },
      });
    // The provider's server: it knows who is signed in.
    if (place === 'access-token')
      return Response.json({ access_token: helpers.get(id)!.token, expires_in: 3600 });
    const html = { headers: { 'Content-Type': 'text/html' } };
    if (place === 'room') return new Response('<!doctype html><link rel="icon" href="data:,">', html);
    return place === 'desk' ? new Response(pageOf(id), html) : null;
  },
);
before(async () => {
  scene = await HelpScene.open(site.service);
  const body = { allowed_origins: [site.origin] };
  expectOk(await site.service.call('PATCH', `/applications/${scene.application.id}`, { body }));
});

const part = (page: Page, name: string) => page.locator(`marketplace-helper-desk [part~=${name}]`);
const said = (page: Page, text: string) =>
  page.locator('marketplace-helper-desk [part=announcement]').getByText(text).waitFor({ state: 'attached' });

async function openDesk(context: BrowserContext, { id }: TestHelper): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${site.origin}/desk/${id}`);
  await part(page, 'availability').waitFor();
  await scene.untilSeen([id]);
  return page;
}
async function newHelper(): Promise<TestHelper> {
  const helper = await scene.helper();
  helpers.set(helper.id, helper);
  return helper;
}
async function ask(): Promise<string> {
  const { body } = await scene.ask(await scene.customer());
  return body.id;
}

test('of two desks one gets the request, and the other is told; a tab that is killed leaves the other tab at work', async () => {
  const [maria, omar] = [await newHelper(), await newHelper()];
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const seen = contexts.map(observe);
  const pages = [await openDesk(contexts[0], maria), await openDesk(contexts[1], omar)] as const;
  const id = await ask();
  for (const page of pages) {
    await part(page, 'claim-button').waitFor();
    await part(page, 'request-description').getByText('It drips below the Secretsink.').waitFor();
    assert.equal(await part(page, 'request-name').textContent(), 'A leak');
  }
  // A press that is on its way, as the other's.
  await Promise.all(
    pages.map((page) =>
      part(page, 'claim-button')
        .click({ timeout: 5000 })
        .catch(() => {}),
    ),
  );
  await until(async () => {
    const joins = await Promise.all(pages.map((page) => part(page, 'join-button').count()));
    return joins[0]! + joins[1]! === 1;
  });
  const { helper_id } = await scene.read(id);
  const isMaria = helper_id === maria.id;
  const [winner, loser] = isMaria ? pages : [pages[1], pages[0]];
  await part(loser, 'request-message').getByText('Somebody was faster. You are still available.').waitFor();
  await said(winner, 'The request is yours.');
  // A second tab of the winner shows the same, and goes on once the first one is gone.
  const other = await openDesk(winner.context(), isMaria ? maria : omar);
  await part(other, 'join-button').waitFor();
  const opened = winner.context().waitForEvent('page');
  await part(winner, 'join-button').click();
  const room = await opened;
  assert.match(room.url(), /\/room\/[\w-]+$/);
  await winner.close();
  await part(other, 'withdraw-button').click();
  await until(async () => (await part(other, 'request').count()) === 0);
  // The other one is asked again, in the place where it was.
  await part(loser, 'claim-button').click();
  await part(loser, 'join-button').waitFor();
  assert.notEqual((await scene.read(id)).helper_id, helper_id);
  await part(loser, 'withdraw-button').click();
  await until(async () => (await part(loser, 'request').count()) === 0);
  await scene.cancel(id);
  for (const { requests, consoleLines } of seen) {
    // The one that was refused.
    assert.deepEqual(
      consoleLines.filter((line) => !/409/.test(line)),
      [],
    );
    for (const { token } of [maria, omar]) assert.ok(!requests.some(({ url }) => url.includes(token)));
  }
  for (const context of contexts) await context.close();
});

test('a helper comes, takes a request, joins, says how it ended and reads the bell by the keyboard alone', async () => {
  const helper = await scene.helper({}, 'offline');
  helpers.set(helper.id, helper);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site.origin}/desk/${helper.id}`);
  await part(page, 'availability').waitFor();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Name and role of what has the focus, such as `button Accept: A leak`. */
  const focus = () =>
    page.evaluate(() => {
      let at = document.activeElement!;
      while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      const { type, value } = at as HTMLInputElement;
      const name = at.getAttribute('aria-label') ?? (type === 'radio' ? value : at.textContent!.trim());
      return `${type === 'radio' ? type : at.localName} ${name}`;
    });
  const untilFocusIs = (wanted: string) =>
    until(async () => (await focus()) === wanted).catch(async () => assert.equal(await focus(), wanted));

  // The switch.
  await press('Tab');
  await untilFocusIs('radio offline');
  await press('ArrowDown');
  await untilFocusIs('radio available');
  await part(page, 'availability-text').getByText('You are asked as soon as').waitFor();
  await scene.untilSeen([helper.id]);

  // An offer is heard, and takes the focus from nobody.
  const id = await ask();
  await said(page, 'New requests for help: 1.');
  await untilFocusIs('radio available');
  await press('Tab');
  await untilFocusIs('button Decline: A leak');
  await press('Tab');
  await untilFocusIs('button Accept: A leak');
  await press('Enter');
  await said(page, 'The request is yours.');
  await untilFocusIs('a Join: A leak');

  // The way into the talk, which opens beside the desk.
  const opened = context.waitForEvent('page');
  await press('Enter');
  const room = await opened;
  await room.waitForURL(/\/room\/[\w-]+$/);
  await room.close();
  await page.bringToFront();
  await untilFocusIs('a Join: A leak');
  const sessionId = (await scene.read(id)).session_id!;
  const sides = [await scene.join(sessionId), await scene.attend(helper, sessionId)];
  await part(page, 'request-time').getByText('The talk is running.').waitFor();
  await untilFocusIs('a Join: A leak');
  expectOk(await site.service.call('POST', `/sessions/${sessionId}/end`));
  for (const side of sides) side.leave();

  // How it ended: sent without a choice, the focus is where that is made.
  await said(page, 'The talk is over.');
  await part(page, 'submit-button').waitFor();
  await untilFocusIs('h4 A leak');
  await press('Tab', 'Tab', 'Tab', 'Enter');
  await part(page, 'missing-choice').waitFor();
  await untilFocusIs('radio resolved');
  await press('ArrowDown');
  await untilFocusIs('radio unresolved');
  await press('ArrowDown', 'Tab');
  await page.keyboard.type('A plumber has to see it.');
  await press('Tab');
  await untilFocusIs('button Save');
  await press('Space');
  await said(page, 'It is saved');
  await until(async () => (await part(page, 'request').count()) === 0);
  await untilFocusIs('h2 Help desk');
  const { outcome, notes } = await scene.read(id);
  assert.deepEqual([outcome, notes], ['in_person', 'A plumber has to see it.']);

  // The bell behind it: up and down through the list, Tab to what can be done, Escape back.
  const ids = [await ask(), await ask()];
  await part(page, 'offered-request').nth(1).waitFor();
  const bell = page.locator('marketplace-notifications').getByRole('button', { name: /^Notifications/ });
  await until(async () => (await bell.getAttribute('aria-label')) === 'Notifications, unread: 3');
  await press(...Array.from({ length: 6 }, () => 'Tab'));
  await untilFocusIs('button Notifications, unread: 3');
  await press('Enter');
  await untilFocusIs('h2 Notifications');
  await page.locator('marketplace-notifications [part~=notification]').nth(2).waitFor();
  await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp');
  await untilFocusIs('h3 Somebody needs help');
  await press('Tab', 'Tab');
  await untilFocusIs('button Mark as read: Somebody needs help');
  await press('Enter');
  await until(async () => (await bell.getAttribute('aria-label')) === 'Notifications, unread: 2');
  await press('Escape');
  await untilFocusIs('button Notifications, unread: 2');
  for (const one of ids) await scene.cancel(one);
  await context.close();
});

test('without a network the desk says so and takes nothing; with it again it shows what is so', async () => {
  const helper = await newHelper();
  const context = await browser.newContext();
  const page = await openDesk(context, helper);
  const id = await ask();
  await part(page, 'request-description').waitFor();
  await context.setOffline(true);
  await part(page, 'desk-notice').waitFor();
  // It says that it is disabled: nobody but a program presses it.
  await part(page, 'claim-button').dispatchEvent('click');
  await said(page, 'No connection');
  await scene.cancel(id);
  const next = await ask();
  await context.setOffline(false);
  await part(page, 'gone-request').waitFor();
  await part(page, 'offered-request').waitFor();
  assert.equal(await part(page, 'claim-button').count(), 1);
  assert.equal((await scene.read(id)).status, 'cancelled');
  await part(page, 'claim-button').click();
  await part(page, 'join-button').waitFor();
  assert.equal((await scene.read(next)).helper_id, helper.id);
  await context.close();
});

test('the bell counts as the service does, on each page of the helper; what is read on one is read on the other', async () => {
  const helper = await newHelper();
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const pages = [await openDesk(contexts[0], helper), await openDesk(contexts[1], helper)] as const;
  const bell = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  for (let count = 0; count < 2; count += 1) await ask();
  for (const page of pages) await bell(page, 'Notifications, unread: 2').waitFor();
  const [first, second] = pages;
  await bell(first, 'Notifications, unread: 2').click();
  await first.getByRole('button', { name: 'Mark as read: Somebody needs help' }).first().click();
  for (const page of pages) await bell(page, 'Notifications, unread: 1').waitFor();
  await first.keyboard.press('Escape');
  await until(() =>
    first.evaluate(() => {
      const { activeElement } = document.querySelector('marketplace-notifications')!.shadowRoot!;
      return activeElement?.ariaExpanded === 'false';
    }),
  );
  await bell(second, 'Notifications, unread: 1').click();
  await second.getByRole('button', { name: 'Mark all as read' }).click();
  for (const page of pages) await bell(page, 'Notifications, nothing unread').waitFor();
  for (const context of contexts) await context.close();
});
