// A customer's request for help, from the question to the receipt, over a real service and its live events.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { expectOk, until } from '../service/fixtures.js';
import { HelpScene, type HelpRequestAnswer } from '../service/help-desk.js';
import { bundlePackage } from './bundled-package.js';
import type { OneOrigin } from './one-origin.js';
import { observe } from './observation.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const pageOf = (origin: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>An app with help</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/app.js"></script>
  <marketplace-help-request
    server-url="${origin}/api/v1"
    access-token-url="/access-token"
    request-url="/help"
    join-url="/join"
  ></marketplace-help-request>
</html>`;
const talk = (origin: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>A talk</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/app.js"></script>
  <marketplace-session api-endpoint="${origin}/api/v1" no-redirect></marketplace-session>
</html>`;

let site: OneOrigin;
let browser: Browser;
let scene: HelpScene;
let customer: string;
let app: Promise<string> | undefined;
const keys: string[] = [];
/** What the provider's server does before it answers. */
let lose = false;

const asHtml = (text: string) => new Response(text, { headers: { 'Content-Type': 'text/html' } });
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path, origin, request) => {
    if (path === '/app.js')
      return new Response(await (app ??= bundlePackage(['index', 'live-help'], 'production')), {
        headers: { 'Content-Type': 'text/javascript' },
      });
    if (path === '/') return asHtml(pageOf(origin));
    if (path === '/talk') return asHtml(talk(origin));
    if (path === '/access-token')
      return Response.json({ access_token: await scene.tokenOf('customer', customer), expires_in: 600 });
    if (path === '/help') {
      const key = request.headers.get('Idempotency-Key')!;
      keys.push(key);
      const { category_id, description } = (await request.json()) as Record<string, string>;
      const made = await site.service.call<HelpRequestAnswer>('POST', '/help-requests', {
        as: scene.application.secretKey,
        headers: { 'Idempotency-Key': key },
        body: { application_id: scene.application.id, user_id: customer, category_id, description },
      });
      // It has arrived, and its answer does not.
      return lose ? new Response(null, { status: 502 }) : Response.json(made.body, { status: made.status });
    }
    if (path !== '/join') return null;
    const { session_id } = (await request.json()) as Record<string, string>;
    const launched = await site.service.call<{ session_token: string }>(
      'POST',
      `/sessions/${session_id}/launch`,
      {
        as: scene.application.secretKey,
      },
    );
    return Response.json({ launch_url: `/talk?session=${expectOk(launched).session_token}` });
  },
);
before(async () => {
  scene = await HelpScene.open(site.service, {}, { allowed_origins: [site.origin] });
  customer = await scene.customer();
});

const help = (page: Page) => page.locator('marketplace-help-request');
const titled = (page: Page, title: string) => help(page).getByRole('heading', { name: title }).waitFor();

test('a question becomes one request, is found in every tab, leads into the talk and back, and is paid by its time', async () => {
  const maria = await scene.helper({ display_name: 'Maria' });
  const desk = await scene.desk(maria);
  const context = await browser.newContext();
  const seen = observe(context);
  const page = await context.newPage();
  await page.goto(site.origin);
  await help(page).getByRole('textbox').fill('It drips below the sink.');
  lose = true;
  await help(page).getByRole('button', { name: 'Ask for help' }).click();
  await help(page).getByText('What you wrote is still there').waitFor();
  lose = false;
  await help(page).getByRole('button', { name: 'Ask for help' }).click();
  await titled(page, 'We are looking for somebody');
  await help(page).getByText('1 helper has been asked. Waiting costs nothing.').waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1], 'the same question is the same request');
  const { requests } = expectOk(
    await site.service.call<{ requests: HelpRequestAnswer[] }>('GET', `/help-requests?user_id=${customer}`, {
      as: scene.application.secretKey,
    }),
  );
  assert.equal(requests.length, 1);
  const [{ id }] = requests as [HelpRequestAnswer];
  await until(() => desk.isOffered(id));

  const other = await context.newPage();
  await other.goto(site.origin);
  await titled(other, 'We are looking for somebody');
  const claimed = expectOk(await scene.answer(maria, id, 'claim'));
  await titled(page, 'Maria has taken your request');
  await titled(other, 'Maria has taken your request');
  await other.close();
  const attending = await scene.attend(maria, claimed.session_id!);
  await help(page).getByRole('button', { name: 'Join' }).click();
  await page.waitForURL(`${site.origin}/talk`);
  await scene.untilStatus(id, 'in_progress');

  await page.goto(site.origin);
  await titled(page, 'Your talk with Maria');
  site.pass(120);
  expectOk(
    await site.service.call('POST', `/sessions/${claimed.session_id}/end`, {
      as: scene.application.secretKey,
    }),
  );
  await titled(page, 'The talk is over');
  await help(page)
    .getByText('You get back')
    .or(help(page).locator('[part=receipt-row]').nth(2))
    .first()
    .waitFor();
  await page.reload();
  await titled(page, 'The talk is over');
  await help(page).getByRole('button', { name: 'Ask again' }).click();

  await help(page).getByRole('button', { name: 'Ask for help' }).click();
  await titled(page, 'We are looking for somebody');
  await help(page).getByRole('button', { name: 'Cancel' }).click();
  await titled(page, 'You have cancelled your request');
  assert.deepEqual(
    seen.consoleLines.filter((line) => !line.includes('502')),
    [],
  );
  for (const { url } of seen.requests) assert.doesNotMatch(url, /drips/);
  attending.leave();
  desk.leave();
  await context.close();
});
