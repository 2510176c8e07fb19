import { expect } from '@open-wc/testing';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

describe('the session token in the address of the page', () => {
  const before = location.href;
  let backend: PageBackend;
  beforeEach(() => (backend = new PageBackend(600)));
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
    history.replaceState(null, '', before);
  });

  /** The address with this query in place of the test's own parameters. */
  const withQuery = (query: string, hash = '') => {
    const url = new URL(before);
    return `${url.pathname}${url.search ? `${url.search}&` : '?'}${query}${hash}`;
  };
  const isIn = (token: string) => location.href.includes(token);

  /** The tag in a page that was opened with a session token. */
  async function openByLink(attributes: Record<string, string> = {}) {
    const { token } = backend;
    history.replaceState(null, '', withQuery(`session=${token}&sig=a%20b&flag`));
    const page = await SessionPage.openRunning(backend, { 'session-token': '', ...attributes });
    expect(isIn(token)).to.equal(false);
    return { page, token };
  }

  const returns: Record<string, (query: string) => void> = {
    'a router that pushes': (query) => history.pushState({ step: 1 }, '', withQuery(query, '#part')),
    'a router that replaces': (query) => history.replaceState({ step: 1 }, '', withQuery(query, '#part')),
  };
  for (const [name, step] of Object.entries(returns))
    it(`is taken out again after ${name} it back, and nothing else is touched`, async () => {
      const { page, token } = await openByLink();
      for (const tab of [1, 2, 3]) {
        step(`tab=${tab}&session=${token}&sig=a%20b&flag`);
        await page.until(() => !isIn(token), 'it is taken out');
        expect(location.href).to.equal(new URL(withQuery(`tab=${tab}&sig=a%20b&flag`, '#part'), before).href);
        expect(history.state).to.deep.equal({ step: 1 });
      }
      expect(page.element.snapshot.state).to.equal('active');
      expect(backend.calls('validate')).to.have.length(1);
    });

  it('is taken out after a step back to where it stood', async () => {
    const { page, token } = await openByLink();
    // Two steps in one breath: the first of them keeps the token.
    history.pushState(null, '', withQuery(`session=${token}`));
    history.pushState(null, '', withQuery('tab=2'));
    history.back();
    await page.until(() => !location.search.includes('tab=2'), 'it has gone back');
    await page.until(() => !isIn(token), 'it is taken out');
  });

  it('is taken out where it comes back before everything is there, and where the session is refused', async () => {
    const { token } = backend;
    backend.answers.validate = () => ({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    history.replaceState(null, '', withQuery(`session=${token}`));
    const page = await SessionPage.open(backend, { 'session-token': '' });
    history.replaceState(null, '', withQuery(`session=${token}&x`));
    await page.see('error');
    await page.until(() => !isIn(token), 'it is taken out');
    expect(location.search.endsWith('x')).to.equal(true);
  });

  it("another value of the parameter is the page's own", async () => {
    const { page, token } = await openByLink();
    history.pushState(null, '', withQuery(`session=7&session=${token}&session=`));
    await page.until(() => !isIn(token), 'it is taken out');
    expect(location.search.endsWith('session=7&session=')).to.equal(true);
  });

  it('that something puts back each time is not fought over in a loop', async () => {
    const { page, token } = await openByLink();
    const { replaceState } = history;
    let calls = 0;
    // A router that insists.
    history.replaceState = function (state: unknown, unused: string, url?: string | URL | null) {
      calls += 1;
      replaceState.call(history, state, unused, url);
      queueMicrotask(() => replaceState.call(history, state, unused, withQuery(`session=${token}`)));
    };
    try {
      history.pushState(null, '', withQuery(`session=${token}`));
      const startedAt = performance.now();
      await page.until(() => calls > 2, 'it is tried again');
      expect(performance.now() - startedAt).to.be.above(900);
    } finally {
      history.replaceState = replaceState;
    }
  });

  it('is nothing to look for once the tag has gone', async () => {
    const { page, token } = await openByLink();
    page.element.remove();
    await page.until(() => page.element.snapshot.state === 'idle', 'all work has ended');
    history.pushState(null, '', withQuery(`session=${token}`));
    await new Promise((resolve) => setTimeout(resolve));
    expect(isIn(token)).to.equal(true);
  });
});
