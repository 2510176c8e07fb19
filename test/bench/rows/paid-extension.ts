// From Stripe's webhook to the new time in the customer's tab, against a bare server-sent event in a bare page.
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { ExtendAnswer } from '../../../src/protocol/api.js';
import { expectOk } from '../../service/fixtures.js';
import { completed, signatureOf, type Checkout } from '../../service/stripe-events.js';
import { StripeServer } from '../../service/stripe-server.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import { openPage } from '../harness/browser.js';
import { readCdnFiles } from '../harness/cdn-files.js';
import { startChild } from '../harness/child.js';
import { elementPage, html } from '../harness/html.js';
import type { Bench, Benchmark } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { secondsOf } from '../harness/shown-time.js';
import { startSite } from '../harness/site.js';
import { median, percentile } from '../harness/statistics.js';
import { until } from '../harness/until.js';

const warmUpRounds = 3;
const wholeRounds = 40;
const additionalSeconds = 900;
const peerPath = '/bare-events.js';
const patienceMs = 20_000;

export const paidExtension: Benchmark = {
  name: 'paid-extension',
  async measure(bench) {
    const stripe = await StripeServer.start();
    const service = await startBenchService({ STRIPE_URL: stripe.url });
    const bare = await startChild('bare-events');
    const bareUrl = await bare.ask<string>('url');
    const site = await startSite(
      {
        '/element': elementPage(`${service.url}/api/v1`),
        '/peer': html(`<p id="time" data-events="${bareUrl}"></p>`, peerPath),
      },
      [...(await readCdnFiles()), { path: peerPath, content: await pageScript('bare-events') }],
    );
    try {
      const { session, session_token } = await sell(service, site.origin);
      const [tab, peer] = [
        await openWatched(bench, `${site.origin}/element?session=${session_token}`),
        await openWatched(bench, `${site.origin}/peer`),
      ];
      for (const server of [service.process, bare])
        await until(async () => (await server.ask('openStreams')) === 1, patienceMs, 'an open stream');
      const elementMs: number[] = [];
      const peerMs: number[] = [];
      const rounds = bench.sized(wholeRounds);
      bench.note(`${rounds} payments`);
      for (let round = -warmUpRounds; round < rounds; round += 1) {
        const pay = await orderTime(service, stripe, session.id);
        const ofElement = await timeChange(tab, pay, (text, before) => secondsOf(text) > secondsOf(before));
        const news = `round ${round}`;
        const tell = () => fetch(bareUrl, { method: 'POST', body: news });
        const ofPeer = await timeChange(peer, tell, (text) => text === news);
        if (round < 0) continue;
        elementMs.push(ofElement);
        peerMs.push(ofPeer);
      }
      const row = (figure: string, share: number) => ({
        name: `paid extension: webhook to new time, ${figure}`,
        value: percentile(elementMs, share),
        peer: percentile(peerMs, share),
        unit: 'ms',
        target: null,
      });
      return [
        row('median', 0.5),
        row('95th percentile', 0.95),
        {
          name: 'paid extension: bare event in a bare page, median',
          value: median(peerMs),
          unit: 'ms',
          target: null,
        },
      ];
    } finally {
      await Promise.all([site.close(), bare.stop()]);
      await service.stop();
      await stripe.stop();
    }
  },
};

async function sell(service: BenchService, origin: string) {
  const application = await service.createApplication({
    allowed_origins: [origin],
    max_duration_seconds: 86_400,
    // Its public address, which proofs name, is not the one where it is reached here.
    proof_of_possession: 'off',
    extension_options: [
      { additional_seconds: additionalSeconds, tokens: null, money: { amount: 499, currency: 'eur' } },
    ],
  });
  return service.createSession(application, await service.createCustomer(1_000));
}

async function openWatched({ browser }: Bench, address: string): Promise<Page> {
  const page = await openPage(browser, [await pageScript('shown-text')]);
  await page.goto(address);
  return page;
}

/** Orders time by money. @returns what tells the service that it is paid, as Stripe does. */
async function orderTime(service: BenchService, stripe: StripeServer, sessionId: string) {
  const { checkout_url } = expectOk(
    await service.call<ExtendAnswer>('POST', `/api/v1/sessions/${sessionId}/extend`, {
      body: { additional_seconds: additionalSeconds, payment: 'money' },
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    }),
  );
  const checkout = stripe.checkouts.find(({ url }) => url === checkout_url) as unknown as Checkout;
  const body = JSON.stringify(completed(checkout));
  const headers = { 'Stripe-Signature': signatureOf(body, Math.floor(Date.now() / 1000)) };
  return async () =>
    expectOk(await service.call('POST', '/api/v1/webhooks/stripe', { as: null, body, headers }));
}

/** Milliseconds from the request to the first text in the page that is the new one. */
async function timeChange(
  page: Page,
  send: () => Promise<unknown>,
  isNew: (text: string, before: string) => boolean,
): Promise<number> {
  const { count, before, offset } = await page.evaluate(() => ({
    count: window.shownText.shown.length,
    before: window.shownText.shown.at(-1)?.text ?? '',
    offset: window.shownText.clockOffset(),
  }));
  // At any moment of a second.
  await wait(Math.random() * 1000);
  const sentAt = performance.timeOrigin + performance.now();
  await send();
  let shownAt: number | undefined;
  const isShown = async () => {
    const shown = await page.evaluate((from) => window.shownText.shown.slice(from), count);
    shownAt = shown.find(({ text }) => isNew(text, before))?.at;
    return shownAt !== undefined;
  };
  await until(isShown, patienceMs, 'the new time');
  return shownAt! + offset - sentAt;
}
