import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SessionSnapshot } from '../../src/controller/index.js';
import type { DemoWorld } from './demo-world.js';
import { observe } from './observation.js';
import { useDemoWorld } from './set-up.js';

let world: DemoWorld;
useDemoWorld((opened) => (world = opened));

const snapshotOf = (page: Page) =>
  page.evaluate(() => {
    const { snapshot } = document.querySelector('marketplace-session') as unknown as {
      snapshot: SessionSnapshot;
    };
    return { state: snapshot.state, code: snapshot.error?.code };
  });
const untilState = (page: Page, state: string) =>
  page.waitForFunction(
    (wanted) =>
      (document.querySelector('marketplace-session') as unknown as { snapshot: SessionSnapshot }).snapshot
        .state === wanted,
    state,
  );

test('an address that was copied opens nothing in another browser, until the marketplace launches it there', async () => {
  const context = await world.newContext();
  const page = await context.newPage();
  const seen = observe(context);
  await world.buy(page, 'pulse', 15);
  const address = seen.requests.find(({ isDocument, url }) => isDocument && url.includes('?session='))!.url;
  const calls = seen.requests.filter(({ url }) => url.includes('/api/v1/sessions/'));
  assert.ok(
    calls.some(({ everything }) => /dpop\W+ey/i.test(everything)),
    'proofs were sent',
  );

  const stranger = await (await world.newContext()).newPage();
  await stranger.goto(address);
  await untilState(stranger, 'failed');
  assert.equal((await snapshotOf(stranger)).code, 'SESSION_BOUND_ELSEWHERE');
  await page.reload();
  await untilState(page, 'active');

  const token = new URL(address).searchParams.get('session')!;
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { jti: string };
  const { launchUrl } = await world.demo.operator.sessions.launch(jti);
  const elsewhere = await (await world.newContext()).newPage();
  await elsewhere.goto(launchUrl!);
  await untilState(elsewhere, 'active');
  // The former browser hears of it at its next heartbeat, and keeps nothing that would open the session again.
  await world.pass(page, 40);
  await page.waitForFunction(() => !JSON.stringify(sessionStorage).includes('.'));
  await page.reload();
  await untilState(page, 'failed');
  assert.equal((await snapshotOf(page)).code, 'TOKEN_MISSING');
  assert.equal((await snapshotOf(elsewhere)).state, 'active');
});
