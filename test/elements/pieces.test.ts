import { expect, waitUntil } from '@open-wc/testing';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { SessionController } from '../../src/controller/index.js';
import type { SessionPiece } from '../../src/elements/pieces/session-piece.js';
import '../../src/pieces.js';
import { axeFaults } from './axe-faults.js';
import { PageBackend } from './page-backend.js';
import { setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

type Tag = `marketplace-session-${'timer' | 'warning' | 'extend' | 'connection'}`;

/** Puts a piece somewhere. */
function add<T extends Tag>(
  tag: T,
  attributes: Record<string, string> = {},
  place: Node = document.querySelector('main') ?? document.body,
): HTMLElementTagNameMap[T] {
  const piece = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) piece.setAttribute(name, value);
  place.appendChild(piece);
  return piece;
}

const part = (piece: SessionPiece, name: string) =>
  [...piece.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)].find((element) =>
    element.checkVisibility(),
  );
const textOf = (piece: SessionPiece, name: string) => part(piece, name)?.textContent?.trim() ?? '';
const seen = async (piece: SessionPiece, name: string) => {
  await waitUntil(() => part(piece, name), `${piece.localName} shows ${name}`, { timeout: 60_000 });
  return part(piece, name)!;
};
const found = (piece: SessionPiece, element: MarketplaceSessionElement) =>
  waitUntil(() => piece.controller === element.controller, `${piece.localName} has found its session`);
const lost = (piece: SessionPiece) =>
  waitUntil(() => piece.controller === undefined, `${piece.localName} has no session`);

describe('pieces', () => {
  let backend: PageBackend;
  const pieces: Element[] = [];
  const place = <T extends Element>(piece: T): T => {
    pieces.push(piece);
    return piece;
  };
  beforeEach(() => (backend = new PageBackend(600)));
  afterEach(() => {
    for (const piece of pieces.splice(0)) piece.remove();
    delete (navigator as { onLine?: boolean }).onLine;
    backend.restore();
    sessionStorage.clear();
  });

  describe('find their session', () => {
    it('the only one on the page, whichever comes first', async () => {
      const before = place(add('marketplace-session-timer', {}, document.body));
      expect(before.controller).to.equal(undefined);
      const { element } = await SessionPage.open(backend);
      await found(before, element);
      await found(place(add('marketplace-session-timer')), element);
    });

    it('and none where there are two, until one leaves', async () => {
      const one = await SessionPage.open(backend);
      const piece = place(add('marketplace-session-timer', {}, document.body));
      await found(piece, one.element);
      const { element: two } = await SessionPage.open(backend);
      await lost(piece);
      one.element.remove();
      await found(piece, two);
    });

    it('by its id, also when it comes later, leaves, or is named later', async () => {
      await SessionPage.open(backend);
      const piece = place(add('marketplace-session-timer', { for: 'mine' }, document.body));
      await piece.updateComplete;
      expect(piece.controller).to.equal(undefined);
      const { element } = await SessionPage.open(backend, { id: 'mine' });
      await found(piece, element);
      element.id = 'other';
      await lost(piece);
      element.id = 'mine';
      await found(piece, element);
      element.remove();
      await lost(piece);
    });

    it('by an id in the own root before one further out', async () => {
      const { element: outer } = await SessionPage.open(backend, { id: 'mine' });
      const root = place(document.body.appendChild(document.createElement('div'))).attachShadow({
        mode: 'open',
      });
      const piece = add('marketplace-session-timer', { for: 'mine' }, root);
      await found(piece, outer);
      const { element: inner } = await SessionPage.open(backend, { id: 'mine' });
      root.append(inner);
      await found(piece, inner);
    });

    it('the one they stand in, through shadow roots, before the only one', async () => {
      const { element } = await SessionPage.open(backend);
      await SessionPage.open(backend);
      const host = element.appendChild(document.createElement('div'));
      const piece = add('marketplace-session-timer', {}, host.attachShadow({ mode: 'open' }));
      await found(piece, element);
      // An id says more than the place.
      piece.for = 'nobody';
      await lost(piece);
    });

    it('by a property: the controller of the element that it stands by already, and tells what was bought', async () => {
      const page = await SessionPage.openRunning(backend);
      const piece = place(add('marketplace-session-extend'));
      await found(piece, page.element);
      expect(piece.draws('notice')).to.equal(false);
      piece.session = page.element.controller;
      await piece.updateComplete;
      expect(piece.controller).to.equal(page.element.controller);
      (await seen(piece, 'extend-button')).click();
      (await seen(piece, 'confirm-button')).click();
      await waitUntil(() => textOf(piece, 'notice'), 'it tells what was bought', { timeout: 30_000 });
    });

    it('by a property: an element, or a controller without one', async () => {
      const { element } = await SessionPage.open(backend);
      await SessionPage.open(backend);
      const piece = place(add('marketplace-session-timer'));
      piece.session = element;
      await found(piece, element);
      const controller = new SessionController({
        apiEndpoint: backend.endpoint,
        sessionToken: backend.token,
      });
      piece.session = controller;
      await controller.start();
      await waitUntil(() => /^(10:00|9:5\d)$/.test(textOf(piece, 'time')), 'it shows the time');
      controller.destroy();
    });

    it('by a property: a controller of another copy of the package', async () => {
      const other = new SessionController({ apiEndpoint: backend.endpoint, sessionToken: backend.token });
      // As a class of the same name from elsewhere is: of another prototype.
      const foreign = new Proxy(other, {
        getPrototypeOf: () => EventTarget.prototype,
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const piece = place(add('marketplace-session-timer'));
      piece.session = foreign;
      await other.start();
      await waitUntil(() => /^(10:00|9:5\d)$/.test(textOf(piece, 'time')), 'it shows the time');
      other.destroy();
    });

    it('set before the piece is defined', async () => {
      const { element } = await SessionPage.open(backend);
      await SessionPage.open(backend);
      const early = document.createElement('marketplace-session-late-timer') as unknown as SessionPiece;
      early.session = element;
      place(document.body.appendChild(early));
      const { MarketplaceSessionTimerElement } = await import('../../src/pieces.js');
      customElements.define(
        'marketplace-session-late-timer',
        class extends MarketplaceSessionTimerElement {},
      );
      await found(early, element);
    });

    it('and lose nothing when they are moved', async () => {
      const { element } = await SessionPage.openRunning(backend);
      const piece = place(add('marketplace-session-extend'));
      (await seen(piece, 'extend-button')).click();
      const dialog = await seen(piece, 'dialog');
      document.body.append(piece);
      await piece.updateComplete;
      expect(piece.controller).to.equal(element.controller);
      await waitUntil(() => dialog.matches(':modal'), 'the dialog is modal again');
    });
  });

  describe('the timer', () => {
    for (const shape of ['text', 'pill', 'ring']) {
      it(`${shape}: axe finds nothing, and the tag draws none`, async () => {
        const page = await SessionPage.openRunning(backend, { 'no-timer': '' });
        const timer = place(add('marketplace-session-timer', { shape }));
        await found(timer, page.element);
        await timer.updateComplete;
        expect(page.part('timer')).to.equal(null);
        expect(timer.matches(':state(active)')).to.equal(true);
        expect(await axeFaults(timer)).to.deep.equal([]);
      });
    }

    it('the ring shows how much is left of the whole', async () => {
      const page = await SessionPage.openRunning(backend);
      const timer = place(add('marketplace-session-timer', { shape: 'ring' }));
      await found(timer, page.element);
      await timer.updateComplete;
      const share = () =>
        Number.parseFloat(part(timer, 'ring-rest')!.getAttribute('stroke-dasharray')!.split(' ')[0]!);
      expect(share()).to.be.closeTo(600 / 3600, 0.002);
      await page.element.extend(15);
      await timer.updateComplete;
      expect(share()).to.be.closeTo(1500 / 4500, 0.002);
    });

    it('follows pause, warning and the language of its own place', async () => {
      const page = await SessionPage.openRunning(backend);
      const timer = place(add('marketplace-session-timer', { lang: 'de' }));
      await waitUntil(() => textOf(timer, 'timer-label') === 'Verbleibende Zeit', 'it speaks German');
      await page.press('pause-button');
      await waitUntil(() => textOf(timer, 'end-time') === 'Pausiert', 'it is paused');
      expect(timer.matches(':state(paused)')).to.equal(true);
      page.element.strings = { paused: 'Stopped' };
      timer.strings = { timeLeft: 'Noch' };
      await waitUntil(() => textOf(timer, 'timer-label') === 'Noch', 'it has words of its own');
      expect(textOf(timer, 'end-time')).to.equal('Stopped');
    });

    it('without a session it keeps its place', async () => {
      const timer = place(add('marketplace-session-timer', { shape: 'pill' }, document.body));
      await timer.updateComplete;
      const { height } = timer.getBoundingClientRect();
      await SessionPage.openRunning(backend);
      await waitUntil(() => textOf(timer, 'time'), 'it shows the time');
      expect(timer.getBoundingClientRect().height).to.equal(height);
    });
  });

  describe('the warning', () => {
    it('at the last threshold is the dialog, in place of the banner, with more time to be had from it; the tag draws none', async () => {
      backend.setRemaining(59);
      const warning = place(add('marketplace-session-warning', {}, document.body));
      const page = await SessionPage.open(backend, { 'no-warning': '' });
      const dialog = (await seen(warning, 'dialog')) as HTMLDialogElement;
      expect(dialog.matches(':modal')).to.equal(true);
      expect(part(warning, 'warning')).to.equal(undefined);
      expect(page.part('warning')).to.equal(null);
      expect(part(warning, 'buttons')?.childElementCount ?? 0).to.equal(0);
      expect(textOf(warning, 'time')).to.match(/^0:5\d$/);
      // What opens the dialog is said in it: everything around it is silent.
      const spoken = () => dialog.querySelector('[part=announcement]')!.textContent;
      await waitUntil(() => /left/.test(spoken()), 'it is said in the dialog');
      (await seen(warning, 'confirm-button')).click();
      await waitUntil(() => !dialog.open, 'it closes once the service has said so');
      expect(page.element.remainingSeconds).to.be.above(900);
      await page.see('notice');
    });

    it('that comes after the threshold is a banner, and does not break in', async () => {
      backend.setRemaining(59);
      const page = await SessionPage.openRunning(backend, { 'no-warning': '' });
      await page.until(() => page.element.snapshot.warning, 'the threshold was passed');
      const warning = place(add('marketplace-session-warning'));
      await seen(warning, 'warning');
      expect(part(warning, 'dialog')).to.equal(undefined);
    });

    it('says the time where the tag has spoken before', async () => {
      backend.setRemaining(301);
      const page = await SessionPage.openRunning(backend, { 'no-warning': '' });
      await page.press('pause-button');
      await page.press('resume-button');
      await page.until(() => /running/.test(page.announced), 'the tag has spoken');
      const warning = place(add('marketplace-session-warning'));
      await found(warning, page.element);
      backend.setRemaining(299);
      await page.until(() => {
        void page.element.controller.refresh();
        return part(warning, 'warning');
      }, 'the banner is there');
      await page.until(() => page.announced === '5 minutes left. You can add time and stay.', 'it is said');
    });

    it('is not shown where the page cancels it', async () => {
      backend.setRemaining(299);
      const heard = new AbortController();
      document.documentElement.addEventListener('session-warning', (event) => event.preventDefault(), heard);
      const warning = place(add('marketplace-session-warning', {}, document.body));
      const page = await SessionPage.openRunning(backend, { 'no-warning': '' });
      await page.until(() => page.element.snapshot.warning, 'the threshold was passed');
      heard.abort();
      await warning.updateComplete;
      expect(part(warning, 'warning')).to.equal(undefined);
    });
  });

  it('the extend button buys from its own dialog, and the tag tells', async () => {
    const page = await SessionPage.openRunning(backend, { 'no-extend': '' });
    const extend = place(add('marketplace-session-extend'));
    const button = await seen(extend, 'extend-button');
    expect(page.part('extend-button')).to.equal(null);
    expect(part(extend, 'end-button')).to.equal(undefined);
    button.click();
    await seen(extend, 'dialog');
    expect(await axeFaults(extend)).to.deep.equal([]);
    (await seen(extend, 'confirm-button')).click();
    await page.see('notice');
    expect(backend.calls('extend')).to.have.length(1);
    expect(part(extend, 'dialog')).to.equal(undefined);
    await page.element.end();
    await page.see('ended');
    expect(part(extend, 'extend-button')).to.equal(undefined);
  });

  it('the checkout opens from the dialog that asked for it', async () => {
    backend.session = {
      ...backend.session,
      extension_options: [
        { additional_seconds: 900, tokens: null, available: true, money: { amount: 499, currency: 'eur' } },
      ],
    };
    const { session } = backend;
    backend.answers.extend = () => ({
      body: { checkout_url: 'https://checkout.example/pay', session, server_time: Date.now() },
    });
    const page = await SessionPage.openRunning(backend);
    const extend = place(add('marketplace-session-extend'));
    (await seen(extend, 'extend-button')).click();
    (await seen(extend, 'confirm-button')).click();
    await seen(extend, 'pay-link');
    expect(page.dialog.open).to.equal(false);
  });

  it('the connection is told where the piece stands', async () => {
    const page = await SessionPage.openRunning(backend, { 'no-connection': '' });
    const connection = place(add('marketplace-session-connection'));
    await found(connection, page.element);
    await setOnline(false);
    await seen(connection, 'connection');
    expect(textOf(connection, 'connection')).to.equal('You are offline. Your time keeps running.');
    expect(page.part('connection')).to.equal(null);
    expect(connection.matches(':state(offline)')).to.equal(true);
    expect(await axeFaults(connection)).to.deep.equal([]);
  });

  it('what is taken away leaves nothing behind', async () => {
    const page = await SessionPage.openRunning(backend);
    const extend = place(add('marketplace-session-extend'));
    await seen(extend, 'extend-button');
    extend.remove();
    await lost(extend);
    expect(extend.shadowRoot!.querySelector('button')).to.equal(null);
    document.body.append(extend);
    await seen(extend, 'extend-button');
    page.element.remove();
    await lost(extend);
    expect(part(extend, 'extend-button')).to.equal(undefined);
  });
});
