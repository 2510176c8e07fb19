// A provider's dashboard over a real service: what stands there is what the service counts, as it happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectOk, until, type Json, type TestApplication } from '../service/fixtures.js';
import type { OneOrigin } from './one-origin.js';
import { observe } from './observation.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const providerId = 'provider-1';
const scope = ['figures.read', 'providers.read', 'applications.read', 'sessions.read', 'sessions.list'];

let site: OneOrigin;
let browser: Browser;
let application: TestApplication;
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path) => {
    // The provider's server: it knows who is signed in.
    if (path === '/access-token') {
      const body = { subject: { kind: 'member', id: 'mo' }, scope, expires_in_seconds: 600 };
      return Response.json(
        expectOk(await site.service.call('POST', '/access-tokens', { as: application.secretKey, body })),
      );
    }
    const [, page, theme = '', lang = 'en'] = path.split('/');
    if (page !== 'board') return null;
    const html = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>A dashboard</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<script type="module" src="/dashboard.js"></script>
<main><h1>Figures</h1><marketplace-dashboard server-url="/api/v1" access-token-url="/access-token" provider-id="${providerId}"
  application-ids="${application.id}" address-prefix="board" theme="${theme}"></marketplace-dashboard></main></html>`;
    const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': policy + '; img-src data:' };
    return new Response(html, { headers });
  },
);

const part = (page: Page, name: string) => page.locator(`marketplace-dashboard [part~=${name}]`);
const valueOf = async (page: Page, card: string) =>
  (await part(page, `${card}-card`).locator('[part=card-value]').first().textContent())!.trim();
const asked = async <T = Json>(path: string) =>
  expectOk(await site.service.call<T>('GET', `/providers/${providerId}${path}`));

interface Figures {
  sessions: number;
  users: number;
  revenue_tokens: number;
  extensions: number;
}

/** Sells one, has it extended, and ends it. */
async function sellAndEnd(customer: string): Promise<string> {
  const { service } = site;
  const { session, session_token: as } = await service.createSession(application, customer);
  const headers = () => ({ 'Idempotency-Key': crypto.randomUUID() });
  const body = { additional_seconds: 900, tokens_to_deduct: 150 };
  expectOk(await service.call('POST', `/sessions/${session.id}/extend`, { as, body, headers: headers() }));
  site.pass(120);
  expectOk(await service.call('POST', `/sessions/${session.id}/complete`, { as, headers: headers() }));
  return session.id;
}

before(async () => {
  application = await site.service.createApplication({ allowed_origins: [site.origin] });
});

async function open(context: BrowserContext, path = '/board'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.origin + path);
  await part(page, 'session-row').first().waitFor();
  await part(page, 'sessions-card').locator('[part=card-value]').waitFor();
  return page;
}

test('figures are those of the service and its ledger, change as something happens, and lead to their rows', async () => {
  const customers = [await site.service.createCustomer(9000), await site.service.createCustomer(9000)];
  const id = await sellAndEnd(customers[0]!);
  await sellAndEnd(customers[1]!);
  const context = await browser.newContext({ acceptDownloads: true });
  const { consoleLines, requests } = observe(context);
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      console.error('violation', effectiveDirective, blockedURI),
    ),
  );
  const page = await open(context);
  const { total } = await asked<{ total: Figures }>('/analytics');
  assert.equal(await valueOf(page, 'sessions'), String(total.sessions));
  assert.equal(await valueOf(page, 'earned'), `${total.revenue_tokens} tokens`);
  assert.equal(await valueOf(page, 'users'), String(total.users));
  assert.equal(await valueOf(page, 'extensions'), String(total.extensions));
  // What the customers' ledger says went away for good is what the provider earned.
  let spent = 0;
  for (const customer of customers) {
    const { body } = await site.service.call<{ entries: { amount: number }[] }>(
      'GET',
      `/customers/${customer}/entries`,
    );
    spent -= body.entries.reduce((sum, { amount }) => sum + amount, 0) - 9000;
  }
  assert.equal(total.revenue_tokens, spent);

  // Another one is sold: every card follows by itself.
  await site.service.createSession(application, customers[0]!);
  await until(async () => (await valueOf(page, 'sessions')) === String(total.sessions + 1), 30_000);
  await until(async () => (await valueOf(page, 'running')) === '1', 30_000);
  assert.equal(requests.filter(({ url }) => url.endsWith('/events')).length, 1);

  await part(page, 'running-card').locator('[part~=rows-button]').click();
  await until(async () => (await part(page, 'session-row').count()) === 1);
  assert.equal(new URL(page.url()).search, '?board.status=active');
  await page.goBack();
  await until(async () => (await part(page, 'session-row').count()) === 3);

  await part(page, 'status-field').selectOption('completed');
  await until(async () => (await part(page, 'session-row').count()) === 2);
  const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'csv-button').click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 3);
  assert.match(lines[0]!, /^session_id,application_id/);
  assert.ok(lines.some((line) => line.startsWith(`${id},`)));

  // A reload shows the same.
  await page.reload();
  await until(async () => (await part(page, 'session-row').count()) === 2);
  await part(page, 'timeline-button').last().click();
  await part(page, 'timeline-entry').last().waitFor();
  assert.deepEqual(await part(page, 'timeline-entry').locator('span').allTextContents(), [
    ...['Started', 'Extended', 'Ended'],
  ]);
  await page.keyboard.press('Escape');
  await part(page, 'dialog').waitFor({ state: 'detached' });

  const tokens = requests.map(({ everything }) => /Bearer ([\w.-]+)/i.exec(everything)?.[1]).filter(Boolean);
  assert.ok(tokens.length > 5);
  for (const { url, pageUrl } of requests)
    assert.ok(!tokens.some((token) => (url + pageUrl).includes(token!)));
  assert.deepEqual(consoleLines, []);
  await context.close();
});

test('is readable light and dark, right to left and at 320 px, by axe too, and fits', async () => {
  await sellAndEnd(await site.service.createCustomer(9000));
  for (const [path, width] of [
    ['/board/light', 1200],
    ['/board/dark', 800],
    ['/board/light/ar', 400],
    ['/board/dark/de', 320],
  ] as const) {
    const colorScheme = path.includes('dark') ? 'dark' : 'light';
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      bypassCSP: true,
    });
    const page = await open(context, path);
    await page.evaluate(`${axeSource}; 0`);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${path} ${id} ${nodes[0]!.html}`),
      [],
    );
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} fits`);
    await context.close();
  }
});
