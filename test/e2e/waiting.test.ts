// A session that was sold to start later, in a page: no time runs, until a server says so or it is called off.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { SessionAnswer } from '../../src/protocol/api.js';
import { EventReader } from '../service/event-reader.js';
import { expectOk, until, type TestApplication } from '../service/fixtures.js';
import { ask } from './session-pages.js';
import type { SessionWorld } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let application: TestApplication;

useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));
before(async () => {
  const origins = [world.app.origin];
  application = await world.service.createApplication({
    allowed_origins: origins,
    return_origins: origins,
    tokens_per_minute: 1,
  });
});

async function sell() {
  const customer = await world.service.createCustomer(1000);
  const { session, session_token } = await world.service.createSession(application, customer, {
    duration_seconds: 600,
    start: 'when_joined',
    return_url: `${world.app.origin}/elsewhere`,
  });
  return {
    customer,
    id: session.id,
    address: `${world.app.addressOf(application.id, '')}&session=${session_token}`,
  };
}
const tag = (page: Page) => page.locator('marketplace-session');
const remaining = (page: Page) => ask(page, (element) => element.remainingSeconds);
const wallet = async (id: string) =>
  expectOk(await world.service.call<{ wallet: { available: number } }>('GET', `/customers/${id}`)).wallet;

test('its whole time stands still and it says why, after a reload too; every tab of it runs once a server starts it', async () => {
  const { id, address } = await sell();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await tag(page).getByText('Waiting to start').waitFor();
  await page.reload();
  await tag(page).getByText('Waiting to start').waitFor();
  await tag(page).getByText('Waiting costs nothing. If it does not start by').waitFor();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal(await remaining(page), 600);
  assert.equal(await tag(page).getByRole('button', { name: 'Add time' }).isVisible(), false);

  expectOk(await world.service.call('POST', `/sessions/${id}/start`, { as: application.secretKey }));
  await tag(page).getByRole('button', { name: 'Add time' }).waitFor();
  await until(async () => (await remaining(page))! < 600);
  assert.equal(await tag(page).getByText('Waiting to start').isVisible(), false);
  await context.close();
});

test('it starts by itself once a helper is there too, and says so', async () => {
  const { id, address } = await sell();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await tag(page).getByText('Waiting to start').waitFor();
  const body = { subject: { kind: 'helper', id: 'ada' }, scope: ['sessions.read', 'sessions.attend'] };
  const { access_token } = expectOk(
    await world.service.call<{ access_token: string }>('POST', '/access-tokens', {
      as: application.secretKey,
      body,
    }),
  );
  const desk = await EventReader.open(`${world.service.url}/sessions/${id}/events`, {
    Authorization: `Bearer ${access_token}`,
  });
  await tag(page).getByText('Your time is running.').first().waitFor();
  await until(async () => (await remaining(page))! < 600);
  desk.leave();
  await context.close();
});

test('called off by the customer it costs nothing, and leads back', async () => {
  const { id, address, customer } = await sell();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await tag(page).getByText('Waiting to start').waitFor();
  await tag(page).getByRole('button', { name: 'End' }).click();
  await tag(page).getByRole('dialog').getByRole('button', { name: /^End/ }).click();
  await until(async () => (await wallet(customer)).available === 1000);
  const { session } = expectOk(await world.service.call<SessionAnswer>('GET', `/sessions/${id}`));
  assert.equal(session.status, 'cancelled');
  await page.waitForURL('**/elsewhere**');
  await context.close();
});

test('called off by a server the page says that it is over', async () => {
  const { id, address } = await sell();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await tag(page).getByText('Waiting to start').waitFor();
  expectOk(await world.service.call('POST', `/sessions/${id}/cancel`, { as: application.secretKey }));
  await page.waitForURL('**/elsewhere**');
  await context.close();
});
