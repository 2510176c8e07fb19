// What somebody has copied of a session opens nothing in another browser, and the person there is told what to do.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { until } from '../service/fixtures.js';
import { ask, failure, open } from './session-pages.js';
import type { SessionWorld } from './session-world.js';
import { useBrowser, useSessionWorld } from './set-up.js';

let world: SessionWorld;
let browser: Browser;
let customer: BrowserContext;
let thief: BrowserContext;

useBrowser((opened) => (browser = opened));
useSessionWorld((opened) => (world = opened));
beforeEach(async () => {
  customer = await browser.newContext();
  thief = await browser.newContext();
});
afterEach(() => Promise.all([customer.close(), thief.close()]));

const bound = { proof_of_possession: 'required' };

describe('in another browser', () => {
  test('a copied address is refused', async () => {
    const sold = await world.sell(600, bound);
    await open(customer, sold.address);
    const page = await thief.newPage();
    await page.goto(sold.address);
    const { code, text } = await failure(page);
    assert.equal(code, 'SESSION_BOUND_ELSEWHERE');
    assert.match(text, /browser/i);
    assert.doesNotMatch(text, /eyJ/);
  });

  test('a copied session token is refused, as attribute and as property', async () => {
    const sold = await world.sell(600, bound);
    await open(customer, sold.address);
    const byAttribute = await thief.newPage();
    await byAttribute.goto(`${sold.bareAddress}&session-token=${sold.token}`);
    assert.equal((await failure(byAttribute)).code, 'SESSION_BOUND_ELSEWHERE');

    const byProperty = await thief.newPage();
    await byProperty.goto(`${sold.bareAddress}&no-autostart`);
    await byProperty.waitForFunction(() => customElements.get('marketplace-session'));
    await byProperty.evaluate((token) => {
      const element = document.querySelector('marketplace-session')!;
      element.sessionToken = token;
      element.start().catch(() => {});
    }, sold.token);
    assert.equal((await failure(byProperty)).code, 'SESSION_BOUND_ELSEWHERE');
  });

  test('a copied sessionStorage is refused', async () => {
    const sold = await world.sell(600, bound);
    const page = await open(customer, sold.address);
    await until(() => world.line.calls('heartbeat').length > 0);
    const copied = await page.evaluate(() => JSON.stringify(sessionStorage));
    assert.match(copied, /eyJ/);
    const elsewhere = await thief.newPage();
    await elsewhere.addInitScript((stored) => {
      for (const [key, value] of Object.entries(JSON.parse(stored) as Record<string, string>))
        sessionStorage.setItem(key, value);
    }, copied);
    await elsewhere.goto(sold.bareAddress);
    assert.equal((await failure(elsewhere)).code, 'SESSION_BOUND_ELSEWHERE');
  });

  test('a copied request with its proof is refused', async () => {
    const sold = await world.sell(600, bound);
    await open(customer, sold.address);
    await until(() => world.line.calls('heartbeat').some(({ status }) => status === 200));
    const [copied] = world.line.calls('heartbeat');
    const { authorization, dpop } = copied!.headers as Record<string, string>;
    assert.match(authorization!, /^DPoP ey/);
    const again = async (path: string, headers: Record<string, string>) => {
      const answer = await fetch(world.line.url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'copied', ...headers },
        body: copied!.body,
      });
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    const both = { Authorization: authorization!, DPoP: dpop! };
    assert.deepEqual(await again(copied!.path, both), [401, 'PROOF_REPLAYED']);
    assert.deepEqual(await again(copied!.path.replace('heartbeat', 'complete'), both), [
      401,
      'PROOF_INVALID',
    ]);
    assert.deepEqual(await again(copied!.path, { Authorization: `Bearer ${sold.token}` }), [
      401,
      'PROOF_REQUIRED',
    ]);
  });

  test('what was copied can neither pause, nor end, nor spend', async () => {
    const sold = await world.sell(600, bound);
    const page = await open(customer, sold.address);
    const stolen = await thief.newPage();
    await stolen.goto(sold.address);
    await failure(stolen);
    const refused = await stolen.evaluate(async () => {
      const element = document.querySelector('marketplace-session')!;
      const calls = [() => element.extend(15), () => element.pause(), () => element.end()];
      return Promise.all(
        calls.map((call) =>
          call().then(
            () => 'done',
            (error: { code: string }) => error.code,
          ),
        ),
      );
    });
    assert.deepEqual(refused, Array(3).fill('CALL_REFUSED'));
    assert.equal(await world.spent(sold), 10);
    assert.equal(await ask(page, (element) => element.snapshot.state), 'active');
  });
});

test('the browser that it is bound to opens it again: reloaded, in another tab, from the address', async () => {
  const sold = await world.sell(600, bound);
  const page = await open(customer, sold.address);
  await page.reload();
  await open(customer, sold.address);
  await open(customer, sold.bareAddress);
  assert.equal(await ask(page, (element) => element.snapshot.state), 'active');
});
