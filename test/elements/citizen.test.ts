import { expect, waitUntil } from '@open-wc/testing';
import { MarketplaceSessionElement } from '../../src/index.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

/** What somebody has added to the window and the document, and not taken away again: listeners and intervals. */
function watchLeftovers(): { names(): string[]; stop(): void } {
  const left = new Map<unknown, string>();
  const watched: unknown[] = [window, document, document.documentElement, document.body];
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const { setInterval, clearInterval } = window;
  const keys = new Map<unknown, Map<string, object>>();
  EventTarget.prototype.addEventListener = function (this: EventTarget, type, listener, options) {
    addEventListener.call(this, type, listener, options);
    if (!watched.includes(this ?? window) || !listener) return;
    const key = {};
    left.set(key, type);
    keys.set(listener, (keys.get(listener) ?? new Map<string, object>()).set(type, key));
    if (typeof options === 'object')
      options.signal && addEventListener.call(options.signal, 'abort', () => left.delete(key));
  };
  EventTarget.prototype.removeEventListener = function (this: EventTarget, type, listener, options) {
    removeEventListener.call(this, type, listener, options);
    left.delete(keys.get(listener)?.get(type));
  };
  window.setInterval = ((...call: Parameters<typeof setInterval>) => {
    const timer = setInterval(...call) as unknown as number;
    left.set(timer, 'interval');
    return timer;
  }) as typeof setInterval;
  window.clearInterval = (timer) => {
    clearInterval(timer);
    left.delete(timer);
  };
  return {
    names: () => [...left.values()],
    stop: () => {
      Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
      Object.assign(window, { setInterval, clearInterval });
    },
  };
}

describe('a good citizen of its page', () => {
  let backend: PageBackend;
  beforeEach(() => (backend = new PageBackend(600)));
  afterEach(() => {
    document.querySelectorAll('[data-mine]').forEach((element) => element.remove());
    backend.restore();
    sessionStorage.clear();
  });

  /** A container of this test. */
  const place = <T extends keyof HTMLElementTagNameMap>(tag: T, html = ''): HTMLElementTagNameMap[T] => {
    const element = document.createElement(tag);
    element.dataset.mine = '';
    element.innerHTML = html;
    return document.body.appendChild(element);
  };
  const markup = (more = '') =>
    `<marketplace-session api-endpoint="${backend.endpoint}" session-token="${backend.token}" ${more}></marketplace-session>`;
  const running = async (element: MarketplaceSessionElement): Promise<SessionPage> => {
    const page = new SessionPage(element);
    await page.see('end-button');
    return page;
  };

  it('keeps its looks and its session in the document of another window, and back', async () => {
    const { element } = await SessionPage.openRunning(backend);
    const frame = place('iframe');
    const display = () => {
      const bar = element.shadowRoot!.querySelector('[part=bar]')!;
      return bar.ownerDocument.defaultView!.getComputedStyle(bar).display;
    };
    const button = () => {
      const end = element.shadowRoot!.querySelector('[part~=end-button]')!;
      return end.ownerDocument.defaultView!.getComputedStyle(end).cursor;
    };
    for (const { body } of [frame.contentDocument!, document]) {
      body.append(element);
      await waitUntil(() => display() === 'flex' && button() === 'pointer', 'it looks as before');
    }
    expect(element.snapshot.state).to.equal('active');
    element.remove();
  });

  it('takes every listener and interval with it when it goes, and none is added by one that only stands there', async () => {
    const leftovers = watchLeftovers();
    try {
      const idle = await SessionPage.open(backend, { 'no-autostart': '' });
      await idle.element.updateComplete;
      expect(leftovers.names()).to.deep.equal([]);
      idle.element.remove();
      backend.setRemaining(59);
      const { element } = await SessionPage.openRunning(backend);
      await waitUntil(() => leftovers.names().length > 5, 'it listens to the page');
      element.remove();
      await waitUntil(() => leftovers.names().length === 0, 'nothing is left');
      document.body.append(element);
      await waitUntil(() => leftovers.names().length > 5, 'it listens again');
      element.remove();
      await waitUntil(() => leftovers.names().length === 0, 'nothing is left again');
    } finally {
      leftovers.stop();
    }
  });

  it('created by script: bare, then set by properties, in any order with being attached', async () => {
    for (const element of [
      document.createElement('marketplace-session'),
      new MarketplaceSessionElement(),
      new MarketplaceSessionElement(),
    ]) {
      expect(element.getAttributeNames()).to.deep.equal([]);
      expect(element.childNodes).to.have.length(0);
    }
    const element = new MarketplaceSessionElement();
    element.sessionToken = backend.token;
    place('div').append(element);
    element.apiEndpoint = backend.endpoint;
    await running(element);
  });

  it('upgraded late, with attributes, properties and children from before', async () => {
    const early = document.createElement('late-session') as MarketplaceSessionElement;
    early.setAttribute('session-token', backend.token);
    early.apiEndpoint = backend.endpoint;
    early.strings = { addTime: 'More!' };
    early.append(Object.assign(document.createElement('b'), { textContent: 'mine' }));
    place('div').append(early);
    customElements.define('late-session', class extends MarketplaceSessionElement {});
    const page = await running(early);
    expect(page.text('extend-button')).to.equal('More!');
    expect(early.querySelector('b')!.checkVisibility()).to.equal(true);
  });

  it('in a template it does nothing; what is cloned from it runs', async () => {
    const template = place('template', markup());
    await new Promise(requestAnimationFrame);
    expect(backend.asked).to.have.length(0);
    const target = place('div');
    target.append(template.content.cloneNode(true));
    await running(target.querySelector('marketplace-session')!);
    const copy = target.querySelector('marketplace-session')!.cloneNode() as MarketplaceSessionElement;
    expect(copy.apiEndpoint).to.equal(backend.endpoint);
  });

  it('in a form it submits nothing, and adds nothing to it', async () => {
    const form = place('form', `${markup()}<input name="own" value="1" />`);
    const submitted: Event[] = [];
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submitted.push(event);
    });
    const page = await running(form.querySelector('marketplace-session')!);
    await page.press('extend-button');
    await page.press('confirm-button');
    await page.see('notice');
    await page.press('end-button');
    page.inDialog('end-button')!.click();
    await page.see('ended');
    expect(submitted).to.have.length(0);
    expect([...new FormData(form).keys()]).to.deep.equal(['own']);
    form.reset();
    expect(page.element.snapshot.state).to.equal('ended');
  });

  it('two on a page keep to themselves, and one that goes leaves the other', async () => {
    const first = await SessionPage.openRunning(backend, { 'application-id': 'app_1' });
    const { fetch: firstFetch } = window;
    const other = new PageBackend(300, { application_id: 'app_2' });
    // It holds when it was made: a second later it is another one.
    const { token } = other;
    // Both are asked by one page: each answers for its own token.
    const { fetch } = window;
    window.fetch = (input, init) => {
      const isOther = String(input).includes(other.sessionId) || String(init?.body).includes(token);
      return isOther ? fetch(input, init) : firstFetch(input, init);
    };
    try {
      const second = await SessionPage.open(other, { 'session-token': token });
      await second.see('end-button');
      expect(first.element.remainingSeconds).to.be.above(500);
      expect(second.element.remainingSeconds).to.be.at.most(300);
      await second.element.pause();
      expect(first.element.snapshot.state).to.equal('active');
      first.element.remove();
      await second.element.resume();
      expect(second.element.snapshot.state).to.equal('active');
    } finally {
      other.restore();
    }
  });

  it('in a frame of its own it runs as in a page', async () => {
    const frame = place('iframe');
    const { contentDocument: inner, contentWindow: view } = frame;
    view!.fetch = window.fetch;
    const script = inner!.createElement('script');
    script.type = 'module';
    script.src = new URL('../../src/index.ts', import.meta.url).href;
    inner!.body.innerHTML = markup();
    inner!.head.append(script);
    const tag = inner!.querySelector('marketplace-session')!;
    await waitUntil(() => tag.shadowRoot?.querySelector('[part~=end-button]'), 'it runs', { timeout: 8000 });
    expect(tag.shadowRoot!.querySelector('[part=time]')!.textContent).to.match(/^(10:00|9:5\d)$/);
    frame.remove();
  });
});
