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
    const page = await SessionPage.open(backend);
    const warnings = page.events('session-warning');
    page.element.addEventListener('session-warning', (event) => event.preventDefault());
    await page.until(() => warnings.length, 'the event came');
    await page.see('end-button');
    expect(warnings[0]!.isLast).to.equal(true);
    expect(page.dialog.open).to.equal(false);
    expect(page.part('warning')).to.equal(null);
    expect(document.querySelector(':modal')).to.equal(null);
  });

  it('no-warning draws nothing, and the event stays', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.open(backend, { 'no-warning': '' });
    const warnings = page.events('session-warning');
    await page.until(() => warnings.length, 'the event came');
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
    expect(options[2]).to.equal('60 minutes 50 tokens You have too few tokens');
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
    expect(backend.calls('extend')[0]!.headers.get('Idempotency-Key')).to.match(/^[\w-]{36}$/);
    expect(page.announced).to.match(/^15 minutes added\. The session now ends at \d/);
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

  it('a press on a button of the page needs no script: commandfor', async () => {
    backend = new PageBackend(600);
    const page = await SessionPage.openRunning(backend);
    page.element.id = 'the-session';
    const button = document.createElement('button');
    button.setAttribute('commandfor', 'the-session');
    button.setAttribute('command', '--extend');
    document.body.append(button);
    button.click();
    await page.until(() => page.dialog.open, 'the dialog is open');
    button.remove();
  });

  it('offline nothing can be bought, and the dialog says why', async () => {
    backend = new PageBackend(600);
    const page = await SessionPage.openRunning(backend);
    await page.press('extend-button');
    await page.until(() => page.dialog.open, 'the dialog is open');
    const setOnline = (isOnline: boolean) => {
      Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => isOnline });
      window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
    };
    try {
      setOnline(false);
      await page.until(
        () => page.text('dialog-status').startsWith('You are offline.'),
        'the reason is shown',
      );
      expect(page.inDialog('confirm-button')!.getAttribute('aria-disabled')).to.equal('true');
      page.inDialog('confirm-button')!.click();
      expect(backend.calls('extend')).to.have.length(0);
      setOnline(true);
      await page.until(() => !page.part('dialog-status'), 'the reason is gone');
      await page.press('confirm-button');
      await page.until(() => backend.calls('extend').length === 1, 'it is bought');
    } finally {
      delete (navigator as { onLine?: boolean }).onLine;
    }
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
    window.dispatchEvent(new Event('online'));
    await page.until(() => !page.dialog.open, 'the dialog has closed');
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
