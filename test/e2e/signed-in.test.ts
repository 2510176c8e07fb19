// A page whose own server knows who is signed in, and asks the service for a session token of that customer.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createSessionRoute, Marketplace } from '../../src/sdk/index.js';
import { expectOk, type TestApplication } from '../service/fixtures.js';
import { running } from './session-pages.js';
import type { SessionWorld } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let application: TestApplication;

useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));
before(async () => {
  application = await world.service.createApplication({
    allowed_origins: [world.app.origin],
    return_origins: [world.app.origin],
    tokens_per_minute: 1,
    extension_options: [{ additional_seconds: 900, tokens: 15 }],
  });
});

/** A browser in which a customer is signed in with the page's own server. */
async function signIn(userId: string, allowedOperations?: 'use_session'[]): Promise<BrowserContext> {
  const { secretKey } = application;
  const marketplace = new Marketplace({ secretKey, apiUrl: world.service.url });
  const answer = createSessionRoute({ marketplace, allowedOperations }, () => ({ userId }));
  const context = await browser.newContext();
  await context.route('**/session-token', async (route) => {
    const response = await answer(new Request(route.request().url(), { method: route.request().method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    });
  });
  await context.addInitScript(() => {
    const told = ((window as unknown as { told: string[] }).told = []);
    for (const type of ['session-empty', 'session-error', 'session-start'])
      addEventListener(type, () => told.push(type as never));
  });
  return context;
}
const address = () => `${world.app.addressOf(application.id)}&session-token-url=/session-token&no-redirect=`;
const told = (page: Page) => page.evaluate(() => (window as unknown as { told: string[] }).told);
const buttonsOf = (page: Page) =>
  page
    .locator('marketplace-session [part=buttons] button')
    .evaluateAll((all) => all.map((each) => each.part[1]));

test('without a session it says so, which is no error, and runs the one that is bought, by the operations that it was given', async () => {
  const customer = await world.service.createCustomer(1000);
  const context = await signIn(customer, ['use_session']);
  const page = await context.newPage();
  await page.goto(address());
  const empty = page
    .locator('marketplace-session')
    .getByRole('region', { name: 'You have no session running' });
  await empty.waitFor();
  assert.deepEqual(await told(page), ['session-empty']);
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await page.locator('marketplace-session:state(empty)').count(), 1);
  await empty.getByRole('button', { name: 'Try again' }).click();
  await empty.waitFor();

  const { session } = await world.service.createSession(application, customer, {
    duration_seconds: 600,
    return_url: `${world.app.origin}/elsewhere`,
  });
  await empty.getByRole('button', { name: 'Try again' }).click();
  await running(page);
  await page.getByRole('button', { name: 'End' }).waitFor();
  assert.deepEqual(await buttonsOf(page), ['end-button']);
  assert.deepEqual((await told(page)).slice(-1), ['session-start']);

  await page.getByRole('button', { name: 'End' }).click();
  await page.getByRole('button', { name: 'End now' }).click();
  await page.locator('marketplace-session [part=ended]').waitFor();
  const { session: settled } = expectOk(
    await world.service.call<{ session: { status: string } }>('GET', `/sessions/${session.id}`),
  );
  assert.equal(settled.status, 'completed');
  assert.ok(!(await told(page)).includes('session-error'));
  await context.close();
});

test('with all operations it has every button', async () => {
  const customer = await world.service.createCustomer(1000);
  await world.service.createSession(application, customer, {
    duration_seconds: 600,
    return_url: `${world.app.origin}/elsewhere`,
  });
  const context = await signIn(customer);
  const page = await context.newPage();
  await page.goto(address());
  await running(page);
  await page.getByRole('button', { name: 'End' }).waitFor();
  assert.deepEqual(await buttonsOf(page), ['extend-button', 'pause-button', 'end-button']);
  await context.close();
});
