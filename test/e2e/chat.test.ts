// Messages between a customer's tabs and the provider's server, over a real service and its live events.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { expectOk, until, type TestApplication } from '../service/fixtures.js';
import { bundlePackage } from './bundled-package.js';
import type { OneOrigin } from './one-origin.js';
import { observe } from './observation.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const pageOf = (origin: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>An app with a chat</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/app.js"></script>
  <marketplace-session api-endpoint="${origin}/api/v1" no-redirect></marketplace-session>
  <marketplace-session-chat></marketplace-session-chat>
</html>`;

const deskOf = (origin: string, sessionId: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>A helper’s page</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/app.js"></script>
  <marketplace-session-chat
    session-id="${sessionId}" server-url="${origin}/api/v1" access-token-url="/access-token"></marketplace-session-chat>
</html>`;

let site: OneOrigin;
let browser: Browser;
let application: TestApplication;
let app: Promise<string> | undefined;
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path, origin) => {
    if (path === '/app.js')
      return new Response(await (app ??= bundlePackage(['index', 'live-help'], 'production')), {
        headers: { 'Content-Type': 'text/javascript' },
      });
    if (path === '/access-token') return Response.json(await helperToken());
    const html = path === '/' ? pageOf(origin) : path.startsWith('/desk/') && deskOf(origin, path.slice(6));
    return html ? new Response(html, { headers: { 'Content-Type': 'text/html' } }) : null;
  },
);
before(async () => {
  application = await site.service.createApplication({
    allowed_origins: [site.origin],
    tokens_per_minute: 1,
  });
});

/** What the provider's own server answers its helper's page. */
const helperToken = async () =>
  expectOk(
    await site.service.call<object>('POST', '/access-tokens', {
      as: application.secretKey,
      body: {
        subject: { kind: 'helper', id: 'mira' },
        scope: ['sessions.read', 'sessions.attend', 'messages.read', 'messages.send'],
      },
    }),
  );

const chat = (page: Page) => page.locator('marketplace-session-chat');
const texts = (page: Page) => chat(page).locator('[part=message-text]').allTextContents();
const shows = (page: Page, expected: string[]) =>
  until(async () => JSON.stringify(await texts(page)) === JSON.stringify(expected));

test('both sides write to each other, each message once, in every tab of the customer; after the end it is read', async () => {
  const customer = await site.service.createCustomer(1000);
  const { session, session_token } = await site.service.createSession(application, customer, {
    duration_seconds: 600,
  });
  const path = `/sessions/${session.id}/messages`;
  const write = async (text: string) =>
    expectOk(
      await site.service.call('POST', path, {
        as: application.secretKey,
        body: { text, client_id: crypto.randomUUID() },
      }),
    );
  const context = await browser.newContext();
  const seen = observe(context);
  const first = await context.newPage();
  await first.goto(`${site.origin}/?session=${session_token}`);
  await chat(first).getByText('Nothing was written yet.').waitFor();
  // It has no session token of its own: the first tab sends for it.
  const second = await context.newPage();
  await second.goto(site.origin);
  await chat(second).getByText('Nothing was written yet.').waitFor();

  await write('Where does it drip?');
  await shows(first, ['Where does it drip?']);
  await shows(second, ['Where does it drip?']);
  await chat(second).getByRole('textbox').fill('Under the sink.\nOn the left.');
  await chat(second).getByRole('textbox').press('Enter');
  const both = ['Where does it drip?', 'Under the sink.\nOn the left.'];
  await shows(second, both);
  await shows(first, both);
  await chat(first).getByRole('textbox').fill('Hurry, please.');
  await chat(first).getByRole('button', { name: 'Send' }).click();
  await shows(second, [...both, 'Hurry, please.']);

  const { messages } = expectOk(
    await site.service.call<{ messages: { text: string; sent_by: string }[] }>('GET', path, {
      as: application.secretKey,
    }),
  );
  assert.deepEqual(
    messages.map(({ text, sent_by }) => [sent_by, text]),
    [
      ['provider', both[0]],
      ['customer', both[1]],
      ['customer', 'Hurry, please.'],
    ],
  );

  expectOk(await site.service.call('POST', `/sessions/${session.id}/end`, { as: application.secretKey }));
  await chat(first).getByText('The session is over.').waitFor();
  assert.equal(await chat(first).getByRole('textbox').count(), 0);
  assert.deepEqual(await texts(first), [...both, 'Hurry, please.']);
  assert.deepEqual(seen.consoleLines, []);
  await context.close();
});

test('a helper writes in a page of the own, by an access token, and reads it to the end', async () => {
  const customer = await site.service.createCustomer(1000);
  const { session, session_token } = await site.service.createSession(application, customer, {
    duration_seconds: 600,
  });
  const contexts = [await browser.newContext(), await browser.newContext()];
  const seen = contexts.map((context) => observe(context));
  const [asking, helping] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  await asking.goto(`${site.origin}/?session=${session_token}`);
  await helping.goto(`${site.origin}/desk/${session.id}`);
  await chat(helping).getByRole('textbox').fill('Good morning.');
  await chat(helping).getByRole('textbox').press('Enter');
  await chat(asking).locator('[part~=other-message]').filter({ hasText: 'Good morning.' }).waitFor();
  await chat(asking).getByRole('textbox').fill('It drips.');
  await chat(asking).getByRole('textbox').press('Enter');
  await chat(helping).locator('[part~=other-message]').filter({ hasText: 'It drips.' }).waitFor();
  assert.equal(
    await chat(helping)
      .locator('[part~=own-message]')
      .innerText()
      .then((text) => text.includes('Good morning.')),
    true,
  );

  // Whoever writes is known by the token, and the session has an end for the helper too.
  expectOk(await site.service.call('POST', `/sessions/${session.id}/end`, { as: application.secretKey }));
  await chat(helping).getByText('The session is over.').waitFor();
  await shows(helping, ['Good morning.', 'It drips.']);
  assert.deepEqual(
    seen.map(({ consoleLines }) => consoleLines),
    [[], []],
  );
  await Promise.all(contexts.map((context) => context.close()));
});
