// The set-up of an application in its provider's page, over a real service: from an application with nothing to a page that works.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { setupSteps } from '../../src/controller/setup/setup-steps.js';
import { expectOk, until, type Json, type TestApplication } from '../service/fixtures.js';
import { observe } from './observation.js';
import type { OneOrigin } from './one-origin.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types lit-html";
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const scope = ['applications.read', 'applications.configure', 'installations.verify', 'secret-keys.roll'];

let site: OneOrigin;
let browser: Browser;
let application: TestApplication;
/** Of the page that customers get. */
let appPolicy = "connect-src 'none'";
let movesTo: string | undefined;
useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  async (path, origin, request) => {
    // The provider's server: it knows who is signed in.
    if (path === '/access-token') {
      const body = {
        subject: { kind: 'member', id: 'mo' },
        scope: [...scope, 'sessions.read', 'sessions.list'],
      };
      return Response.json(
        expectOk(await site.service.call('POST', '/access-tokens', { as: application.secretKey, body })),
      );
    }
    const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': policy };
    const [, page, theme = '', lang = 'en'] = path.split('/');
    if (page === 'app') {
      const { search } = new URL(request.url);
      if (movesTo && !request.headers.get('host')!.startsWith('127.'))
        return new Response(null, { status: 302, headers: { Location: movesTo + search } });
      const html = `<!doctype html><title>An app</title><link rel="icon" href="data:,"><meta name="referrer" content="no-referrer">
<script type="module" src="/marketplace-session.js"></script><marketplace-session api-endpoint="${origin}/api/v1"></marketplace-session>`;
      return new Response(html, { headers: { ...headers, 'Content-Security-Policy': appPolicy } });
    }
    if (page !== 'set-up') return null;
    const html = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>A set-up</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><script type="module" src="/setup.js"></script>
<main><h1>Set-up</h1><marketplace-setup server-url="/api/v1" access-token-url="/access-token" application-id="${application.id}"
  address-prefix="setup" theme="${theme}"></marketplace-setup></main></html>`;
    return new Response(html, { headers });
  },
  // The page is looked at more often here than anybody would within a minute.
  () => ({ rateLimits: { visits: 1000 } }),
);

before(async () => {
  const nothing = { launch_url: null, allowed_origins: [], return_origins: [], extension_options: [] };
  application = await site.service.createApplication({
    ...nothing,
    ...{ id: 'sketch', name: 'Sketch', environment: 'test', tokens_per_minute: 0 },
  });
});

const part = (page: Page, name: string) => page.locator(`marketplace-setup [part~=${name}]`);
const stateOf = async (page: Page) => {
  const states = await part(page, 'step').evaluateAll((steps) =>
    steps.map((step) => step.getAttribute('part')),
  );
  return Object.fromEntries(setupSteps.map((name, n) => [name, /(\w+)-step/.exec(states[n]!)?.[1]]));
};
const open = async (page: Page, step: string) => {
  await part(page, 'step-button')
    .nth(setupSteps.findIndex((name) => name === step))
    .click();
  await until(() => page.url().includes(`setup.step=${step}`));
};
const causes = async (page: Page) => {
  await part(page, 'check-button').click();
  // What is shown meanwhile is the report before.
  await part(page, 'check-button').and(page.locator(':not([aria-disabled=true])')).waitFor();
  await part(page, 'verdict').waitFor();
  return part(page, 'finding-cause').allTextContents();
};
const known = async () => expectOk(await site.service.call<Json>('GET', '/applications/sketch'));

test('leads from an application with nothing to a page that is seen to work, and names what is wrong on the way', async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { requests } = observe(context);
  const page = await context.newPage();
  const consoleLines: string[] = [];
  page.on('console', (message) => consoleLines.push(message.text()));
  await page.goto(`${site.origin}/set-up`);
  await part(page, 'page-form').waitFor();
  assert.match((await part(page, 'mode').textContent())!, /Test/);
  assert.deepEqual(await stateOf(page), {
    ...{ application: 'done', page: 'due', price: 'later', key: 'due' },
    ...{ snippet: 'due', checks: 'due', rehearsal: 'due', live: 'later' },
  });

  // A secret key is kept out of a field that everybody reads.
  await part(page, 'page-field').fill(`sk_test_${'a1'.repeat(20)}`);
  await page.keyboard.press('Enter');
  await part(page, 'field-fault').waitFor();
  assert.ok(!requests.some(({ everything }) => everything.includes('sk_test_a1')));
  const address = `${site.origin}/app`;
  await part(page, 'page-field').fill(address);
  await page.keyboard.press('Enter');
  await until(async () => (await stateOf(page)).page === 'done');
  assert.deepEqual((await known()).allowed_origins, [site.origin]);

  await open(page, 'price');
  await part(page, 'price-field').fill('12');
  await part(page, 'save-button').click();
  await until(async () => (await stateOf(page)).price === 'done');
  assert.deepEqual(
    [(await known()).tokens_per_minute, ((await known()).extension_options as Json[]).length],
    [12, 2],
  );

  await open(page, 'key');
  await part(page, 'key-button').click();
  await part(page, 'key-warning').waitFor();
  await part(page, 'copy-button').click();
  await until(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes('sk_test_'));
  const secretKey = (await page.evaluate(() => navigator.clipboard.readText())).split('=')[1]!;
  expectOk(await site.service.call('GET', '/applications/sketch', { as: secretKey }));
  await part(page, 'keep-button').click();
  await until(async () => (await stateOf(page)).key === 'done');
  assert.ok(!(await page.content()).includes(secretKey));
  assert.ok(!page.url().includes('sk_'));

  await open(page, 'snippet');
  await part(page, 'framework-field').selectOption('react');
  assert.match((await part(page, 'code-text').first().textContent())!, /application-id="sketch"/);
  await part(page, 'theme-field').selectOption('dark');
  await until(async () => /theme="dark"/.test((await part(page, 'code-text').first().textContent())!));
  assert.match(
    (await part(page, 'code-text').last().textContent())!,
    new RegExp(`connect-src ${site.origin}`),
  );

  await open(page, 'checks');
  const blocked = await causes(page);
  assert.ok(blocked.includes('policy-refuses-service'), blocked.join());
  appPolicy = policy;
  // The page is moved to an address that nobody has registered.
  movesTo = `${site.origin.replace('localhost', '127.0.0.1')}/app`;
  await until(async () => (await causes(page)).includes('origin-not-registered'));
  await part(page, 'register-button').click();
  await until(async () => ((await known()).allowed_origins as string[]).length === 2);
  await until(
    async () => !(await part(page, 'finding-cause').allTextContents()).includes('origin-not-registered'),
  );
  movesTo = undefined;
  await until(async () => (await causes(page)).length === 0);
  assert.deepEqual([(await stateOf(page)).checks, (await stateOf(page)).snippet], ['done', 'done']);

  await open(page, 'rehearsal');
  await page.evaluate(() => {
    document.addEventListener(
      'setup-verified',
      ({ applicationId }) => (document.title = `verified ${applicationId}`),
    );
  });
  await part(page, 'rehearse-button').click();
  const [app] = await Promise.all([context.waitForEvent('page'), part(page, 'launch-link').click()]);
  await app.locator('marketplace-session [part=time]').first().waitFor();
  await part(page, 'opened-rehearsal').or(part(page, 'warned-rehearsal')).waitFor();
  await part(page, 'ended-rehearsal').waitFor({ timeout: 60_000 });
  assert.equal(await page.title(), 'verified sketch');
  await until(() =>
    app.evaluate(() => document.querySelector('marketplace-session')!.snapshot.state === 'ended'),
  );
  await app.close();
  const done = { ...(await stateOf(page)) };
  assert.equal(done.rehearsal, 'done');
  assert.ok(await page.locator('marketplace-setup:state(complete):state(test)').count());

  // Whoever comes back goes on there; what was looked at from outside is looked at anew.
  await page.goto(`${site.origin}/set-up?setup.key=kept`);
  await until(async () => (await stateOf(page)).rehearsal === 'done');
  assert.deepEqual(await stateOf(page), { ...done, checks: 'due' });

  const tokens = requests.map(({ everything }) => /Bearer ([\w.-]+)/i.exec(everything)?.[1]).filter(Boolean);
  for (const { url, pageUrl } of requests)
    assert.ok(!tokens.slice(0, 3).some((token) => (url + pageUrl).includes(token!)));
  assert.deepEqual(consoleLines, []);
  await context.close();
});

test('says what it cannot read, and what is live stays live', async () => {
  const live = await site.service.createApplication({ id: 'live-sketch', allowed_origins: [] });
  const context = await browser.newContext();
  const page = await context.newPage();
  const show = async (id: string) => {
    await page.goto(`${site.origin}/set-up?setup.step=application`);
    await page.evaluate(
      (name) => document.querySelector('marketplace-setup')!.setAttribute('application-id', name),
      id,
    );
  };
  await show('nobody');
  await part(page, 'trouble').waitFor();
  assert.match((await part(page, 'trouble').textContent())!, /APPLICATION_NOT_FOUND[^]*nobody/);
  await show(live.id);
  await part(page, 'live-mode').waitFor();
  for (const step of ['key', 'rehearsal']) {
    await open(page, step);
    assert.equal(await part(page, 'key-button').or(part(page, 'rehearse-button')).count(), 0, step);
  }
  await context.close();
});

test('is readable light and dark, right to left and at 320 px, by axe too, and used by keys', async () => {
  for (const [path, width] of [
    ['/set-up/light', 1000],
    ['/set-up/dark/de', 320],
    ['/set-up/light/ar', 400],
  ] as const) {
    const colorScheme = path.includes('dark') ? 'dark' : 'light';
    const viewport = { width, height: 800 };
    const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(site.origin + path);
    await part(page, 'step-button').first().waitFor();
    await page.evaluate(`${axeSource}; 0`);
    for (const [n, step] of setupSteps.entries()) {
      await part(page, 'step-button').nth(n).focus();
      await page.keyboard.press('Enter');
      await until(() => page.url().includes(`setup.step=${step}`));
      await until(() =>
        page.evaluate(
          () =>
            document.querySelector('marketplace-setup')!.shadowRoot!.activeElement?.getAttribute('part') ===
            'step-title',
        ),
      );
      if (step === 'checks') await causes(page);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${path} ${step} ${id} ${nodes[0]!.html}`),
        [],
      );
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${path} ${step} fits`,
      );
      if (process.env.LOOK)
        await page.screenshot({ path: `${process.env.LOOK}/${width}-${step}.png`, fullPage: true });
    }
    await context.close();
  }
});
