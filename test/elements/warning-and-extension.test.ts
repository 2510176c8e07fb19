import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

describe('warning and extension', () => {
  let backend: PageBackend;
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  it('the first warning is a banner that leaves the page usable, and is said once', async () => {
    backend = new PageBackend(299);
    const page = await SessionPage.openRunning(backend);
    await page.see('warning');
    expect(page.dialog.open).to.equal(false);
    expect(page.announced).to.equal('5 minutes left.');
    expect(page.element.matches(':state(warning)')).to.equal(true);
    await page.press('dismiss-button');
    expect(page.part('warning')).to.equal(null);
  });

  it('the last warning is a modal dialog with the time, and focus on what costs and ends nothing', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(page.dialog.matches(':modal')).to.equal(true);
    expect(page.inDialog('time')!.textContent).to.match(/^0:5\d$/);
    expect(page.focused!.textContent!.trim()).to.equal('Keep going');
    expect(page.dialog.getAttribute('aria-labelledby')).to.equal('title');
    expect(page.dialog).to.have.descendant?.('h2');
  });

  it('Escape means "keep going": the session runs on, the banner stays, focus returns', async () => {
    backend = new PageBackend(59);
    const button = document.createElement('button');
    document.body.append(button);
    button.focus();
    const page = await SessionPage.openRunning(backend);
    await page.until(() => page.dialog.open, 'the dialog is open');
    await sendKeys({ press: 'Escape' });
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(page.element.snapshot.state).to.equal('active');
    expect(page.part('warning')).not.to.equal(null);
    expect(document.activeElement).to.equal(button);
    button.remove();
  });

  it('a dialog does not open into typing', async () => {
    backend = new PageBackend(59);
    const field = document.createElement('textarea');
    document.body.append(field);
    field.focus();
    const page = await SessionPage.openRunning(backend);
    await page.see('warning');
    await sendKeys({ type: 'abc' });
    expect(page.dialog.open).to.equal(false);
    expect(field.value).to.equal('abc');
    await page.until(() => page.dialog.open, 'the dialog opens once the typing has paused');
    field.remove();
  });

  it('a page that cancels session-warning sees neither banner nor dialog', async () => {
    backend = new PageBackend(59);
    const warnings: HTMLElementEventMap['session-warning'][] = [];
    const heard = new AbortController();
    const cancel = (event: HTMLElementEventMap['session-warning']) => {
      warnings.push(event);
      event.preventDefault();
    };
    // It may come before the page is done with anything else.
    document.documentElement.addEventListener('session-warning', cancel, heard);
    const page = await SessionPage.open(backend);
    await page.until(() => warnings.length, 'the event came');
    heard.abort();
    await page.see('end-button');
    expect(warnings[0]!.isLast).to.equal(true);
    expect(page.dialog.open).to.equal(false);
    expect(page.part('warning')).to.equal(null);
    expect(document.querySelector(':modal')).to.equal(null);
  });

  it('no-warning draws nothing, and the event stays', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.open(backend, { 'no-warning': '' });
    await page.until(() => page.element.snapshot.warning, 'the threshold was passed');
    await page.see('end-button');
    expect(page.dialog.open).to.equal(false);
  });

  it('each option shows minutes, price and the new end; the cheapest is picked; what cannot be had says why', async () => {
    backend = new PageBackend(600);
    const page = await SessionPage.openRunning(backend);
    await page.press('extend-button');
    await page.until(() => page.dialog.open, 'the dialog is open');
    const options = [...page.dialog.querySelectorAll('[part~="option"]')].map((option) =>
      option.textContent!.replace(/\s+/g, ' ').trim(),
    );
    expect(options[0]).to.match(/^15 minutes 15 tokens ends \d/);
    expect(options[2]).to.equal('1 hour 50 tokens You have too few tokens for this.');
    const radios = [...page.dialog.querySelectorAll<HTMLInputElement>('input[type=radio]')];
    expect(radios.map(({ checked, disabled }) => [checked, disabled])).to.deep.equal([
      [true, false],
      [false, false],
      [false, true],
    ]);
    radios[0]!.focus();
    await sendKeys({ press: 'ArrowDown' });
    await page.element.updateComplete;
    expect(page.text('confirm-button')).to.equal('Add 30 minutes for 28 tokens');
    expect(page.part('top-up-link')!.getAttribute('href')).to.equal('https://market.example/top-up');
  });

  it('a double press buys once; the dialog closes when the service has said so, and the new end is told', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    const extended = page.events('session-extend');
    await page.until(() => page.dialog.open, 'the dialog is open');
    const confirm = page.inDialog('confirm-button')!;
    confirm.click();
    confirm.click();
    await page.until(() => extended.length, 'the extension is told');
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(backend.calls('extend')).to.have.length(1);
    expect(backend.calls('extend')[0]!.body).to.deep.equal({ additional_seconds: 900, tokens_to_deduct: 15 });
    expect(backend.calls('extend')[0]!.headers.get('Idempotency-Key')).to.match(/^extend-[\w-]+$/);
    await page.until(
      () => /^15 minutes added\. Your session ends at \d/.test(page.announced),
      'the new end is told',
    );
    expect(page.element.remainingSeconds).to.be.within(955, 960);
    expect(page.element.matches(':state(warning)')).to.equal(false);
    expect(extended[0]).to.include({ additionalSeconds: 900, tokens: 15 });
  });

  it('a refusal keeps the choice, says that nothing was charged, and can be tried again', async () => {
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
    expect(backend.calls('heartbeat')).to.have.length(1);
  });

  it('money: the price is shown, the checkout opens from the dialog, and the time comes once it is paid', async () => {
    backend = new PageBackend(600, {
      extension_options: [
        { additional_seconds: 900, tokens: null, available: true, money: { amount: 499, currency: 'eur' } },
        {
          additional_seconds: 1800,
          tokens: 28,
          available: false,
          unavailable_reason: 'INSUFFICIENT_TOKENS',
          money: { amount: 899, currency: 'eur' },
        },
      ],
    });
    const address = 'https://checkout.example/pay/1';
    const { session } = backend;
    backend.answers.extend = () => ({
      body: {
        additional_seconds: 0,
        additional_cost: 0,
        checkout_url: address,
        session,
        server_time: Date.now(),
      },
    });
    const page = await SessionPage.openRunning(backend, { lang: 'en' });
    const told = page.events('session-checkout');
    await page.press('extend-button');
    const radios = [...page.dialog.querySelectorAll<HTMLInputElement>('input[type=radio]')];
    expect(radios.map(({ checked, disabled }) => [checked, disabled])).to.deep.equal([
      [true, false],
      [false, false],
    ]);
    radios[1]!.click();
    await page.element.updateComplete;
    expect(page.text('confirm-button')).to.equal('Add 30 minutes for €8.99');
    page.part('confirm-button')!.focus();
    await page.press('confirm-button');
    await page.see('pay-link');
    expect(backend.calls('extend')[0]!.body).to.deep.equal({ additional_seconds: 1800, payment: 'money' });
    expect(told[0]!.address).to.equal(address);
    const { href, target, rel } = page.part('pay-link') as HTMLAnchorElement;
    expect({ href, target, rel }).to.deep.equal({
      href: address,
      target: '_blank',
      rel: 'noopener noreferrer',
    });
    expect(page.focused === page.part('pay-link')).to.equal(true);
    expect(page.text('dialog-title')).to.equal('Add time');
    expect(page.element.remainingSeconds).to.be.at.most(600);
    // Paid: the service moves the deadline.
    backend.session = { ...backend.session, duration_limit_seconds: 5400 };
    backend.setRemaining(2400);
    await page.until(() => {
      void page.element.controller.refresh();
      return !page.dialog.open;
    }, 'the dialog has closed');
    expect(page.text('notice')).to.match(/^30 minutes added\. /);
  });

  it('a page that leads to the checkout by itself sees no dialog for it', async () => {
    backend = new PageBackend(600);
    const { session } = backend;
    backend.answers.extend = () => ({
      body: { checkout_url: 'https://checkout.example/pay', session, server_time: Date.now() },
    });
    const page = await SessionPage.openRunning(backend);
    page.element.addEventListener('session-checkout', (event) => event.preventDefault());
    await page.element.extend(15);
    await page.element.updateComplete;
    expect(page.dialog.open).to.equal(false);
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

  it('two sessions on a page open one dialog at a time', async () => {
    backend = new PageBackend(59);
    const first = await SessionPage.openRunning(backend);
    await first.until(() => first.dialog.open, 'the first dialog is open');
    const other = new PageBackend(59);
    try {
      const second = await SessionPage.openRunning(other, { 'application-id': 'app_1' });
      await second.see('warning');
      expect(second.dialog.open).to.equal(false);
      expect(first.dialog.open).to.equal(true);
    } finally {
      other.restore();
    }
  });

  it('moved while its dialog is open, the dialog stays modal', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    await page.until(() => page.dialog.open, 'the dialog is open');
    const place = document.createElement('div');
    document.body.append(place);
    place.append(page.element);
    await page.until(() => page.dialog.matches(':modal'), 'the dialog is modal again');
    place.remove();
  });

  it('a deadline that moves for another reason takes the warning back', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    await page.until(() => page.dialog.open, 'the dialog is open');
    backend.setRemaining(900);
    await page.until(() => {
      // Heard by the tab that leads, which this one may be about to become.
      window.dispatchEvent(new Event('online'));
      return !page.dialog.open;
    }, 'the dialog has closed');
    expect(page.part('warning')).to.equal(null);
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
