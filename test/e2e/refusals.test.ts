import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { DemoWorld } from './demo-world.js';
import { observe } from './observation.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
let foreign: Server;
let foreignUrl: string;

/** A page of somebody else with the tag of Margin in it. */
const foreignPage = (marketplaceUrl: string) => `<!doctype html>
  <title>Not Margin</title>
  <script type="module" src="${marketplaceUrl}/cdn/marketplace-session.js"></script>
  <marketplace-session api-endpoint="${marketplaceUrl}/api/v1" application-id="margin"></marketplace-session>`;

useDemoWorld((opened) => (world = opened));
before(async () => {
  foreign = createServer((_request, response) =>
    response.setHeader('Content-Type', 'text/html').end(foreignPage(world.demo.marketplaceUrl)),
  );
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  foreignUrl = `http://localhost:${(foreign.address() as AddressInfo).port}`;
});
after(async () => {
  foreign?.close();
  foreign?.closeAllConnections();
});

const failure = (page: Page, title: string) =>
  page.locator('marketplace-session').getByRole('alert').filter({ hasText: title });

/** A session token of Margin that no page has used. */
async function freshToken(): Promise<string> {
  const { sessionToken } = await world.demo.operator.sessions.create({
    applicationId: 'margin',
    userId: 'ada',
    durationSeconds: 60,
  });
  return sessionToken;
}

/** Programs get the code; people get words. */
const codeOf = (page: Page) =>
  page.evaluate(() => document.querySelector('marketplace-session')!.snapshot.error?.code);

test('a page of another provider is refused, and told why', async () => {
  await world.demo.operator.applications.create({
    id: 'elsewhere',
    providerId: 'somebody-else',
    name: 'Elsewhere',
    launchUrl: `${foreignUrl}/`,
    allowedOrigins: [foreignUrl],
    returnOrigins: [],
    tokensPerMinute: 1,
    extensionOptions: [],
    maxDurationSeconds: 3600,
    pausable: false,
    maxPauseSeconds: 0,
    topUpUrl: `${world.demo.marketplaceUrl}/wallet`,
  });
  const context = await world.newContext();
  const page = await context.newPage();
  await page.goto(`${foreignUrl}/?session=${await freshToken()}`);
  await failure(page, 'This page is not set up correctly').waitFor();
  assert.equal(await codeOf(page), 'ORIGIN_REFUSED');
  assert.equal(await page.locator('marketplace-session [part=bar]').isVisible(), false, 'no time is shown');
  await context.close();
});

test('a page that nobody knows is refused, and told why', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  // The same server by another name is another origin.
  await page.goto(`${foreignUrl.replace('localhost', '127.0.0.1')}/?session=${await freshToken()}`);
  await failure(page, 'This page is not set up correctly').waitFor();
  assert.equal(await codeOf(page), 'ORIGIN_REFUSED');
  assert.equal(await page.locator('marketplace-session [part=bar]').isVisible(), false);
  await context.close();
});

for (const [what, query, title, code] of [
  ['no token', '', 'There is no session here', 'TOKEN_MISSING'],
  ['two tokens', '?session=a.b.c&session=d.e.f', 'This session link does not work', 'TOKEN_AMBIGUOUS'],
  ['half a token', '?session=a.b', 'This session link does not work', 'TOKEN_MALFORMED'],
] as const) {
  test(`${what}: a helpful message, and no request leaves`, async () => {
    const context = await world.newContext();
    const page = await context.newPage();
    const seen = observe(context);
    await page.goto(`${world.demo.providerUrl}/margin/${query}`);
    await failure(page, title).waitFor();
    assert.equal(await codeOf(page), code);
    await page.getByRole('link', { name: 'Buy time for Margin at Tempo' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Text' }).isVisible(), false, 'the app is closed');
    assert.equal(page.url(), `${world.demo.providerUrl}/margin/`);
    assert.deepEqual(
      seen.requests.filter(({ url }) => url.startsWith(`${world.demo.marketplaceUrl}/api/`)),
      [],
    );
    await context.close();
  });
}

test('a purchase from a form on another site is refused', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  const before = await world.wallet();
  await page.goto(`${foreignUrl}/`);
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/purchases')),
    page.evaluate((action) => {
      const form = document.body.appendChild(document.createElement('form'));
      form.method = 'post';
      form.action = action;
      const fields = { application: 'margin', minutes: '60', purchase: crypto.randomUUID() };
      for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement('input'), { name, value }));
      }
      form.submit();
    }, `${world.demo.marketplaceUrl}/purchases`),
  ]);
  assert.equal(response.status(), 403);
  assert.deepEqual(await world.wallet(), before);
  await context.close();
});
