// The call of a session between a customer and a helper, each in a browser of their own, over a real service.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectOk, until, type TestApplication } from '../service/fixtures.js';
import type { OneOrigin } from './one-origin.js';
import { observe } from './observation.js';
import { useBrowser, useOneOrigin } from './set-up.js';

const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types lit-html";
const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': policy };
const pageOf = (body: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>A call</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/live-help.js"></script>
  ${body}
</html>`;

let site: OneOrigin;
let browser: Browser;
let application: TestApplication;

/** The provider's server: it knows who is signed in, and has the secret key. */
async function giveToken(): Promise<Response> {
  const body = {
    subject: { kind: 'helper', id: 'maria' },
    scope: ['sessions.read', 'sessions.attend'],
    expires_in_seconds: 600,
  };
  const as = application.secretKey;
  return Response.json(expectOk(await site.service.call('POST', '/access-tokens', { as, body })));
}

useBrowser((opened) => (browser = opened));
useOneOrigin(
  (opened) => (site = opened),
  (path, origin) => {
    const api = `${origin}/api/v1`;
    if (path === '/')
      return new Response(
        pageOf(`<marketplace-session api-endpoint="${api}" no-redirect></marketplace-session>
          <marketplace-session-room></marketplace-session-room>`),
        { headers },
      );
    if (path === '/access-token') return giveToken();
    const [, sessionId] = /^\/desk\/(.+)$/.exec(path) ?? [];
    return sessionId
      ? new Response(
          pageOf(`<marketplace-session-room
            session-id="${sessionId}" server-url="${api}" access-token-url="/access-token"></marketplace-session-room>`),
          { headers },
        )
      : null;
  },
);
before(async () => {
  application = await site.service.createApplication({
    allowed_origins: [site.origin],
    tokens_per_minute: 1,
  });
});

const room = (page: Page) => page.locator('marketplace-session-room');
const is = (page: Page, state: string) =>
  until(() => room(page).evaluate((element, name) => element.matches(`:state(${name})`), `room-${state}`));
const join = (page: Page) => room(page).getByRole('button', { name: 'Join the call' }).click();

/** Frames of the other side that were shown by now. */
const frames = (page: Page) =>
  room(page).evaluate(
    ({ shadowRoot }) =>
      shadowRoot!.querySelector<HTMLVideoElement>('[part=remote-video]')?.getVideoPlaybackQuality()
        .totalVideoFrames ?? 0,
  );
async function seesTheOther(page: Page): Promise<void> {
  const before = await frames(page);
  await until(async () => (await frames(page)) > before + 5);
}

/** Writes down what the pages of a browser capture. */
async function openContext(): Promise<BrowserContext> {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    const media = navigator.mediaDevices;
    const ask = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, {
      countLive: () => tracks.filter(({ readyState }) => readyState === 'live').length,
    });
  });
  return context;
}
const countLive = (page: Page) =>
  page.evaluate(() => (window as unknown as { countLive(): number }).countLive());

test('customer and helper see each other, also after a page was killed and a network was gone, until the session ends', async () => {
  const customer = await site.service.createCustomer(1000);
  const { session, session_token } = await site.service.createSession(application, customer, {
    duration_seconds: 600,
  });
  const [ofCustomer, ofHelper] = await Promise.all([openContext(), openContext()]);
  const seen = [observe(ofCustomer), observe(ofHelper)];
  const [caller, helper] = await Promise.all([ofCustomer.newPage(), ofHelper.newPage()]);
  await Promise.all([
    caller.goto(`${site.origin}/?session=${session_token}`),
    helper.goto(`${site.origin}/desk/${session.id}`),
  ]);
  await join(helper);
  await is(helper, 'waiting');
  await join(caller);
  await Promise.all([is(caller, 'connected'), is(helper, 'connected')]);
  await Promise.all([seesTheOther(caller), seesTheOther(helper)]);
  for (const page of [caller, helper]) assert.equal(await countLive(page), 2);

  // A page that is killed says nothing; another one of the same person goes on.
  const devtools = await ofCustomer.newCDPSession(caller);
  void devtools.send('Page.crash').catch(() => {});
  await is(helper, 'left');
  const next = await ofCustomer.newPage();
  await next.goto(`${site.origin}/?session=${session_token}`);
  await join(next);
  await Promise.all([is(next, 'connected'), is(helper, 'connected')]);
  await Promise.all([seesTheOther(next), seesTheOther(helper)]);

  // The service is out of reach for a while: the call goes from browser to browser, and finds itself again.
  await ofHelper.setOffline(true);
  await seesTheOther(next);
  await ofHelper.setOffline(false);
  await Promise.all([is(next, 'connected'), is(helper, 'connected')]);
  await Promise.all([seesTheOther(next), seesTheOther(helper)]);

  site.pass(700);
  await Promise.all([is(next, 'ended'), is(helper, 'ended')]);
  for (const page of [next, helper]) assert.equal(await countLive(page), 0);

  // Without a network, and once time has jumped, a browser complains of what the service does not answer; of nothing else.
  const complaints = seen.flatMap(({ consoleLines }) => consoleLines);
  assert.deepEqual(
    complaints.filter((line) => !/^Failed to load resource/.test(line)),
    [],
  );
  for (const { requests } of seen)
    for (const { url } of requests) if (!url.includes('/?session=')) assert.ok(!url.includes(session_token));
  await Promise.all([ofCustomer.close(), ofHelper.close()]);
});
