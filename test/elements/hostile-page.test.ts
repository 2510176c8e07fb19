// Pages that make it hard: the whole session runs in each, or says in words why not; nothing hangs, loops or is silent.
import { expect } from '@open-wc/testing';
import { FramedPage, scriptAddress } from './framed-page.js';
import { PageBackend } from './page-backend.js';

type PageWindow = Window & typeof globalThis;

const never = () => new Promise<never>(() => {});
const refuse = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
const insecure = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
}

function replaceGetter(target: object, name: string, get: () => unknown): void {
  Object.defineProperty(target, name, { configurable: true, get });
}

/** What the browser keeps for pages without https. */
function withoutSecureContext({ crypto, navigator }: PageWindow): void {
  for (const name of ['randomUUID', 'subtle']) replace(crypto, name, undefined);
  for (const name of ['locks', 'permissions', 'storage']) replace(navigator, name, undefined);
}

/** Lets a page's own requests through, and hands those to the service to `hear`. */
function wrapFetch(
  window: PageWindow,
  hear: (url: string, pass: () => Promise<Response>) => Promise<Response>,
) {
  const { fetch } = window;
  window.fetch = (input, init) => hear(String(input), () => fetch(input, init));
}

const style = (css: string) => (window: PageWindow) =>
  window.document.head.append(Object.assign(window.document.createElement('style'), { textContent: css }));

/** Puts timers that never fire and clocks that stand still in place of the page's own. */
function freezeTime(window: PageWindow): void {
  const at = Date.now();
  const FrozenDate = class extends window.Date {
    static override now = () => at;
    constructor(...given: []) {
      super(...((given.length ? given : [at]) as []));
    }
  };
  replace(window, 'Date', FrozenDate);
  replace(window.performance, 'now', () => 0);
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback'])
    replace(window, name, () => 0);
  for (const name of ['clearTimeout', 'clearInterval', 'queueMicrotask']) replace(window, name, () => {});
}

/** A page in which the whole session runs. */
const pages: Record<string, (window: PageWindow) => void> = {
  'without https': withoutSecureContext,
  'whose storage throws': (window) => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      replaceGetter(window, name, insecure);
  },
  'whose storage throws at each call': (window) => {
    const { prototype } = window.Storage;
    for (const name of ['getItem', 'setItem', 'removeItem'] as const) replace(prototype, name, insecure);
    replace(window.IDBFactory.prototype, 'open', insecure);
  },
  'whose storage keeps nothing, and which has no locks': (window) => {
    replace(window.Storage.prototype, 'getItem', () => null);
    replace(window.Storage.prototype, 'setItem', () => {});
    replace(window.navigator, 'locks', undefined);
  },
  'whose locks are refused': ({ navigator }) =>
    replace(navigator, 'locks', { request: refuse, query: refuse }),
  'whose locks throw': ({ navigator }) => replace(navigator, 'locks', { request: insecure, query: insecure }),
  'whose locks never answer': ({ navigator }) =>
    replace(navigator, 'locks', { request: never, query: never }),
  'whose line to other tabs is forbidden': (window) => {
    replace(window, 'BroadcastChannel', function () {
      insecure();
    });
  },
  'whose line to other tabs opens, and takes no word': (window) =>
    replace(window.BroadcastChannel.prototype, 'postMessage', insecure),
  'that believes to be offline': ({ navigator }) => replaceGetter(navigator, 'onLine', () => false),
  'that is never idle': (window) => replace(window, 'requestIdleCallback', () => 0),
  'whose frames take long': (window) => {
    const work = () => {
      const until = performance.now() + 24;
      while (performance.now() < until);
      window.requestAnimationFrame(work);
    };
    window.requestAnimationFrame(work);
  },
  'that wraps fetch, and forgets the signal': (window) => {
    const { fetch } = window;
    window.fetch = async (input, init) => (await fetch(input, { ...init, signal: null })).clone();
  },
  'whose history throws': ({ history }) => {
    for (const name of ['replaceState', 'pushState']) replace(history, name, insecure);
  },
  'whose prototypes have members that are enumerable': (window) => {
    const { Object: ItsObject, Array: ItsArray, String: ItsString } = window;
    for (const prototype of [ItsObject.prototype, ItsArray.prototype, ItsString.prototype])
      Object.defineProperty(prototype, 'extra', { configurable: true, enumerable: true, value: () => 1 });
  },
  'with translators at work on every text': (window) => {
    const { document, MutationObserver, NodeFilter } = window;
    const done = new WeakSet<Node>();
    const translate = (root: Node) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts.filter((one) => !done.has(one) && one.data.trim())) {
        done.add(text);
        const font = document.createElement('font');
        text.replaceWith(font);
        font.append(text);
      }
    };
    const observe = (root: Node) =>
      new MutationObserver(() => translate(root)).observe(root, { childList: true, subtree: true });
    const { attachShadow } = window.Element.prototype;
    window.Element.prototype.attachShadow = function (init) {
      const root = attachShadow.call(this, init);
      observe(root);
      return root;
    };
    observe(document);
  },
  'with styles of its own on everything': style(
    '* { all: initial } body { pointer-events: none; visibility: hidden }',
  ),
};

/** Where nobody sees the tag, the session runs. */
const places: Record<string, (ancestor: HTMLElement) => void> = {
  inert: (ancestor) => (ancestor.inert = true),
  hidden: (ancestor) => (ancestor.hidden = true),
  'not drawn': (ancestor) => (ancestor.style.display = 'none'),
  'skipped by content-visibility': (ancestor) => ancestor.style.setProperty('content-visibility', 'hidden'),
  transparent: (ancestor) => (ancestor.style.opacity = '0'),
};

describe('in a page', () => {
  let backend: PageBackend;
  let page: FramedPage;
  beforeEach(() => (backend = new PageBackend(200)));
  afterEach(() => {
    page.close();
    backend.restore();
    sessionStorage.clear();
    localStorage.clear();
  });
  const attributes = { 'heartbeat-seconds': '1' };

  for (const [name, prepare] of Object.entries(pages)) {
    it(`${name} the whole session runs`, async () => {
      page = new FramedPage(backend, { attributes, prepare });
      await page.runWhole();
      expect(page.faults).to.deep.equal([]);
    });
  }

  for (const [name, hide] of Object.entries(places)) {
    it(`in which an ancestor is ${name} the whole session runs, and blocks nothing`, async () => {
      const place = (document: Document) => {
        const ancestor = document.body.appendChild(document.createElement('div'));
        hide(ancestor);
        return ancestor;
      };
      page = new FramedPage(backend, { attributes, place });
      await page.runWhole();
    });
  }

  it('whose router writes the session token back into the address the whole session runs, and each time it is taken out', async () => {
    const { token } = backend;
    let written = 0;
    page = await FramedPage.at(`?tab=0&session=${token}`, backend, {
      attributes: { ...attributes, 'session-token': '' },
    });
    const { history, location } = page.window;
    const route = setInterval(() => {
      if (location.search.includes(token)) return;
      written += 1;
      history.pushState(null, '', `?tab=${written}&session=${token}`);
    }, 50);
    try {
      await page.until(() => written > 2, 'it is taken out as often as it is written');
      await page.runWhole();
    } finally {
      clearInterval(route);
    }
    await page.until(() => location.search === `?tab=${written}`, 'it is taken out');
    expect(page.faults).to.deep.equal([]);
  });

  it('that nobody looks at it wakes for what is due, not each second', async () => {
    let fired = 0;
    let isHidden = false;
    page = new FramedPage(backend, {
      // A loss of the connection would be counted down, and the last warning asks in a dialog that is looked after.
      attributes: { 'warning-seconds': '250 199' },
      prepare: (window) => {
        const { setTimeout, document } = window;
        replace(window, 'setTimeout', (callback: () => void, delayMs: number) =>
          setTimeout(() => {
            fired += 1;
            callback();
          }, delayMs),
        );
        replaceGetter(document, 'visibilityState', () => (isHidden ? 'hidden' : 'visible'));
      },
    });
    const { document } = page.window;
    await page.until(() => page.openDialog, 'the dialog is open');
    isHidden = true;
    document.dispatchEvent(new page.window.Event('visibilitychange'));
    const from = page.element.remainingSeconds!;
    // The tick that was under way, and no more.
    await page.until(() => page.element.remainingSeconds! < from - 1, 'a second is over');
    fired = 0;
    await page.until(() => page.element.remainingSeconds! < from - 7, 'six seconds are over');
    expect(fired).to.be.at.most(3);
    isHidden = false;
    document.dispatchEvent(new page.window.Event('visibilitychange'));
    expect(page.text).to.include(page.element.controller.remainingText);
  });

  it('whose timers and clocks are taken away once the time runs, as by a test library, the whole session runs', async () => {
    page = new FramedPage(backend, { attributes });
    await page.until(() => page.element.snapshot?.state === 'active', 'it runs');
    freezeTime(page.window);
    const before = page.element.remainingSeconds!;
    await page.until(() => page.element.remainingSeconds! < before - 1, 'the time goes on');
    await page.runWhole();
    expect(page.faults).to.deep.equal([]);
  });

  it('whose keys never answer a bound session runs', async () => {
    const claims = { dpop_bound: true };
    page = new FramedPage(backend, {
      attributes: { ...attributes, 'session-token': backend.tokenWith({ claims }) },
      prepare: (window) => replace(window.IDBFactory.prototype, 'open', () => ({})),
    });
    await page.runWhole();
  });

  it('whose cryptography never answers a bound session runs', async () => {
    const claims = { dpop_bound: true };
    page = new FramedPage(backend, {
      attributes: { ...attributes, 'session-token': backend.tokenWith({ claims }) },
      prepare: ({ crypto }) =>
        replace(crypto, 'subtle', { generateKey: never, exportKey: never, sign: never, digest: never }),
    });
    await page.runWhole();
  });

  it('without https a session whose token is to be verified says in words why not', async () => {
    page = new FramedPage(backend, {
      attributes: { 'jwks-uri': 'https://market.example/jwks.json' },
      prepare: (window) => {
        withoutSecureContext(window);
        wrapFetch(window, (url, pass) =>
          url.endsWith('jwks.json')
            ? Promise.resolve(
                Response.json({ keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'a', kid: 'key_1' }] }),
              )
            : pass(),
        );
      },
    });
    await page.until(() => page.part('error-text'), 'it says so');
    expect(page.element.snapshot.error!.code).to.equal('CONFIGURATION_INVALID');
  });

  it('whose script stands there twice, under two addresses, one session runs', async () => {
    page = new FramedPage(backend, { attributes });
    page.load(`${scriptAddress()}?v=2`);
    page.load(scriptAddress());
    await page.runWhole();
    expect(backend.calls('validate')).to.have.length(1);
    expect(backend.calls('complete')).to.have.length(1);
  });
});
