import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../service/fixtures.js';
import type { DemoWorld } from './demo-world.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const openPage = async (): Promise<Page> => {
  const page = await (await world.newContext()).newPage();
  await page.goto(`${world.demo.marketplaceUrl}/webhooks`);
  return page;
};
const rows = (page: Page) => page.locator('[data-live=hooks] > li');
/** The titles of what has come, newest first. */
const titles = (page: Page) => rows(page).locator('.hook-name').allInnerTexts();

test('the marketplace sends itself a test, which arrives verified', async () => {
  const page = await openPage();
  await page.getByText('Nothing yet').waitFor();
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.getByRole('status').getByText('The test has arrived').waitFor();
  assert.deepEqual(await titles(page), ['Test']);
  const row = rows(page).first();
  assert.match(await row.innerText(), /Verified/);
  await row.locator('summary').click();
  const body = JSON.parse(await row.locator('pre').innerText()) as { type: string };
  assert.equal(body.type, 'webhook.test');
  await page.context().close();
});

test('a session is told from its start to its end while the page is open, and what is read stays open', async () => {
  const page = await openPage();
  const before = await rows(page).count();
  const customer = await (await world.newContext()).newPage();
  await world.buy(customer, 'margin');
  await until(async () => (await titles(page))[0] === 'Session started');
  const started = rows(page).first();
  assert.match(await started.innerText(), /Margin, until \d\d:\d\d/);
  await started.locator('summary').click();
  const session = await world.newestSession();
  await world.pass(customer, 61);
  // Who reads a session whose time is over finds it ended.
  await world.demo.operator.sessions.retrieve(session.id);
  await until(async () => (await rows(page).count()) === before + 2);
  assert.deepEqual((await titles(page)).slice(0, 2), ['Session ended', 'Session started']);
  assert.match(await rows(page).first().innerText(), /Margin, 1:00 used, 4 tokens charged/);
  assert.ok(await rows(page).nth(1).locator('pre').isVisible(), 'what was opened is still open');
  await rows(page).first().locator('summary').click();
  await rows(page).first().getByRole('link', { name: 'The receipt of this session' }).click();
  await page.getByText(`Session ${session.id}`).waitFor();
  await customer.context().close();
  await page.context().close();
});

test('what the service has not signed is refused, and shows as that', async () => {
  const page = await openPage();
  const before = await rows(page).count();
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(world.now() / 1000)),
    'webhook-signature': 'v1,AAAA',
  };
  const body = '{"type":"session.ended","data":{}}';
  const { port } = new URL(world.demo.marketplaceUrl);
  const address = `http://127.0.0.1:${port}/hooks/sessions`;
  const answer = await fetch(address, { method: 'POST', headers, body });
  assert.equal(answer.status, 400);
  await until(async () => (await rows(page).count()) === before + 1);
  const text = await rows(page).first().innerText();
  assert.match(text, /Refused/);
  assert.match(text, /no signature fits/);
  await page.context().close();
});

test('a test is asked for from the marketplace’s own page only', async () => {
  const { marketplaceUrl } = world.demo;
  const answer = await fetch(`${marketplaceUrl}/webhooks/tests`, {
    method: 'POST',
    headers: { Origin: 'https://evil.example' },
  });
  assert.equal(answer.status, 403);
});
