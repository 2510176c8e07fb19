import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/pieces.js';
import { clockTime } from '../../src/elements/languages/clock-time.js';
import { hear } from './heard.js';
import { PageBackend } from './page-backend.js';
import { setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

describe('adding time', () => {
  let backend: PageBackend;
  afterEach(() => {
    delete (navigator as { onLine?: boolean }).onLine;
    backend.restore();
    sessionStorage.clear();
  });

  const radios = (page: SessionPage) => [
    ...page.dialog.querySelectorAll<HTMLInputElement>('input[type=radio]'),
  ];
  const textOf = (element: Element) => element.textContent!.replace(/\s+/g, ' ').trim();
  /** The dialog in which time is added. */
  async function openPicker(attributes: Record<string, string> = {}): Promise<SessionPage> {
    const page = await SessionPage.openRunning(backend, attributes);
    await page.press('extend-button');
    await page.until(() => page.dialog.open, 'the dialog is open');
    return page;
  }

  it('each option shows minutes, price and the new end; what is shown is what is charged', async () => {
    backend = new PageBackend(600);
    const page = await openPicker();
    const extended = page.events('session-extend');
    const { deadline } = page.element.snapshot;
    const end = (minutes: number) => clockTime(deadline! + minutes * 60_000, page.element.language.locale);
    expect([...page.dialog.querySelectorAll('[part~="option"]')].map(textOf).slice(0, 2)).to.deep.equal([
      `15 minutes 15 tokens ends ${end(15)}`,
      `30 minutes 28 tokens ends ${end(30)}`,
    ]);
    radios(page)[1]!.click();
    await page.press('confirm-button');
    await page.until(() => extended.length, 'it is bought');
    expect(backend.calls('extend')[0]!.body).to.deep.equal({
      additional_seconds: 1800,
      tokens_to_deduct: 28,
    });
    expect(extended[0]).to.include({ additionalSeconds: 1800, tokens: 28 });
    expect(page.element.snapshot.deadline).to.equal(deadline! + 1_800_000);
    expect(page.text('end-time')).to.equal(`ends ${end(30)}`);
  });

  it('a price that has changed meanwhile is charged to nobody: it is told', async () => {
    backend = new PageBackend(600);
    backend.answers.extend = () => ({ status: 409, body: { code: 'EXTENSION_PRICE_CHANGED', status: 409 } });
    const page = await openPicker();
    await page.press('confirm-button');
    await page.until(() => page.text('message'), 'it is told');
    expect(page.text('message')).to.equal('The price has changed meanwhile. Nothing was charged.');
  });

  it('the options are a radio group for the arrow keys, and nothing is preselected that costs more', async () => {
    backend = new PageBackend(600, {
      extension_options: [
        { additional_seconds: 900, tokens: 30, available: true },
        { additional_seconds: 1800, tokens: 28, available: true },
        { additional_seconds: 3600, tokens: 10, available: false, unavailable_reason: 'LIMIT_REACHED' },
      ],
    } as object);
    const page = await openPicker();
    const checked = () => radios(page).map((radio) => radio.checked);
    expect(new Set(radios(page).map(({ name }) => name)).size).to.equal(1);
    expect(page.inDialog('options')!.localName).to.equal('fieldset');
    expect(page.text('options-title')).to.equal('How much time?');
    expect(checked()).to.deep.equal([false, true, false]);
    radios(page)[1]!.focus();
    await sendKeys({ press: 'ArrowUp' });
    await page.until(() => page.text('confirm-button').includes('15 minutes'), 'the arrow picks');
    expect(checked()).to.deep.equal([true, false, false]);
  });

  it('the button that confirms names the amount', async () => {
    backend = new PageBackend(600);
    const page = await openPicker();
    expect(page.text('confirm-button')).to.equal('Add 15 minutes for 15 tokens');
    radios(page)[1]!.click();
    await page.element.updateComplete;
    expect(page.text('confirm-button')).to.equal('Add 30 minutes for 28 tokens');
  });

  it('what cannot be had is disabled, with the reason and a way out', async () => {
    backend = new PageBackend(600);
    backend.session.extension_options.push({
      additional_seconds: 5400,
      tokens: 5,
      available: false,
      unavailable_reason: 'EXTENSION_LIMIT_REACHED',
    });
    const page = await openPicker({ 'extend-minutes': '15 60 90' });
    expect(radios(page).map(({ disabled }) => disabled)).to.deep.equal([false, true, true]);
    expect([...page.dialog.querySelectorAll('[part~="option"]')].map(textOf).slice(1)).to.deep.equal([
      '1 hour 50 tokens You have too few tokens for this.',
      '1 hour, 30 minutes 5 tokens This session cannot be longer.',
    ]);
    expect(page.part('top-up-link')!.getAttribute('href')).to.equal('https://market.example/top-up');
  });

  it('a double press charges once', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    const extended = page.events('session-extend');
    await page.until(() => page.dialog.open, 'the dialog is open');
    const confirm = page.inDialog('confirm-button')!;
    confirm.click();
    confirm.click();
    await page.until(() => extended.length, 'the extension is told');
    expect(backend.calls('extend')).to.have.length(1);
    expect(backend.calls('extend')[0]!.headers.get('Idempotency-Key')).to.match(/^extend-[\w-]+$/);
    expect(page.element.remainingSeconds).to.be.within(900, 960);
    expect(page.element.matches(':state(warning)')).to.equal(false);
  });

  it('the dialog closes as extended only when the service has said so', async () => {
    backend = new PageBackend(600);
    let answer = () => {};
    backend.answers.extend = (asked) =>
      new Promise((resolve) => {
        answer = () => {
          delete backend.answers.extend;
          resolve(backend.usual('extend', asked));
        };
      });
    const page = await openPicker();
    const { deadline } = page.element.snapshot;
    await page.press('confirm-button');
    await page.until(() => backend.calls('extend').length, 'the service is asked');
    const before = page.element.remainingSeconds!;
    await page.until(() => page.element.remainingSeconds! < before, 'a second goes by');
    expect(page.dialog.open).to.equal(true);
    expect(page.inDialog('confirm-button')!.ariaDisabled).to.equal('true');
    expect(page.element.snapshot.deadline).to.equal(deadline);
    expect(page.text('notice')).to.equal('');
    answer();
    await page.until(() => !page.dialog.open, 'the dialog has closed');
    expect(page.element.snapshot.deadline).to.equal(deadline! + 900_000);
    expect(page.text('notice')).to.match(/^15 minutes added\./);
  });

  it('a deadline that passes while the payment runs does not throw the person out', async () => {
    backend = new PageBackend(4);
    let answer = () => {};
    backend.answers.extend = (asked) =>
      new Promise((resolve) => (answer = () => resolve(backend.usual('extend', asked))));
    const page = await openPicker();
    await page.press('confirm-button');
    await page.until(() => page.element.snapshot.state === 'ending', 'the deadline has passed');
    await page.element.updateComplete;
    expect(page.dialog.open).to.equal(true);
    expect(page.inDialog('time')!.textContent).to.equal('0:00');
    expect(backend.calls('complete')).to.have.length(0);
    answer();
    await page.until(() => page.element.snapshot.state === 'active', 'the session goes on');
    await page.until(() => !page.dialog.open, 'the dialog has closed');
    expect(page.element.remainingSeconds).to.be.above(800);
    expect(backend.calls('complete')).to.have.length(0);
  });

  it('a failure keeps the choice, says that nothing was charged, and can be tried again', async () => {
    backend = new PageBackend(600);
    backend.answers.extend = () => ({
      status: 402,
      body: { code: 'INSUFFICIENT_TOKENS', title: 'Too few', status: 402 },
    });
    const page = await SessionPage.openRunning(backend);
    await page.press('extend-button');
    page.dialog.querySelectorAll<HTMLInputElement>('input')[1]!.click();
    await page.press('confirm-button');
    await page.until(() => page.text('message'), 'the refusal is shown');
    expect(page.text('message')).to.equal('You have too few tokens for this. Nothing was charged.');
    expect(page.inDialog('message')!.getAttribute('role')).to.equal('alert');
    expect(page.dialog.querySelectorAll<HTMLInputElement>('input')[1]!.checked).to.equal(true);
    expect(page.part('top-up-link')).not.to.equal(null);
    delete backend.answers.extend;
    await page.press('confirm-button');
    await page.until(() => !page.dialog.open, 'the second try went through');
    expect(page.element.remainingSeconds).to.be.above(2000);
  });

  it('a failure after which nobody knows keeps the choice, and says that nothing is ever charged twice', async () => {
    const { random } = Math;
    // Full jitter, at its shortest.
    Math.random = () => 0;
    try {
      backend = new PageBackend(600);
      const page = await openPicker();
      // All that is asked: one path alone would be blocked by something in the browser.
      const lose = () => {
        throw new TypeError('Failed to fetch');
      };
      Object.assign(backend.answers, { extend: lose, validate: lose });
      radios(page)[1]!.click();
      await page.press('confirm-button');
      await page.until(() => page.text('message'), 'the failure is shown');
      expect(page.text('message')).to.equal(
        'The marketplace did not answer. Try again: nothing is ever charged twice.',
      );
      expect(radios(page)[1]!.checked).to.equal(true);
      delete backend.answers.extend;
      delete backend.answers.validate;
      await page.press('confirm-button');
      await page.until(() => !page.dialog.open, 'the second try went through');
      expect(
        new Set(backend.calls('extend').map(({ headers }) => headers.get('Idempotency-Key'))).size,
      ).to.equal(1);
    } finally {
      Math.random = random;
    }
  });

  it('success says the new end, once, however many elements draw the session', async () => {
    backend = new PageBackend(600);
    const page = await openPicker();
    const pieces = ['warning', 'extend'].map((name) => document.createElement(`marketplace-session-${name}`));
    page.element.before(...pieces);
    await page.until(
      () => pieces.every(({ shadowRoot }) => shadowRoot?.querySelector('dialog')),
      'all are drawn',
    );
    const heard = hear(page.element, ...pieces);
    await page.press('confirm-button');
    await page.see('notice');
    const end = clockTime(page.element.snapshot.deadline!, page.element.language.locale);
    const text = `15 minutes added. Your session ends at ${end}.`;
    expect(page.text('notice')).to.contain(text);
    await page.until(() => heard.length, 'it is said');
    const before = page.element.remainingSeconds!;
    await page.until(() => page.element.remainingSeconds! < before, 'a second goes by');
    expect(heard).to.deep.equal([text]);
    for (const piece of pieces) piece.remove();
  });

  it('offline it is disabled with the reason, and a charge is never queued silently', async () => {
    backend = new PageBackend(600);
    const page = await openPicker();
    await setOnline(false);
    await page.until(() => page.text('dialog-status'), 'the reason is shown');
    await page.until(() => page.text('dialog-status').startsWith('You are offline.'), 'the loss is told');
    expect(page.text('dialog-status')).to.contain('You can add time once you are back online.');
    expect(page.inDialog('confirm-button')!.ariaDisabled).to.equal('true');
    expect(radios(page).every(({ disabled }) => disabled)).to.equal(true);
    page.inDialog('confirm-button')!.click();
    const code = await page.element.extend(15).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(code).to.equal('NETWORK_FAILED');
    const heartbeats = backend.calls('heartbeat').length;
    await setOnline(true);
    await page.until(() => backend.calls('heartbeat').length > heartbeats, 'the service is asked again');
    await page.until(() => page.element.snapshot.connection === 'online', 'it is back');
    expect(backend.calls('extend')).to.have.length(0);
  });

  it('the page can buy by itself: respondWith, then the service is asked', async () => {
    backend = new PageBackend(600);
    const page = await SessionPage.openRunning(backend);
    page.element.addEventListener('session-extend-request', (event) => {
      expect(event).to.include({ minutes: 15, tokens: 15 });
      event.respondWith(
        Promise.resolve().then(() => {
          backend.session = { ...backend.session, duration_limit_seconds: 4500, tokens_allocated: 25 };
          backend.setRemaining(1500);
        }),
      );
    });
    await page.press('extend-button');
    await page.press('confirm-button');
    await page.until(() => page.element.remainingSeconds! > 1400, 'the deadline of the service is shown');
    expect(backend.calls('extend')).to.have.length(0);
    // On a slow machine one that was due may come before it.
    expect(backend.calls('heartbeat')).to.have.length.at.least(1);
  });

  it('a press on a button of the page needs no script: commandfor', async () => {
    backend = new PageBackend(600);
    const page = await SessionPage.openRunning(backend);
    page.element.id = 'the-session';
    const button = document.createElement('button');
    button.setAttribute('commandfor', 'the-session');
    button.setAttribute('command', '--extend');
    document.body.append(button);
    button.click();
    // WebKitGTK 2.50 knows no invoker commands: the event is told by hand.
    if (!('command' in button)) {
      page.element.dispatchEvent(Object.assign(new Event('command'), { command: '--extend' }));
    }
    await page.until(() => page.dialog.open, 'the dialog is open');
    button.remove();
  });

  it('no-extend offers nothing to buy', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend, { 'no-extend': '' });
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(page.part('extend-button')).to.equal(null);
    expect(page.inDialog('options')).to.equal(null);
    expect(page.inDialog('confirm-button')).to.equal(null);
  });
});
