// A person's access token in a page: from the provider's own server, for what it may do, until it is renewed or revoked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { bundle } from '../bench/harness/bundle.js';
import { expectOk, until, type TestApplication } from '../service/fixtures.js';
import type { OneOrigin } from './one-origin.js';
import { useBrowser, useOneOrigin } from './set-up.js';

interface Issued {
  id: string;
  access_token: string;
}
interface Outcome {
  body?: Record<string, unknown>;
  code?: string;
}

const lifeSeconds = 60;
const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Desk</title>
<script type="module">
  import { AccessClient } from '/access-client.js';
  const client = new AccessClient({ apiEndpoint: location.origin + '/api/v1', accessTokenUrl: '/access-token' });
  window.ask = (method, path) => client.request({ method, path }).then((body) => ({ body }), ({ code }) => ({ code }));
  window.signOut = () => client.forget();
</script></html>`;

let site: OneOrigin;
let browser: Browser;
let script: string | undefined;
let application: TestApplication | undefined;
/** What the provider's server has given out. */
let issued: Issued[] = [];

/** The provider's server: it knows who is signed in, and has the secret key. */
async function giveToken(): Promise<Response> {
  const body = {
    subject: { kind: 'member', id: 'maria' },
    scope: ['sessions.list', 'applications.read'],
    expires_in_seconds: lifeSeconds,
  };
  const as = application!.secretKey;
  const token = expectOk(await site.service.call<Issued>('POST', '/access-tokens', { as, body }));
  issued.push(token);
  return Response.json(token);
}

useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  (path) => {
    if (path === '/') return new Response(html, { headers: { 'Content-Type': 'text/html' } });
    if (path === '/access-token') return giveToken();
    if (path !== '/access-client.js') return null;
    return new Response(script, { headers: { 'Content-Type': 'text/javascript' } });
  },
);

const open = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(site.origin);
  await page.waitForFunction(() => 'ask' in window);
  return page;
};
const ask = (page: Page, path: string, method = 'GET'): Promise<Outcome> =>
  page.evaluate(
    ([method, path]) =>
      (window as unknown as { ask(method: string, path: string): Promise<Outcome> }).ask(method!, path!),
    [method, path],
  );
const openContext = async () => {
  script ??= (await bundle('src/controller/access/access-client.ts')).first.join('\n');
  application ??= await site.service.createApplication({ allowed_origins: [site.origin] });
  issued = [];
  return { context: await browser.newContext(), ...application };
};

test('a page may do with it what it is for, and nothing else', async () => {
  const { context, id } = await openContext();
  const page = await open(context);
  assert.equal(issued.length, 0, 'nobody has needed it yet');
  const { body } = await ask(page, `/applications/${id}`);
  assert.equal(body?.id, id);
  assert.equal((await ask(page, `/applications/${id}`, 'PATCH')).code, 'CREDENTIAL_INSUFFICIENT');
  assert.equal((await ask(page, '/webhook-endpoints')).code, 'CREDENTIAL_INSUFFICIENT');
  assert.equal((await ask(page, '/access-tokens/any', 'DELETE')).code, 'CREDENTIAL_INSUFFICIENT');
  assert.equal(issued.length, 1);
  const places = await page.evaluate(() =>
    [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href].join(' '),
  );
  assert.ok(!places.includes(issued[0]!.access_token));
  await context.close();
});

test('one that was revoked is fetched anew, once', async () => {
  const { context, secretKey: as } = await openContext();
  const page = await open(context);
  await ask(page, '/sessions');
  const revoked = await site.service.call('DELETE', `/access-tokens/${issued[0]!.id}`, { as });
  assert.equal(revoked.status, 204);
  assert.ok((await ask(page, '/sessions')).body);
  assert.equal(issued.length, 2);
  await context.close();
});

test('two tabs fetch one, and renew it once at 80 % of its life', async () => {
  const { context } = await openContext();
  await context.clock.install();
  const [one, two] = await Promise.all([open(context), open(context)]);
  const asking = Promise.all([ask(one, '/sessions'), ask(two, '/sessions')]);
  // Tabs wait for each other by the clock of the page, which goes slower than that of the servers here.
  const tick = () => context.clock.runFor(20);
  let isAnswered = false;
  void asking.finally(() => (isAnswered = true));
  await until(async () => {
    await tick();
    return isAnswered;
  });
  for (const { body } of await asking) assert.ok(body);
  assert.equal(issued.length, 1);

  await context.clock.fastForward(lifeSeconds * 1000 * 0.7);
  assert.equal(issued.length, 1);
  await context.clock.fastForward(lifeSeconds * 1000 * 0.15);
  await until(async () => {
    await tick();
    return issued.length > 1;
  });
  for (const page of [one, two]) assert.ok((await ask(page, '/sessions')).body);
  assert.equal(issued.length, 2);
  await context.close();
});
