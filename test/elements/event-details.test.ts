import { expect } from '@open-wc/testing';
import { SessionError } from '../../src/protocol/errors.js';
import { PageBackend } from './page-backend.js';
import { setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

const types = [
  ...['ready', 'statechange', 'start', 'warning', 'extend-request', 'checkout', 'extend', 'pause', 'resume'],
  ...['connection', 'end-request', 'complete', 'end', 'redirect', 'error'],
].map((type) => `session-${type}`);

describe('the details of events', () => {
  let backend: PageBackend;
  afterEach(() => {
    delete (navigator as { onLine?: boolean }).onLine;
    backend.restore();
    sessionStorage.clear();
  });

  it('hold ids, numbers and states: no names, mails or tokens, through the whole life of a session', async () => {
    const told: Event[] = [];
    const heard = new AbortController();
    for (const type of types) document.addEventListener(type, (event) => told.push(event), heard);
    // Whatever a marketplace puts into its own fields.
    backend = new PageBackend(600, {
      user_id: 'Ada Lovelace <ada@example.com>',
      provider_id: 'provider of Ada',
      return_url: 'https://market.example/sessions',
    });
    const page = await SessionPage.openRunning(backend, { 'no-redirect': '' });
    const told1 = (type: string) => told.some((event) => event.type === `session-${type}`);
    await page.element.pause();
    await page.element.resume();
    await page.element.extend(15);
    backend.answers.extend = () => ({
      status: 402,
      body: {
        code: 'INSUFFICIENT_TOKENS',
        status: 402,
        title: 'Too few tokens',
        detail: 'Ada Lovelace has too few',
      },
    });
    await page.element.extend(15).catch(() => {});
    const { session } = backend;
    backend.answers.extend = () => ({
      body: { checkout_url: 'https://checkout.example/pay/1', session, server_time: Date.now() },
    });
    await page.element.extend(30);
    await setOnline(false);
    await page.until(() => told1('connection'), 'the loss is told');
    await setOnline(true);
    backend.setRemaining(50);
    await page.askUntil(() => told1('warning'), 'the warning is told');
    await page.element.end();
    await page.until(() => told1('redirect'), 'the end is told');
    heard.abort();

    const seen = [...new Set(told.map(({ type }) => type))].sort();
    expect(seen).to.deep.equal([...types].sort());
    const ids = [backend.sessionId, 'app_1'];
    const states =
      /^(idle|loading|waiting|active|paused|ending|ended|failed|completed|online|reconnecting|offline|customer)$/;
    for (const event of told) {
      for (const [name, value] of Object.entries(event)) {
        const where = `${event.type}.${name} is ${String(value)}`;
        if (name === 'isTrusted' || name === 'response') continue;
        if (value instanceof SessionError) expect(value.code, where).to.match(/^[A-Z_]+$/);
        else if (name === 'code') expect(value, where).to.match(/^[A-Z_]+$/);
        else if (name === 'address')
          expect(value, where).to.match(/^https:\/\/(market|checkout)\.example\/[\w/?=-]+$/);
        else if (typeof value === 'string')
          expect(ids.includes(value) || states.test(value), where).to.equal(true);
        else expect(value === null || /^(number|boolean)$/.test(typeof value), where).to.equal(true);
      }
      const everything = JSON.stringify({ ...event }, (_, value: unknown) =>
        value instanceof Error ? [value.message, { ...value }] : value,
      );
      expect(everything, event.type).not.to.match(/Ada|@example|eyJ/);
    }
  });
});
