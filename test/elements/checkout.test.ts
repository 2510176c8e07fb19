import { expect } from '@open-wc/testing';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

describe('time that is paid by money', () => {
  let backend: PageBackend;
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  it('the price is shown, the checkout opens from the dialog, and the time comes once it is paid', async () => {
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
});
