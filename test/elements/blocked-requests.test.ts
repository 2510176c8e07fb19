// An ad blocker that cuts requests to some paths of the service: the others go on, and the person is told.
import { expect } from '@open-wc/testing';
import { FramedPage } from './framed-page.js';
import { PageBackend } from './page-backend.js';

/** Lets everything through but requests to some paths of the service, as long as the page is cut. */
const cut = (paths: RegExp, random?: number) => (window: Window & typeof globalThis) => {
  const { fetch } = window;
  window.fetch = (input, init) =>
    isCut && paths.test(String(input))
      ? Promise.reject(new TypeError('Failed to fetch'))
      : fetch(input, init);
  if (random !== undefined) window.Math.random = () => random;
};
let isCut: boolean;

describe('where an ad blocker is at work', () => {
  let backend: PageBackend;
  let page: FramedPage;
  beforeEach(() => {
    isCut = true;
    backend = new PageBackend(200);
  });
  afterEach(() => {
    page.close();
    backend.restore();
    sessionStorage.clear();
  });
  const attributes = { 'heartbeat-seconds': '1' };

  it('heartbeats and events are cut: the session goes on, says so, and ends by itself', async () => {
    page = new FramedPage(backend, {
      attributes,
      prepare: cut(/\/(heartbeat|events)$/),
    });
    const codes: string[] = [];
    page.element.addEventListener('session-error', ({ code }) => codes.push(code));
    await page.until(() => page.text.includes('ad blocker'), 'the person is told');
    expect(codes).to.deep.equal(['REQUEST_BLOCKED']);
    // What happens to the session is heard all the same.
    backend.setRemaining(3);
    await page.until(() => page.element.snapshot.state === 'ended', 'it ends');
    expect(backend.calls('complete')).to.have.length(1);
  });

  it('heartbeats are cut, and their tries take long: the person is told after the connection counts as lost', async () => {
    page = new FramedPage(backend, { attributes, prepare: cut(/\/heartbeat$/, 0.99) });
    await page.until(() => page.part('connection'), 'the connection counts as lost');
    await page.until(() => page.part('notice')?.textContent?.includes('ad blocker'), 'the person is told');
  });

  for (const path of ['pause', 'complete']) {
    it(`/${path} is cut: the person is told for as long as it waits`, async () => {
      page = new FramedPage(backend, {
        attributes,
        prepare: cut(new RegExp(`/${path}$`)),
      });
      await page.until(() => page.part('end-button'), 'the buttons are there');
      const done = path === 'pause' ? page.element.pause() : page.element.end();
      await page.until(() => page.part('notice')?.textContent?.includes('ad blocker'), 'the person is told');
      const { snapshot } = page.element;
      expect(snapshot.pending).to.equal(path === 'pause' ? 'pause' : 'end');
      expect(snapshot.error?.code).to.equal('REQUEST_BLOCKED');
      isCut = false;
      await page.element.controller.refresh();
      await done;
      expect(page.element.snapshot.error).to.equal(null);
    });
  }

  it('/complete is cut, and the session is ended in its dialog: that says so, where it can be read', async () => {
    page = new FramedPage(backend, { attributes, prepare: cut(/\/complete$/) });
    await page.until(() => page.part('end-button'), 'the buttons are there');
    page.part('end-button')!.click();
    await page.until(() => page.openDialog, 'it asks');
    page.inDialog('end-button')!.click();
    await page.until(
      () => page.inDialog('message')?.textContent?.includes('ad blocker'),
      'the person is told',
    );
    expect(page.inDialog('end-button')!.textContent).to.equal('One moment…');
    isCut = false;
    await page.element.controller.refresh();
    await page.until(() => page.part('receipt'), 'the bill is there');
  });

  it('/extend is cut: the dialog says so, at each try, and that it may have been the answer alone', async () => {
    page = new FramedPage(backend, { attributes, prepare: cut(/\/extend$/) });
    const codes: string[] = [];
    page.element.addEventListener('session-error', ({ code }) => codes.push(code));
    await page.until(() => page.part('extend-button'), 'the buttons are there');
    page.part('extend-button')!.click();
    for (const count of [1, 2]) {
      await page.until(() => page.inDialog('confirm-button'), 'it can be bought');
      page.inDialog('confirm-button')!.click();
      await page.until(() => codes.length === count && !page.element.snapshot.pending, 'it was refused');
      await page.until(
        () => page.inDialog('message')?.textContent?.includes('ad blocker'),
        'the person is told',
      );
      expect(page.inDialog('message')!.textContent).not.to.include('Nothing was charged');
    }
    expect(codes).to.deep.equal(['REQUEST_BLOCKED', 'REQUEST_BLOCKED']);
    isCut = false;
    page.inDialog('confirm-button')!.click();
    await page.until(() => page.element.remainingSeconds! > 900, 'the time is there');
  });

  it('/events is cut: the session runs, and nobody is told what nobody misses', async () => {
    backend.answers.validate = (asked) => {
      const { body, ...rest } = backend.usual('validate', asked);
      return { ...rest, body: { ...(body as object), capabilities: ['idempotency', 'events'] } };
    };
    let cuts = 0;
    page = new FramedPage(backend, {
      attributes,
      prepare: (window) => {
        cut(/\/events$/)(window);
        const { fetch } = window;
        window.fetch = (input, init) => {
          cuts += Number(String(input).endsWith('/events'));
          return fetch(input, init);
        };
      },
    });
    const codes: string[] = [];
    page.element.addEventListener('session-error', ({ code }) => codes.push(code));
    await page.until(() => cuts > 0, 'it asks for events');
    await page.runWhole();
    expect(codes).to.deep.equal([]);
  });

  it('/validate is cut: the person is told', async () => {
    page = new FramedPage(backend, { attributes, prepare: cut(/\/validate$/) });
    await page.until(() => /cannot be reached/.test(page.text), 'the person is told');
  });
});
