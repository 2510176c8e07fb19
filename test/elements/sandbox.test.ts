import { expect } from '@open-wc/testing';
import type { MarketplaceSessionElement } from '../../src/index.js';
import '../../src/index.js';
import '../../src/live-help.js';
import { axeFaults } from './axe-faults.js';
import { SessionPage } from './session-page.js';

/** A page with the tag and nothing else: no service is there, nor asked. */
function openPage(attributes: Record<string, string>, before?: () => void): SessionPage {
  const element = document.createElement('marketplace-session') as MarketplaceSessionElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  before?.();
  const main = document.createElement('main');
  main.append(element);
  document.body.append(main);
  return new SessionPage(element);
}

/** What was asked for is done: the news of it may come before the answer, and until then nothing else can be asked. */
const answered = (page: SessionPage) =>
  page.until(() => page.element.snapshot.pending === null, 'the answer is there');

/** What is kept in the page's storages while something is done, even if it is gone again at once. */
async function keptDuring(work: () => Promise<void>): Promise<string[]> {
  const kept: string[] = [];
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (name, value) {
    kept.push(name);
    setItem.call(this, name, value);
  };
  try {
    await work();
  } finally {
    Storage.prototype.setItem = setItem;
  }
  return kept;
}

/** Addresses that leave the page while something is done, those of the page's own files aside. */
async function askedDuring(work: () => Promise<void>): Promise<string[]> {
  const asked: string[] = [];
  const { fetch } = window;
  window.fetch = (input, init) => {
    const address = String(input instanceof Request ? input.url : input);
    // It leads nowhere: no request leaves the page.
    if (!address.startsWith('a:')) asked.push(address);
    return fetch(input, init);
  };
  try {
    await work();
  } finally {
    window.fetch = fetch;
  }
  return asked;
}

describe('The attribute sandbox', () => {
  const pages: SessionPage[] = [];
  const open = (...given: Parameters<typeof openPage>) => {
    const page = openPage(...given);
    pages.push(page);
    return page;
  };
  afterEach(() => {
    for (const { element } of pages.splice(0)) element.closest('main')!.remove();
    history.replaceState(null, '', location.pathname + location.search.replace(/[?&]session=[^&]*/, ''));
  });

  it('sells the page a session that runs, extends, pauses and ends, and asks nobody', async () => {
    const sell = async () => {
      const page = open({ sandbox: 'duration=1200 tokens=500 price=10', 'no-redirect': '' });
      await page.see('end-button');
      await page.until(() => page.text('sandbox') === 'Sandbox', 'its name');
      expect(page.element.controller.session!.id).to.be.a('string');
      expect(page.text('time')).to.match(/^(20:00|19:5\d)$/);
      await page.press('extend-button');
      await page.press('confirm-button');
      await page.until(() => /^(35:00|34:5\d)$/.test(page.text('time')), 'a quarter of an hour more');
      await answered(page);
      await page.press('pause-button');
      await page.until(() => page.element.controller.state === 'paused', 'a pause');
      await answered(page);
      await page.press('end-button');
      (await page.see('dialog')).querySelector<HTMLElement>('[part~="end-button"]')!.click();
      await page.see('receipt');
      expect(page.part('sandbox'), 'it says so at the end too').to.not.equal(null);
      expect(page.element.controller.session!.tokens_allocated).to.equal(200 + 150);
    };
    let kept: string[] = [];
    const asked = await askedDuring(async () => {
      kept = await keptDuring(sell);
    });
    expect(asked).to.deep.equal([]);
    expect(kept, 'a reload goes on with none of it').to.deep.equal([]);
  });

  it('tells of the last warning, with prices of its wallet', async () => {
    const page = open({ sandbox: 'duration=50 tokens=160', 'warning-seconds': '45' });
    await page.see('dialog');
    expect([...page.dialog.querySelectorAll('[part~="option"]')].length).to.equal(3);
    expect(page.dialog.querySelectorAll('[part~="unavailable-option"]').length).to.equal(2);
    expect(await axeFaults(page.element)).to.deep.equal([]);
  });

  it('speaks the language of its place', async () => {
    const page = open({ sandbox: '', lang: 'de' });
    await page.see('end-button');
    await page.until(() => page.text('sandbox') === 'Testumgebung', 'its German name');
  });

  it('is what a tag without it says nothing of', async () => {
    const page = open({ 'api-endpoint': 'http://localhost:9/api/v1' });
    await page.see('error');
    expect(page.element.shadowRoot!.querySelector('[part~="sandbox"]')).to.equal(null);
  });

  const refusals: [string, Record<string, string>, (() => void)?][] = [
    ['beside the address of a service', { sandbox: '', 'api-endpoint': 'https://market.example/api/v1' }],
    ['beside a session token', { sandbox: '', 'session-token': 'eyJ.eyJ.sig' }],
    [
      'with a session token in the address',
      { sandbox: '' },
      () => history.replaceState(null, '', `${location.href}${location.search ? '&' : '?'}session=a.b.c`),
    ],
    ['with words that say nothing', { sandbox: 'minutes=5' }],
    ['with too much of something', { sandbox: 'duration=999999' }],
  ];
  for (const [when, attributes, before] of refusals)
    it(`is refused ${when}, with a code`, async () => {
      const asked = await askedDuring(async () => {
        const page = open(attributes, before);
        await page.see('error');
        expect(page.element.snapshot.error!.code).to.equal('SANDBOX_REFUSED');
        expect(page.element.snapshot.error!.message).to.match(/^The sandbox is refused: /);
      });
      expect(asked).to.deep.equal([]);
      expect(location.search).to.not.contain('session=');
    });

  it('works with an endpoint of this machine, where nobody is asked either', async () => {
    const asked = await askedDuring(async () => {
      const page = open({ sandbox: '', 'api-endpoint': 'http://localhost:9/api/v1' });
      await page.see('end-button');
    });
    expect(asked).to.deep.equal([]);
  });

  it('has a chat that writes to nobody', async () => {
    const page = open({ sandbox: '', id: 'work' });
    const chat = document.createElement('marketplace-session-chat');
    page.element.append(chat);
    await page.see('end-button');
    await page.until(() => chat.shadowRoot?.querySelector('textarea'), 'a chat');
    const input = chat.shadowRoot!.querySelector('textarea')!;
    input.value = 'Hello';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    chat.shadowRoot!.querySelector<HTMLElement>('button')!.click();
    await page.until(() => chat.shadowRoot!.textContent!.includes('Hello'), 'the message');
  });
});
