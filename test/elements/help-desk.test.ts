import { expect, waitUntil } from '@open-wc/testing';
import type { MarketplaceDeskEventMap, MarketplaceHelperDeskElement } from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadDeskWords } from '../../src/elements/help/desk/words/load.js';
import { axeFaults } from './axe-faults.js';
import { endpoint, HelpDeskBackend, tokenUrl } from './help-desk-backend.js';

interface Manifest {
  modules: {
    declarations: { tagName: string; cssParts: { name: string }[]; cssStates: { name: string }[] }[];
  }[];
}

const pageFetch = window.fetch.bind(window);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('marketplace-helper-desk', () => {
  let backend: HelpDeskBackend;
  let element: MarketplaceHelperDeskElement;
  const heardOf = new AbortController();

  beforeEach(() => (backend = new HelpDeskBackend()));
  afterEach(async () => {
    for (const desk of document.querySelectorAll('marketplace-helper-desk')) desk.remove();
    await pause(20);
    expect(backend.streams, 'streams that are open').to.equal(0);
    backend.restore();
    document.documentElement.removeAttribute('lang');
    localStorage.clear();
  });
  after(() => heardOf.abort());

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const part = <T extends HTMLElement = HTMLElement>(name: string) => parts(name)[0] as T | undefined;
  const textOf = (name: string) => part(name)?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
  const seen = async (name: string) => {
    await until(() => part(name), `${name} is seen`);
    return part(name)!;
  };
  const press = async (name: string) => (await seen(name)).click();
  const said = (text: string | RegExp) =>
    until(() => textOf('announcement').match(text), `it is said: ${String(text)}`);
  const choice = (value: string) =>
    element.shadowRoot!.querySelector<HTMLInputElement>(`input[value=${value}]`)!;
  function told<T extends keyof MarketplaceDeskEventMap>(type: T): MarketplaceDeskEventMap[T][] {
    const events: MarketplaceDeskEventMap[T][] = [];
    element.addEventListener(type, (event) => events.push(event as MarketplaceDeskEventMap[T]));
    return events;
  }

  function add(attributes: Record<string, string> = {}): MarketplaceHelperDeskElement {
    element = document.createElement('marketplace-helper-desk');
    const all = { 'server-url': endpoint, 'access-token-url': tokenUrl, 'helper-id': 'maria', ...attributes };
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    (document.querySelector('main') ?? document.body).append(element);
    return element;
  }
  async function open(attributes: Record<string, string> = {}): Promise<void> {
    add(attributes);
    await seen('availability');
  }

  it('finds by the access token whose desk it is, and shows what is offered, oldest first', async () => {
    backend.offer({ created_at: 2000 });
    backend.offer({ created_at: 1000, tokens: 0, category_id: 'odd' });
    backend.offer({ created_at: 3000, tokens: null, amount: 2500, currency: 'eur' });
    add();
    element.removeAttribute('helper-id');
    await until(() => parts('request').length === 3, 'all are there');
    await until(() => part('request-description'), 'they are read');
    expect(element.matches(':state(connected)') && element.matches(':state(available)')).to.equal(true);
    await until(() => parts('request-name')[1]!.textContent === 'A leak', 'the category has its name');
    expect(parts('request-name').map(({ textContent }) => textContent)).to.deep.equal([
      'odd',
      'A leak',
      'A leak',
    ]);
    expect(parts('request-text')[0]!.textContent).to.match(/free of charge/);
    expect(parts('request-text')[1]!.textContent).to.match(/30 minutes, 300 tokens/);
    expect(parts('request-text')[2]!.textContent).to.match(/30 minutes, €25/);
    expect(parts('claim-button')[1]!.getAttribute('aria-label')).to.equal('Accept: A leak');
    expect(part('request-description')!.textContent).to.match(/^It drips/);
  });

  it('shows an offer as it comes, says so once for all that come together, and tells the page ids alone', async () => {
    await open();
    expect(textOf('desk-text')).to.match(/^Nobody needs help just now/);
    const received = told('offer-received');
    backend.offer();
    backend.offer();
    await said('New requests for help: 2.');
    expect(received.map(({ requestId }) => requestId)).to.deep.equal(['request-1', 'request-2']);
    // The same once more.
    backend.tell(backend.requests.get('request-1')!);
    await pause(50);
    expect(received).to.have.length(2);
    expect(JSON.stringify(received)).to.not.contain('drips');
  });

  it('accepts one: it is the helper’s once the service says so, with the time to join, and the focus goes along', async () => {
    await open({ 'session-url': '/room/{session_id}' });
    // Far from the device's clock.
    backend.aheadMs = 3_600_000;
    const { id } = backend.offer();
    const claimed = told('offer-claimed');
    (await seen('claim-button')).focus();
    part('claim-button')!.click();
    await seen('own-requests');
    await until(() => claimed.length === 1, 'the page is told');
    expect(claimed[0]!.requestId).to.equal(id);
    expect(claimed[0]!.sessionId).to.equal(`session-of-${id}`);
    expect(textOf('request-time')).to.match(/^Join within (2:00|1:5\d), or somebody else is asked\./);
    expect(part('offers')).to.equal(undefined);
    expect(textOf('desk-text')).to.equal('You have as many requests as you take at a time.');
    const join = part<HTMLAnchorElement>('join-button')!;
    expect(join.getAttribute('href')).to.equal(`/room/session-of-${id}`);
    await until(() => element.shadowRoot!.activeElement === join, 'the focus is there');
    await said('The request is yours.');
    const before = textOf('request-time');
    await until(() => textOf('request-time') !== before, 'the time runs');
    expect(element.matches(':state(busy)')).to.equal(true);
  });

  it('Join asks the page first, and opens no address that is none of the web', async () => {
    await open({ 'session-url': 'javascript:alert("{session_id}")' });
    backend.offer({ status: 'claimed', offer: 'accepted', session_id: 's/1', due_at: 1 });
    const asked = told('join-requested');
    await press('join-button');
    expect(part('join-button')!.localName).to.equal('button');
    // Long due and still the helper's: he is there, and the customer is waited for.
    expect(textOf('request-time')).to.match(/^The customer is not there yet\./);
    element.sessionUrl = 'https://app.example/{session_id}';
    await until(() => part('join-button')!.localName === 'a', 'it is a link');
    expect(part<HTMLAnchorElement>('join-button')!.href).to.equal('https://app.example/s%2F1');
    element.addEventListener('join-requested', (event) => event.preventDefault());
    let wasOpened: boolean | undefined;
    element.addEventListener('click', (event) => (wasOpened = !event.defaultPrevented));
    part('join-button')!.click();
    expect(asked.map(({ sessionId, cancelable }) => [sessionId, cancelable])).to.deep.equal([
      ['s/1', true],
      ['s/1', true],
    ]);
    expect(wasOpened).to.equal(false);
  });

  it('is told kindly that somebody was faster, and the place stays for a moment', async () => {
    await open();
    const { id } = backend.offer();
    backend.offer();
    await seen('claim-button');
    backend.reply = ({ path }) =>
      path.endsWith('/claim') ? { status: 409, body: { code: 'REQUEST_TAKEN' } } : undefined;
    await press('claim-button');
    await said('Somebody was faster. You are still available.');
    backend.change(id, { status: 'claimed', offer: 'withdrawn' });
    await seen('gone-request');
    expect(parts('request')).to.have.length(2);
    expect(textOf('request-message')).to.equal('Somebody was faster. You are still available.');
    expect(parts('claim-button')).to.have.length(1);
    backend.turn({ availability: 'away' });
    await until(() => textOf('request-message') === 'Somebody was faster.', 'that is no longer so');
  });

  it('says why something was refused, in words of its own', async () => {
    await open();
    backend.offer();
    const cases: [string, RegExp][] = [
      ['REQUEST_EXPIRED', /It has waited too long/],
      ['REQUEST_CANCELLED', /The customer no longer needs help/],
      ['NOT_OFFERED', /It is no longer open/],
      ['HELPER_BUSY', /You have as many requests/],
      ['HELPER_UNAVAILABLE', /You are offline/],
      ['RATE_LIMITED', /That did not work/],
    ];
    for (const [code, text] of cases) {
      backend.reply = ({ path }) => (path.endsWith('/claim') ? { status: 409, body: { code } } : undefined);
      await press('claim-button');
      await until(() => text.test(textOf('request-message')), code);
      await said(text);
    }
    backend.reply = ({ path }) => (path.endsWith('/claim') ? 'lost' : undefined);
    await press('claim-button');
    await said(/The service was not reached/);
  });

  it('does one thing at a time: a double press asks once', async () => {
    await open();
    backend.offer();
    let answer = () => {};
    backend.reply = async ({ path }) => {
      if (path.endsWith('/claim')) await new Promise<void>((resolve) => (answer = resolve));
      return undefined;
    };
    await press('claim-button');
    await until(() => part('claim-button')?.ariaDisabled === 'true', 'it is busy');
    await press('claim-button');
    await press('decline-button');
    answer();
    await seen('own-requests');
    expect(backend.calls('/claim')).to.have.length(1);
    expect(backend.calls('/decline')).to.have.length(0);
  });

  it('declines, gives back, starts and is done; a customer who is not there is told', async () => {
    await open();
    backend.offer();
    await press('decline-button');
    await said('Declined.');
    await until(() => parts('request').length === 0, 'it is gone without a trace');
    backend.offer();
    await press('claim-button');
    await press('withdraw-button');
    await said('Given back.');
    await until(() => parts('request').length === 0, 'it is gone');
    const { id } = backend.offer();
    await press('claim-button');
    backend.reply = ({ path }) =>
      path.endsWith('/start') ? { status: 409, body: { code: 'CUSTOMER_ABSENT' } } : undefined;
    await press('start-button');
    await said(/The customer is not there yet\./);
    backend.reply = () => undefined;
    await press('start-button');
    await seen('in_progress-request');
    expect(textOf('request-time')).to.equal('The talk is running.');
    // By a backend that asks for no outcome.
    backend.change(id, { status: 'completed', outcome: undefined as never });
    await until(() => textOf('request-message') === 'The talk is over.', 'it is over');
    await said('The talk is over.');
    await press('dismiss-button');
    await until(() => !part('request'), 'it is put away');
  });

  it('asks how a talk ended, also at a desk that is opened later, until it is said anywhere', async () => {
    await open();
    const talk = { status: 'in_progress', offer: 'accepted', session_id: 's' } as const;
    const { id } = backend.offer(talk);
    const other = backend.offer(talk);
    await seen('in_progress-request');
    backend.change(id, { status: 'completed' });
    await said('The talk is over.');
    await seen('outcome-form');
    element.remove();
    await pause(20);
    await open();
    const submitted = told('outcome-submitted');
    await press('submit-button');
    await seen('missing-choice');
    choice('in_person').click();
    const notes = (await seen('notes-field')) as HTMLTextAreaElement;
    notes.value = 'A new seal.';
    notes.dispatchEvent(new Event('input'));
    // The stream tells before the answer comes, and what was said is kept over a failure.
    backend.reply = ({ path }) => (path.endsWith('/outcome') ? 'lost' : undefined);
    await press('submit-button');
    await until(() => /What you wrote is still there/.test(textOf('trouble')), 'it is told');
    backend.reply = async (asked) => {
      if (!asked.path.endsWith('/outcome')) return undefined;
      backend.change(id, { outcome: 'in_person' });
      await pause(50);
      return { body: { ...backend.requests.get(id)! } };
    };
    part('submit-button')!.focus();
    await press('submit-button');
    await until(() => !part('completed-request'), 'it is done');
    await said('It is saved');
    expect(submitted.map(({ requestId, outcome }) => [requestId, outcome])).to.deep.equal([
      [id, 'in_person'],
    ]);
    expect(backend.calls('/outcome').at(-1)!.body).to.deep.equal({
      outcome: 'in_person',
      notes: 'A new seal.',
    });
    expect(element.shadowRoot!.activeElement).to.equal(part('desk-title'));
    // Said in another tab.
    backend.change(other.id, { status: 'completed' });
    await seen('outcome-form');
    backend.change(other.id, { outcome: 'resolved' });
    await until(() => !part('request'), 'it is asked no more');
  });

  it('says how an own request went: late, cancelled, or the customer did not come', async () => {
    await open();
    const own = () => backend.offer({ status: 'claimed', offer: 'accepted', session_id: 's' });
    const { id } = own();
    await seen('join-button');
    backend.change(id, { status: 'open', offer: 'missed', session_id: null });
    await said(/You did not join in time/);
    await press('dismiss-button');
    const { id: absent } = own();
    await seen('join-button');
    backend.reply = ({ path }) =>
      path.endsWith(absent) ? { body: { description: null, reason: 'customer_absent' } } : undefined;
    backend.change(absent, { status: 'cancelled' });
    await until(() => /^The customer did not come/.test(textOf('request-message')), 'it is said why');
  });

  it('the switch says what it means, follows every tab, and goes back where it was refused', async () => {
    await open();
    const turned = told('availability-changed');
    choice('away').click();
    await until(() => /only when nobody else is free/.test(textOf('availability-text')), 'it says so');
    await until(() => element.matches(':state(away)'), 'it is away');
    expect(backend.calls('/availability').map(({ body }) => body)).to.deep.equal([{ availability: 'away' }]);
    // By another tab.
    backend.turn({ availability: 'offline' });
    await until(() => choice('offline').checked, 'the choice follows');
    expect(turned.map(({ availability }) => availability)).to.deep.equal(['away', 'offline']);
    backend.reply = ({ path }) =>
      path.endsWith('/availability') ? { status: 500, body: { code: 'SERVICE_ERROR' } } : undefined;
    choice('available').click();
    await said(/That did not work/);
    await until(() => choice('offline').checked, 'it is where it was');
    // Fast hands: the last one counts.
    backend.reply = () => undefined;
    for (const value of ['away', 'available', 'away', 'available']) choice(value).click();
    await until(() => backend.helper.availability === 'available', 'it is the last one');
    await pause(50);
    expect(backend.helper.availability).to.equal('available');
    expect(choice('available').checked).to.equal(true);
  });

  it('says that the service has set it to away, and since when; not where the helper did', async () => {
    await open();
    backend.notify('set_away', null);
    backend.turn({ availability: 'away' });
    await until(() => /^You were set to away at/.test(textOf('set-away')), 'it is said');
    await said(/You were set to away at/);
    choice('available').click();
    await until(() => !part('set-away'), 'it is so no more');
    choice('away').click();
    await until(() => element.matches(':state(away)'), 'it is away');
    await pause(100);
    expect(part('set-away')).to.equal(undefined);
  });

  it('without a connection it says so, and nothing that may be old can be pressed; it comes back by itself', async () => {
    await open();
    const { id } = backend.offer();
    await seen('claim-button');
    backend.isCut = true;
    backend.cut();
    await until(() => part('claim-button')!.ariaDisabled === 'true', 'nothing can be accepted');
    expect(element.matches(':state(disconnected)')).to.equal(true);
    part('claim-button')!.click();
    choice('away').click();
    await seen('desk-notice');
    await said(/No connection/);
    expect(choice('available').checked).to.equal(true);
    // Somebody else takes it meanwhile, and another one comes.
    backend.requests.set(id, {
      ...backend.requests.get(id)!,
      version: 2,
      status: 'claimed',
      offer: 'withdrawn',
    });
    backend.offer();
    backend.isCut = false;
    await press('try-now-button');
    await until(() => parts('claim-button').length === 1 && part('gone-request'), 'it is as it is');
    expect(textOf('request-message')).to.match(/^It is no longer open/);
    await until(() => !part('desk-notice'), 'nothing is said any more');
    await said('Connected again.');
    expect(backend.calls('/claim')).to.have.length(0);
    expect(backend.calls('/availability')).to.have.length(0);
  });

  it('who is signed in no more is told, and can try again', async () => {
    backend.reply = ({ path }) => (path.endsWith(tokenUrl) ? { status: 401, body: {} } : undefined);
    add();
    await until(() => /Please sign in again/.test(textOf('notice-text')), 'it is said');
    backend.reply = () => undefined;
    await press('try-now-button');
    await seen('availability');
    expect(part('desk-notice')).to.equal(undefined);
  });

  it('an address that is none is told, and throws at nobody', async () => {
    add({ 'server-url': 'http://market.example/api' });
    await until(() => /cannot be opened/.test(textOf('notice-text')), 'it is said');
    element.serverUrl = endpoint;
    await seen('availability');
  });

  it('passes over what is no frame, and what is older than what it knows', async () => {
    await open();
    const { id } = backend.offer();
    const before = backend.requests.get(id)!;
    await press('claim-button');
    await seen('own-requests');
    backend.send({ type: 'desk.snapshot', helper: null, requests: [null], server_time: 1 });
    backend.send({ type: 'help_request.changed', request: { id: 7 }, server_time: 'x' });
    backend.tell(before);
    await pause(50);
    expect(parts('claim-button')).to.have.length(0);
    expect(parts('join-button')).to.have.length(1);
  });

  it('lets go when it is removed, and hears anew where it is put back; a move costs nothing', async () => {
    await open();
    const place = element.parentElement!;
    place.append(element);
    await pause(50);
    expect(backend.calls('/events')).to.have.length(1);
    element.remove();
    await until(() => backend.streams === 0, 'nobody listens');
    place.append(element);
    await until(() => backend.streams === 1, 'it listens again');
  });

  it('two of one page share one stream, and show the same', async () => {
    await open();
    const first = element;
    await open();
    expect(backend.streams).to.equal(1);
    backend.offer();
    await until(
      () => [first, element].every(({ shadowRoot }) => shadowRoot!.querySelector('[part~=claim-button]')),
      'both show it',
    );
    first.remove();
    await pause(30);
    expect(backend.streams).to.equal(1);
  });

  it('speaks the language around it, in its direction, in words of the page, and fits into 320 px', async () => {
    document.documentElement.lang = 'ar';
    backend.offer();
    await open();
    await until(() => textOf('claim-button') === 'قبول', 'Arabic');
    expect(part('session')!.dir).to.equal('rtl');
    element.strings = { actions: { claim: 'Los' } };
    await until(() => textOf('claim-button') === 'Los', 'words of the page');
    document.documentElement.lang = 'de';
    element.style.width = '320px';
    await until(() => textOf('decline-button') === 'Ablehnen', 'German');
    expect(part('desk')!.scrollWidth).to.be.at.most(320);
    for (const name of ['claim-button', 'decline-button'])
      expect(part(name)!.getBoundingClientRect().right).to.be.at.most(element.getBoundingClientRect().right);
  });

  it('has every word in every language', async () => {
    const keys = (of: object): string[] =>
      Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'object') return keys(value as object).map((key) => `${name}.${key}`);
        expect(value, name).to.be.a('string').and.not.equal('');
        return `${name} ${(String(value).match(/{\w+}/g) ?? []).sort().join(' ')}`;
      });
    const english = keys((await loadDeskWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadDeskWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words), code).to.deep.equal(english);
    }
  });

  it('draws every part and state that custom-elements.json names, and no other; axe finds nothing in any', async function () {
    this.timeout(120_000);
    const manifest = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts, cssStates } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-helper-desk')!;
    const names = new Set<string>();
    const states = new Set<string>();
    const look = async () => {
      await element.updateComplete;
      for (const drawn of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of drawn.getAttribute('part')!.trim().split(/\s+/)) names.add(name);
      for (const { name } of cssStates) if (element.matches(`:state(${name})`)) states.add(name);
      expect(await axeFaults(element)).to.deep.equal([]);
    };
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    backend.reply = async ({ path }) => {
      if (path.endsWith('/events')) await answered;
      return undefined;
    };
    add();
    await seen('desk-text');
    await look();
    answer();
    await seen('availability');
    await look();
    for (const availability of ['away', 'offline'] as const) {
      backend.notify('set_away', null);
      backend.turn({ availability });
      await until(() => element.matches(`:state(${availability})`), availability);
      await pause(50);
      await look();
    }
    backend.turn({ availability: 'available', max_concurrent: 2 });
    const { id } = backend.offer();
    backend.offer();
    await until(() => parts('request-description').length === 2, 'they are read');
    await press('claim-button');
    await seen('join-button');
    await look();
    backend.change(id, { status: 'in_progress' });
    await seen('in_progress-request');
    backend.turn({ active_count: 2 });
    await look();
    backend.change(id, { status: 'completed' });
    await seen('outcome-form');
    await look();
    await press('submit-button');
    await seen('missing-choice');
    await look();
    choice('resolved').click();
    await look();
    backend.reply = ({ path }) =>
      path.endsWith('/outcome') ? { status: 404, body: { code: 'SESSION_NOT_FOUND' } } : undefined;
    await press('submit-button');
    await seen('reference');
    await look();
    // Another tab was faster, and said something else.
    backend.reply = ({ method, path }) => {
      if (path.endsWith('/outcome')) return { status: 409, body: { code: 'OUTCOME_GIVEN' } };
      if (method === 'GET' && path.endsWith(id))
        return { body: { ...backend.requests.get(id)!, outcome: 'unresolved', notes: 'A new seal.' } };
      return undefined;
    };
    await press('submit-button');
    await seen('given-outcome');
    await look();
    backend.reply = ({ method, path }) => (method === 'GET' && path.endsWith(id) ? 'lost' : undefined);
    element.remove();
    await pause(20);
    add();
    await seen('retry-button');
    await look();
    backend.reply = () => undefined;
    const { id: gone } = backend.offer({ status: 'claimed', offer: 'accepted', session_id: 's' });
    await seen('withdraw-button');
    backend.change(gone, { status: 'cancelled' });
    await seen('dismiss-button');
    backend.isCut = true;
    backend.cut();
    await seen('try-now-button');
    element.theme = 'dark';
    await look();
    expect([...names].filter(Boolean).sort()).to.deep.equal(cssParts.map(({ name }) => name).sort());
    expect([...states].sort()).to.deep.equal(cssStates.map(({ name }) => name).sort());
  });
});
