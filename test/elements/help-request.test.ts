import { expect, waitUntil } from '@open-wc/testing';
import type {
  MarketplaceHelpRequestElement,
  MarketplaceSessionPreflightElement,
} from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadHelpRequestWords } from '../../src/elements/help/request/words/load.js';
import { axeFaults } from './axe-faults.js';
import { HelpBackend, leak, question, visit } from './help-backend.js';
import { setOnline } from './scenes.js';

interface Manifest {
  modules: { declarations: { tagName: string; cssParts: { name: string }[] }[] }[];
}
const awaiting = { status: 'awaiting_payment', checkout_url: 'https://pay.example/c/1' } as const;
const pageFetch = window.fetch.bind(window);

/** A microphone in place of the browser's own, how loud it is not to be known, until the test is over. @returns what was captured of it. */
function fakeMedia(): MediaStreamTrack[] {
  const tracks: MediaStreamTrack[] = [];
  window.AudioContext = class {
    constructor() {
      throw new DOMException('', 'NotSupportedError');
    }
  } as typeof AudioContext;
  navigator.mediaDevices.getUserMedia = () => {
    const context = new OwnContext();
    // One that nobody holds is collected, and its tracks end.
    contexts.push(context);
    const { stream } = context.createMediaStreamDestination();
    tracks.push(...stream.getTracks());
    return Promise.resolve(stream);
  };
  return tracks;
}
const OwnContext = AudioContext;
const contexts: AudioContext[] = [];

describe('marketplace-help-request', () => {
  let backend: HelpBackend;
  let element: MarketplaceHelpRequestElement;
  let told: string[];

  beforeEach(() => {
    backend = new HelpBackend();
    told = [];
    sessionStorage.clear();
  });
  afterEach(() => {
    element.remove();
    delete (navigator as { onLine?: boolean }).onLine;
    delete (navigator.mediaDevices as Partial<MediaDevices>).getUserMedia;
    window.AudioContext = OwnContext;
    document.documentElement.removeAttribute('lang');
    document.documentElement.removeAttribute('dir');
    history.replaceState(null, '', location.pathname + location.search);
    backend.restore();
    sessionStorage.clear();
    for (const context of contexts.splice(0)) void context.close();
  });

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const part = <T extends HTMLElement = HTMLElement>(name: string) => parts(name)[0] as T | undefined;
  const text = (name: string) =>
    parts(name)
      .map(({ textContent }) => textContent.trim().replace(/\s+/g, ' '))
      .join(' ');
  const seen = async <T extends HTMLElement = HTMLElement>(name: string): Promise<T> => {
    await until(() => part(name), `${name} is seen`);
    return part<T>(name)!;
  };
  const press = async (name: string) => (await seen(name)).click();
  const state = (name: string) => until(() => element.matches(`:state(${name})`), `it is ${name}`);
  const titled = (title: string) =>
    until(() => text('help-title') === title, `${title}, not ${text('help-title')}`);

  const events = ['help-requested', 'help-claimed', 'help-started', 'help-ended'] as const;
  function add(attributes: Record<string, string> = {}): void {
    element = document.createElement('marketplace-help-request');
    const usual = {
      'server-url': backend.endpoint,
      'access-token-url': '/own-token',
      'request-url': '/own-request',
      'join-url': '/own-join',
    };
    for (const [name, value] of Object.entries({ ...usual, ...attributes }))
      element.setAttribute(name, value);
    for (const type of events)
      element.addEventListener(type, (event) => {
        const fields = ['requestId', 'sessionId', 'status', 'reason'].filter((name) => name in event);
        const values = fields.map((name) => [name, event[name as keyof typeof event]]);
        told.push(`${type} ${JSON.stringify(Object.fromEntries(values))}`);
      });
    (document.querySelector('main') ?? document.body).append(element);
  }
  const names = () => told.map((line) => line.split(' ')[0]);
  async function write(description: string, categoryId = 'leak'): Promise<void> {
    const choice = await seen<HTMLSelectElement>('category-field');
    choice.value = categoryId;
    choice.dispatchEvent(new Event('change', { bubbles: true }));
    const field = part<HTMLTextAreaElement>('description-field')!;
    field.value = description;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await element.updateComplete;
  }
  const claim = () =>
    backend.change('help_request.claimed', {
      status: 'claimed',
      helper_id: 'maria',
      helper_name: 'Maria',
      session_id: 'ses_1',
    });

  it('goes from the question to the end of the talk, and tells the page by ids alone', async () => {
    add();
    await write('It drips below the Secretsink.');
    expect(text('price')).to.equal('300 tokens for up to 30 minutes. You pay for the time that is used.');
    await press('ask-button');
    await state('waiting');
    await titled('We are looking for somebody');
    await until(() => /about 40 seconds/.test(text('help-text')), 'how long it usually takes');
    expect(text('help-text')).to.contain('3 helpers have been asked. Waiting costs nothing.');
    expect(text('waited')).to.equal('You have waited for less than a minute.');
    const [made] = backend.calls('POST /own-request');
    expect(made!.body).to.eql({ category_id: 'leak', description: 'It drips below the Secretsink.' });
    expect(made!.headers.get('Idempotency-Key')).to.match(/^\w{20,}/);
    claim();
    await titled('Maria has taken your request');
    await until(() => /Maria has taken/.test(text('announcement')), 'it is said');
    backend.answers['POST /own-join'] = () => 'lost';
    await press('join-button');
    await until(() => part('trouble'), 'the way in is not told');
    expect(text('trouble')).to.contain('cannot be reached').and.not.contain('What you wrote');
    delete backend.answers['POST /own-join'];
    await press('join-button');
    await until(() => location.hash === '#joined', 'the session is opened');
    expect(backend.calls('POST /own-join')[0]!.body).to.eql({ request_id: 'req_1', session_id: 'ses_1' });
    backend.change('help_request.started', { status: 'in_progress' });
    await titled('Your talk with Maria');
    expect(text('join-button')).to.equal('Go back to the talk');
    // By a backend that knows no money.
    const noMoney = {
      amount: undefined as never,
      currency: undefined as never,
      captured_amount: undefined as never,
    };
    const bill = { status: 'completed', used_seconds: 605, final_cost: 101 } as const;
    backend.change('help_request.completed', { ...bill, ...noMoney });
    await titled('The talk is over');
    expect(text('receipt-row')).to.match(/10 minutes, 5 seconds.*101 tokens.*199 tokens$/);
    expect(names()).to.eql([...events]);
    expect(told.join()).not.to.match(/Secret|Maria/);
    expect(told.at(-1)).to.contain(
      '"requestId":"req_1","sessionId":"ses_1","status":"completed","reason":null',
    );
    await until(() => backend.listeners === 0, 'nothing is heard any more');
    await press('again-button');
    expect(
      (await seen<HTMLTextAreaElement>('description-field')).value,
      'that was another question',
    ).to.equal('');
  });

  it('has camera and microphone looked at meanwhile, and before joining where they have to be; never in a talk', async () => {
    const tracks = fakeMedia();
    add({ checks: 'microphone', require: 'microphone' });
    await write('It drips.');
    await press('ask-button');
    await state('waiting');
    const preflight = await seen<MarketplaceSessionPreflightElement>('check');
    const inside = (name: string) =>
      preflight.shadowRoot!.querySelector<HTMLElement>(`[part~="${name}"]`) ?? undefined;
    await until(() => inside('start-button'), 'it explains itself first');
    expect(tracks, 'nothing is asked before that').to.have.length(0);
    claim();
    await titled('Maria has taken your request');
    expect(part('check'), 'the same goes on').to.equal(preflight);
    await press('join-button');
    await until(() => /once the check has passed/.test(text('announcement')), 'it is said why not');
    expect(backend.calls('POST /own-join')).to.have.length(0);
    inside('start-button')!.click();
    await until(() => inside('continue-button')?.ariaDisabled === null, 'it is passed');
    inside('continue-button')!.focus();
    inside('continue-button')!.click();
    await seen('checked');
    expect(element.shadowRoot!.activeElement).to.equal(part('join-button'));
    expect(tracks.map(({ readyState }) => readyState)).to.eql(['ended']);
    await press('join-button');
    await until(() => location.hash === '#joined', 'the session is opened');
    element.remove();
    add({ checks: 'microphone', require: 'microphone' });
    await seen('check-first');
    // What is not required is skipped by joining, and in a talk nothing stands in the way back.
    element.removeAttribute('require');
    await until(() => !part('check-first'), 'nothing has to pass');
    await press('join-button');
    await until(() => backend.calls('POST /own-join').length === 2, 'it joins');
    element.setAttribute('require', 'microphone');
    backend.change('help_request.started', { status: 'in_progress' });
    await state('running');
    expect(part('check')).to.equal(undefined);
    expect(part('join-button')!.ariaDisabled).to.equal(null);
  });

  it('pressed twice, or again after a lost answer, is one request; what was written stays', async () => {
    let tries = 0;
    backend.answers['POST /own-request'] = (asked) => (++tries < 3 ? 'lost' : backend.usual(asked));
    add();
    await write('It drips.');
    await press('ask-button');
    await press('ask-button');
    await until(() => part('trouble'), 'it did not arrive');
    expect(text('trouble')).to.contain('What you wrote is still there');
    expect(part<HTMLTextAreaElement>('description-field')!.value).to.equal('It drips.');
    await press('ask-button');
    await until(() => tries === 2 && part('trouble'), 'once more');
    await press('ask-button');
    await state('waiting');
    const keys = backend.calls('POST /own-request').map(({ headers }) => headers.get('Idempotency-Key'));
    expect(keys).to.have.length(3);
    expect(new Set(keys).size).to.equal(1);
    expect(names()).to.eql(['help-requested']);
  });

  it('with another text after a lost answer takes up what has arrived, or is another request', async () => {
    let tries = 0;
    backend.answers['POST /own-request'] = (asked) => (++tries < 2 ? 'lost' : backend.usual(asked));
    add();
    await write('It drips.');
    await press('ask-button');
    await until(() => part('trouble'), 'it did not arrive');
    await write('It drips a lot.');
    await press('ask-button');
    await state('waiting');
    const [first, second] = backend
      .calls('POST /own-request')
      .map(({ headers }) => headers.get('Idempotency-Key'));
    expect(first).not.to.equal(second);
    await press('cancel-button');
    await press('again-button');
    backend.request = undefined;
    // This time it has arrived, and its answer has not.
    backend.answers['POST /own-request'] = ({ body }) => (backend.create({ ...body, id: 'req_2' }), 'lost');
    await write('Another one.');
    await press('ask-button');
    await until(() => part('trouble'), 'no answer');
    await write('Another one, please.');
    await press('ask-button');
    await state('waiting');
    expect(backend.calls('POST /own-request')).to.have.length(3);
    expect(told.at(-1)).to.contain('req_2');
  });

  it('is found again after a reload, in another tab, and by its id; one that is gone is not', async () => {
    add();
    await write('It drips.');
    await press('ask-button');
    await state('waiting');
    element.remove();
    await until(() => backend.listeners === 0, 'it lets go');
    claim();
    add();
    await titled('Maria has taken your request');
    element.remove();
    sessionStorage.clear();
    add();
    await state('claimed');
    expect(names().filter((name) => name === 'help-requested')).to.have.length(1);
    element.remove();
    backend.request = undefined;
    add();
    await seen('help-form');
    expect(part('trouble'), 'nobody has to hear of it').to.equal(undefined);
    element.remove();
    add({ 'request-id': 'req_gone' });
    await until(() => /does not exist any more/.test(text('trouble')), 'somebody asked for this one');
    await press('again-button');
    await seen('help-form');
    // Another tab asks, and the person comes back to this one.
    backend.create({ id: 'req_9' });
    document.dispatchEvent(new Event('visibilitychange'));
    await state('waiting');
  });

  it('says that nobody is free, and ends kindly whatever comes of it', async () => {
    backend.create({ offered_count: 0, created_at: Math.floor(Date.now() / 1000) - 190 });
    add();
    await until(() => /Nobody is free right now/.test(text('help-text')), 'nobody is free');
    expect(text('waited')).to.equal('You have waited for 3 minutes.');
    backend.change('help_request.expired', { status: 'expired', reason: 'nobody_free' });
    await titled('Nobody was free this time');
    expect(told).to.eql([
      'help-ended {"requestId":"req_1","sessionId":null,"status":"expired","reason":"nobody_free"}',
    ]);
    for (const [reason, title] of [
      ['customer_absent', 'The talk did not begin'],
      ['session_cancelled', 'The talk did not take place'],
      ['requested', 'You have cancelled your request'],
    ] as const) {
      element.remove();
      sessionStorage.clear();
      backend.create();
      add();
      await state('waiting');
      if (reason === 'requested') {
        (await seen('cancel-button')).focus();
        await press('cancel-button');
      } else backend.change('help_request.cancelled', { status: 'cancelled', reason });
      await titled(title);
      await seen('again-button');
    }
    const focus = element.shadowRoot!.activeElement?.getAttribute('part');
    expect(focus, 'the pressed button has gone').to.equal('help-title');
  });

  it('goes on where a helper gives it back, and where the cancelling came too late', async () => {
    backend.create();
    add();
    await state('waiting');
    await until(() => backend.listeners === 1, 'it is heard');
    // An answer that was under way when the helper came.
    const before = { ...backend.request! };
    const read = 'GET /help-requests/req_1';
    backend.answers[read] = () => ({ body: before });
    const asked = backend.calls(read).length;
    claim();
    await titled('Somebody has taken your request');
    await until(() => backend.calls(read).length > asked, 'the name is asked for');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(text('help-title')).to.equal('Somebody has taken your request');
    delete backend.answers[read];
    backend.change('help_request.reopened', {
      status: 'open',
      helper_id: null,
      helper_name: null,
      session_id: null,
    });
    await titled('We are looking for somebody');
    backend.change('help_request.claimed', {
      ...{ status: 'claimed', helper_id: 'igor', helper_name: 'Igor', session_id: 'ses_2' },
    });
    await titled('Igor has taken your request');
    expect(names()).to.eql(['help-claimed', 'help-claimed']);
    backend.answers['POST /help-requests/req_1/cancel'] = () => {
      backend.change('help_request.started', { status: 'in_progress' });
      return { status: 409, body: { code: 'REQUEST_TRANSITION_REFUSED' } };
    };
    await press('cancel-button');
    await titled('Your talk with Igor');
    expect(part('trouble')).to.equal(undefined);
  });

  it('leaves the way into the session to a page that prevents the event, or gives no route', async () => {
    backend.create();
    add();
    element.addEventListener('help-claimed', (event) => event.preventDefault());
    await state('waiting');
    claim();
    await titled('Maria has taken your request');
    expect(part('join-button')).to.equal(undefined);
    element.remove();
    add();
    element.removeAttribute('join-url');
    await titled('Maria has taken your request');
    expect(part('join-button')).to.equal(undefined);
    element.setAttribute('join-url', '/own-join');
    await seen('join-button');
    backend.answers['POST /own-join'] = () => ({ body: { launch_url: 'javascript:alert(1)' } });
    await press('join-button');
    await until(() => /ANSWER_INVALID/.test(text('reference')), 'no address of the web');
  });

  it('says that the connection is lost, and is right again once it is back', async () => {
    backend.create();
    add();
    await state('waiting');
    await until(() => backend.listeners === 1, 'it is heard');
    setOnline(false);
    backend.cut();
    await seen('cut-off');
    backend.change('help_request.claimed', {
      ...{ status: 'claimed', helper_id: 'maria', helper_name: 'Maria', session_id: 'ses_1' },
    });
    setOnline(true);
    await titled('Maria has taken your request');
    await until(() => !part('cut-off'), 'it is back');
  });

  it('waits for the payment where there is one, also over a reload, and says what was taken once that is known', async () => {
    backend.categories = [visit];
    backend.made = { ...awaiting, tokens: null, amount: 2500, currency: 'eur', payment_status: 'pending' };
    add();
    await seen('help-form');
    expect(text('price')).to.equal('€25.00 for up to 30 minutes.');
    await press('ask-button');
    await state('paying');
    element.remove();
    add();
    const pay = await seen<HTMLAnchorElement>('pay-button');
    expect([pay.href, pay.target, pay.rel]).to.eql(['https://pay.example/c/1', '_blank', 'noopener']);
    expect(await axeFaults(element)).to.deep.equal([]);
    backend.change('help_request.opened', {
      status: 'open',
      payment_status: 'authorized',
      checkout_url: null,
    });
    await state('waiting');
    claim();
    backend.change('help_request.completed', {
      status: 'completed',
      payment_status: 'capturing',
      used_seconds: 60,
    });
    await titled('The talk is over');
    expect(text('receipt-row')).to.match(/1 minute$/);
    backend.request = { ...backend.request!, payment_status: 'captured', captured_amount: 84 };
    const endedAt = performance.now();
    await until(() => /€0\.84.*€24\.16/.test(text('receipt-row')), 'what was taken, and what was not');
    expect(performance.now() - endedAt, 'with the first look at it').to.be.below(8000);
    element.remove();
    sessionStorage.clear();
    backend.create({ ...awaiting });
    add();
    await state('paying');
    backend.change('help_request.expired', { status: 'expired', reason: 'payment_failed' });
    await titled('It was not paid');
  });

  it('has a sentence and a way out for whatever is refused', async () => {
    add();
    await write('It drips.');
    const refusals: [code: string, status: number, sentence: RegExp, more?: object][] = [
      ['INSUFFICIENT_TOKENS', 402, /not have enough/, { top_up_url: 'https://market.example/top-up' }],
      ['HELP_CATEGORY_INACTIVE', 409, /no longer offered/],
      ['RATE_LIMITED', 429, /too often/],
      ['CREDENTIAL_INVALID', 401, /sign in again/],
      ['SERVICE_UNAVAILABLE', 503, /cannot be reached/],
      ['APPLICATION_NOT_FOUND', 404, /did not work here.*APPLICATION_NOT_FOUND/],
    ];
    for (const [code, status, sentence, more] of refusals) {
      backend.answers['POST /own-request'] = () => ({ status, body: { code, ...more } });
      await press('ask-button');
      await until(() => sentence.test(text('trouble')), `${code}: ${text('trouble')}`);
      expect(await axeFaults(element), code).to.deep.equal([]);
      if (more)
        expect((await seen<HTMLAnchorElement>('top-up-button')).href).to.equal(
          'https://market.example/top-up',
        );
    }
    expect(told).to.eql([]);
  });

  it('says so where the person is signed out or nothing is set up, and goes on once that is mended', async () => {
    backend.answers['POST /own-token'] = () => ({ status: 403, body: {} });
    add();
    await until(() => /sign in again/.test(text('trouble')), 'signed out');
    delete backend.answers['POST /own-token'];
    await press('retry-button');
    await seen('help-form');
    element.remove();
    add({ 'server-url': 'http://market.example' });
    await until(() => /CONFIGURATION_INVALID/.test(text('trouble')), 'no https');
    element.setAttribute('server-url', backend.endpoint);
    await seen('help-form');
    backend.categories = [];
    element.remove();
    add();
    await until(() => /not offered at the moment/.test(text('help-text')), 'no categories');
    // One alone leaves nothing to choose, and the page may name it.
    element.setAttribute('categories', JSON.stringify([question]));
    await until(() => /It costs nothing/.test(text('price')), 'the page names it');
    expect(part('category-field')).to.equal(undefined);
    element.setAttribute('categories', 'no json');
    await until(() => /not offered at the moment/.test(text('help-text')), 'as if none were named');
    element.categories = [leak];
    await until(() => /300 tokens/.test(text('price')), 'by property');
  });

  it('fits 320 px, right to left and dark, and axe finds nothing in any state', async () => {
    document.documentElement.lang = 'ar';
    document.documentElement.dir = 'rtl';
    add({ theme: 'dark', style: 'display: block; width: 320px' });
    const check = async (name: string) => {
      await state(name);
      await element.updateComplete;
      expect(await axeFaults(element), name).to.deep.equal([]);
      const whole = part('help')!;
      expect(whole.scrollWidth, `${name} fits`).to.be.at.most(whole.clientWidth);
      for (const each of element.shadowRoot!.querySelectorAll('button, a, select, textarea'))
        expect(each.getBoundingClientRect().height, each.outerHTML).to.be.at.least(24);
    };
    await seen('help-form');
    await check('form');
    await press('ask-button');
    await check('waiting');
    claim();
    await check('claimed');
    backend.change('help_request.started', { status: 'in_progress' });
    await check('running');
    backend.change('help_request.completed', { status: 'completed', used_seconds: 60, final_cost: 10 });
    await check('ended');
  });

  it('draws every part that its reference names, and no other', async () => {
    const { modules } = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const declarations = modules.flatMap(({ declarations }) => declarations);
    const known = declarations
      .find(({ tagName }) => tagName === 'marketplace-help-request')!
      .cssParts.flatMap(({ name }) => name.split(', '));
    const drawn = new Set<string>();
    const look = () => {
      for (const each of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of each.part) drawn.add(name);
    };
    backend.answers['POST /own-request'] = () => ({
      ...{ status: 402, body: { code: 'INSUFFICIENT_TOKENS', top_up_url: 'https://market.example/' } },
    });
    add({ checks: 'microphone', require: 'microphone' });
    await press('ask-button');
    await seen('top-up-button');
    look();
    backend.made = awaiting;
    delete backend.answers['POST /own-request'];
    await press('ask-button');
    await seen('pay-button');
    look();
    backend.change('help_request.opened', { status: 'open' });
    await state('waiting');
    setOnline(false);
    backend.cut();
    await seen('cut-off');
    look();
    setOnline(true);
    claim();
    await seen('check-first');
    look();
    part('check')!.dispatchEvent(new Event('preflight-passed'));
    await seen('checked');
    look();
    backend.answers['POST /own-join'] = () => ({ status: 404, body: { code: 'APPLICATION_NOT_FOUND' } });
    await press('join-button');
    await seen('retry-button');
    await seen('reference');
    look();
    backend.change('help_request.completed', { status: 'completed', used_seconds: 60, final_cost: 10 });
    await seen('again-button');
    look();
    expect([...drawn].sort()).to.deep.equal([...known].sort());
  });

  it('has every word in eight languages, and takes those of the page in their place', async () => {
    const keys = (value: unknown, name = ''): string[] =>
      typeof value === 'object' && value !== null && name !== 'asked'
        ? Object.entries(value).flatMap(([key, each]) => keys(each, key).map((below) => `${name}.${below}`))
        : [name];
    const english = keys((await loadHelpRequestWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadHelpRequestWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words)).to.deep.equal(english);
    }
    document.documentElement.lang = 'de';
    add();
    element.strings = { ask: 'Klempner rufen' };
    await seen('help-form');
    await until(() => text('ask-button') === 'Klempner rufen', 'the page’s own word');
    expect(text('price')).to.contain('30 Minuten');
  });
});
