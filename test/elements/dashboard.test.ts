import { expect, waitUntil } from '@open-wc/testing';
import type { MarketplaceDashboardElement, MarketplaceDashboardEventMap } from '../../src/dashboard.js';
import '../../src/dashboard.js';
import { loadDashboardWords } from '../../src/elements/dashboard/words/load.js';
import { axeFaults } from './axe-faults.js';
import { DashboardBackend, endpoint, sessionOf, tokenUrl } from './dashboard-backend.js';

interface Manifest {
  modules: { declarations: { tagName: string; cssParts: { name: string }[] }[] }[];
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const today = () => new Date().toISOString().slice(0, 10);
const languages = ['en', 'ar', 'cy', 'de', 'es', 'fr', 'ja', 'pt'];

describe('marketplace-dashboard', () => {
  let backend: DashboardBackend;
  let element: MarketplaceDashboardElement;
  const address = location.href;

  beforeEach(() => {
    backend = new DashboardBackend();
    backend.figures = { [today()]: { sessions: 12, users: 5, revenue_tokens: 340 } };
    backend.sessions = [
      sessionOf(1),
      sessionOf(2, { status: 'active', used_seconds: null, final_cost: null }),
    ];
    backend.timeline = [
      { id: 1, type: 'session.waiting', created_at: 1_767_225_600, data: {} },
      { id: 2, type: 'session.of_tomorrow', created_at: 1_767_225_700, data: {} },
    ];
  });
  afterEach(async () => {
    for (const one of document.querySelectorAll('marketplace-dashboard')) one.remove();
    await pause(30);
    expect(backend.streams, 'streams that are open').to.equal(0);
    backend.restore();
    document.documentElement.removeAttribute('lang');
    history.replaceState(null, '', address);
  });

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const part = <T extends HTMLElement = HTMLElement>(name: string) => parts(name)[0] as T | undefined;
  const textOf = (name: string) => part(name)?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
  const choose = (name: string, value: string) => {
    const field = part<HTMLSelectElement>(`${name}-field`)!;
    field.value = value;
    field.dispatchEvent(new Event('change'));
  };
  function told<T extends keyof MarketplaceDashboardEventMap>(type: T): MarketplaceDashboardEventMap[T][] {
    const events: MarketplaceDashboardEventMap[T][] = [];
    element.addEventListener(type, (event) => events.push(event as MarketplaceDashboardEventMap[T]));
    return events;
  }
  function add(attributes: Record<string, string> = {}): void {
    element = document.createElement('marketplace-dashboard');
    const all = {
      'server-url': endpoint,
      'access-token-url': tokenUrl,
      'provider-id': 'lantern',
      ...attributes,
    };
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    (document.querySelector('main') ?? document.body).append(element);
  }
  async function open(attributes: Record<string, string> = {}): Promise<void> {
    add(attributes);
    await until(() => part('sessions-card')?.querySelector('[part=card-value]'), 'the figures are there');
    await until(() => parts('session-row').length === backend.sessions.length, 'the sessions are there');
  }
  const card = (name: string) =>
    [...(part(`${name}-card`)?.querySelectorAll('h3, p, li, button') ?? [])]
      .map(({ textContent }) => textContent!.trim())
      .filter(Boolean)
      .join(' ')
      .replace(/\s+/g, ' ');

  it('shows what pages counted, by day and beside it all of it, where the service keeps it', async () => {
    const days = [{ date: today(), amount: 3 }];
    backend.metrics = [
      { name: 'errors.NETWORK_FAILED', total: 3, previous: 5, days },
      { name: 'pages', total: 41, previous: 37, days: [{ date: today(), amount: 41 }] },
      { name: 'custom.export', total: 7, previous: 0, days: [] },
    ];
    await open();
    await until(() => part('metric-field'), 'what was counted is there');
    const rows = () =>
      [...part('metrics')!.querySelectorAll('[part=charts] > .scroller tbody tr')].map(({ textContent }) =>
        textContent!.trim().replace(/\s+/g, ' '),
      );
    expect(rows()).to.deep.equal(['Error: NETWORK_FAILED 3 5', 'Page loads 41 37', 'export 7 0']);
    expect(part('metrics')!.querySelector('[part=chart-table] tbody tr:last-child td')!.textContent).to.equal(
      '3',
    );
    choose('metric', 'pages');
    await until(
      () => part('metrics')!.querySelector('[part=chart-table] tbody tr:last-child td')!.textContent === '41',
      'the other one is shown',
    );
    element.remove();
    backend.metrics = [];
    await open();
    await until(() => part('metrics')?.textContent?.includes('No page has counted'), 'nothing was counted');
    element.remove();
    backend.reply = ({ path }) =>
      path.endsWith('page-metrics') ? { status: 404, body: { code: 'ROUTE_NOT_FOUND' } } : undefined;
    await open();
    await until(() => backend.of('page-metrics').length > 2 && !part('metrics'), 'it is not there');
    element.remove();
    backend.reply = ({ path }) =>
      path.endsWith('page-metrics') ? { status: 400, body: { code: 'REQUEST_INVALID' } } : undefined;
    await open();
    await until(() => part('metrics')?.querySelector('[part=card-failed]'), 'it could not be read');
  });

  it('shows what runs, what was earned and what waits, each with its period and time zone', async () => {
    backend.timeZone = 'Asia/Kathmandu';
    backend.attention = [{ kind: 'disputes_open', count: 2, list: null }];
    backend.help = { requests: 4, by_status: { completed: 3 }, wait_seconds_p50: 20 };
    await open({ 'application-ids': 'sketch margin' });
    expect(card('running')).to.match(/^Active now 3 Paused: 1 Now Show sessions$/);
    expect(card('earned')).to.match(/^Earned 340 tokens Before: .* Last 7 days · Asia\/Kathmandu/);
    expect(card('attention')).to.equal('Needs action 2 Disputes to answer: 2 Now');
    expect(card('sessions')).to.match(/^Sessions sold 12 Before: 10 \(\+20%\)/);
    expect(card('users')).to.match(/^Customers 5 .*An estimate/);
    expect(card('help')).to.match(/^Help requests 4 Completed: 3 Usual wait: 20 sec/);
    expect(element.matches(':state(connected)')).to.equal(true);
    // One stream, and each thing asked once.
    expect(backend.of('/events')).to.have.length(1);
    expect(backend.of('/stats').length).to.be.lessThan(3);
  });

  it('never adds up two currencies', async () => {
    const revenue_money = [
      { currency: 'eur', amount: 1050 },
      { currency: 'jpy', amount: 900 },
      { currency: 3, amount: 'many' },
    ];
    backend.figures = { [today()]: { sessions: 1, revenue_money } };
    await open();
    expect(parts('chart-title').map(({ textContent }) => textContent)).to.deep.equal([
      'Sessions sold',
      'Earned, EUR',
      'Earned, JPY',
    ]);
    expect(card('earned')).to.match(/^Earned €10\.50 ¥900/);
  });

  it('marks the day that is not over, in the drawing, in words and in the table, and keys read each column', async () => {
    await open();
    await until(() => textOf('chart-table').includes('The time before'), 'the time before is there');
    expect(parts('running-column').length).to.equal(2);
    expect(textOf('chart-legend')).to.match(/not finished yet/);
    expect(textOf('chart-table')).to.match(/\(not finished yet\) 12 0/);
    const plot = part('plot')!;
    const press = (key: string) =>
      plot.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
    press('End');
    await until(
      () => /not finished yet\): 12 · The time before: 0$/.test(textOf('chart-value')),
      'it is said',
    );
    press('ArrowLeft');
    await until(() => /: 0 · /.test(textOf('chart-value')), 'the day before');
    press('Escape');
    await until(() => /^Point at/.test(textOf('chart-value')), 'nothing is pointed at');
  });

  it('says by each card itself that it is loading, empty, not to be had or old', async () => {
    backend.reply = ({ path }) =>
      path.endsWith('/stats')
        ? { status: 400, body: { code: 'REQUEST_INVALID' } }
        : path.endsWith('/attention')
          ? 'never'
          : undefined;
    backend.figures = {};
    backend.sessions = [];
    await open();
    const states = told('card-state-changed');
    await until(() => card('running').includes('could not be read'), 'one failed');
    expect(card('attention')).to.match(/^Needs action Loading/);
    expect(card('earned')).to.match(/^Earned Nothing in this time\./);
    expect(textOf('history')).to.match(/Nothing in this time\./);
    backend.reply = ({ path }) => (path.endsWith('/attention') ? 'never' : undefined);
    parts('running-card')[0]!.querySelector<HTMLElement>('[part~=retry-button]')!.click();
    await until(() => /^Active now 3/.test(card('running')), 'it is tried again');
    expect(states.some(({ card, cardState }) => card === 'running' && cardState === 'ready')).to.equal(true);
    // What was heard stands there with its time, until it is heard again.
    backend.isCut = true;
    backend.cut();
    await until(() => /As of \d+:\d\d.*, trying again\./.test(card('sessions')), 'it may be old');
    expect(part('dashboard-notice'), 'it is told').to.not.equal(undefined);
    expect(element.matches(':state(disconnected)')).to.equal(true);
    backend.isCut = false;
    part('try-now-button')!.click();
    await until(() => !card('sessions').includes('As of'), 'it is heard again');
    await until(() => !part('dashboard-notice'), 'the notice has gone');
  });

  it('reads anew what has changed, and a flood of news no more often than every two seconds', async () => {
    await open();
    const before = backend.of('/analytics').length;
    backend.figures[today()]!.sessions = 13;
    for (let n = 0; n < 50; n += 1) backend.tell();
    await until(() => /^Sessions sold 13/.test(card('sessions')), 'the news are shown');
    expect(backend.of('/analytics').length - before).to.be.lessThan(3);
  });

  it('keeps what is shown in the address, where it is asked to, and one step back is what was before', async () => {
    history.replaceState({ router: 1 }, '', '?other=1&board.period=bad&board.zone=Europe%2FBerlin');
    await open({ 'address-prefix': 'board', 'application-ids': 'sketch' });
    expect(part<HTMLSelectElement>('zone-field')!.value).to.equal('Europe/Berlin');
    const changes = told('filters-changed');
    choose('period', '30');
    await until(
      () => backend.of('/analytics').some(({ query }) => query.get('time_zone') === 'Europe/Berlin'),
      'asked',
    );
    choose('application', 'sketch');
    expect(location.search).to.equal('?other=1&board.period=30&board.zone=Europe%2FBerlin&board.app=sketch');
    expect(history.state).to.deep.equal({ router: 1 });
    expect(changes.map(({ period, applicationId }) => [period, applicationId])).to.deep.equal([
      ['30', undefined],
      ['30', 'sketch'],
    ]);
    history.back();
    await until(() => part<HTMLSelectElement>('application-field')!.value === '', 'one step back');
    expect(part<HTMLSelectElement>('period-field')!.value).to.equal('30');
    // A card that has no address of its own is asked for all again.
    await until(() => backend.of('/analytics').at(-1)!.query.get('application_id') === null, 'asked anew');
  });

  it('leaves the address alone where nothing was asked', async () => {
    await open();
    choose('period', 'today');
    await until(
      () => backend.of('/analytics').some(({ query }) => query.get('interval') === 'hour'),
      'by hour',
    );
    expect(location.href).to.equal(address);
  });

  it('leads from a card to its sessions, which come page by page, and a poisoned row is left out', async () => {
    backend.sessions = Array.from({ length: 40 }, (_, n) => sessionOf(n));
    backend.sessions[3] = { id: 7, created_at: 'never' };
    backend.sessions[4] = sessionOf(4, { status: 'active' });
    add();
    await until(() => parts('session-row').length === 24, 'a page');
    part('more-button')!.click();
    await until(() => parts('session-row').length === 39, 'all of them');
    expect(part('more-button')).to.equal(undefined);
    parts('running-card')[0]!.querySelector<HTMLElement>('[part~=rows-button]')!.click();
    await until(() => parts('session-row').length === 1, 'those that run');
    expect(element.shadowRoot!.activeElement).to.equal(element.shadowRoot!.querySelector('#history'));
    expect(textOf('history-text')).to.equal('Not over yet, whenever sold');
    const { query } = backend.of('/sessions').at(-1)!;
    expect([query.get('status'), query.get('from')]).to.deep.equal(['active', null]);
  });

  it('makes a file of what is listed, and its token stands in no address', async () => {
    await open();
    choose('status', 'completed');
    const exported = told('sessions-exported');
    const files: [string, string][] = [];
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      files.push([this.download, this.href]);
    };
    try {
      part('csv-button')!.click();
      await until(() => exported.length === 1, 'the page is told');
      expect(files[0]![0]).to.match(/^sessions-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
      expect(await (await fetch(files[0]![1])).text()).to.equal(backend.csv);
      const [call] = backend.of('.csv');
      expect(call!.query.get('status')).to.equal('completed');
      expect(call!.authorization).to.equal('Bearer at_secret');
      expect(backend.calls.map(({ url }) => url).join()).to.not.contain('at_secret');
      // One that breaks off is no file.
      backend.reply = ({ path }) => (path.endsWith('.csv') ? 'lost' : undefined);
      await until(() => part('csv-button')!.getAttribute('aria-disabled') === null, 'it can be pressed');
      part('csv-button')!.click();
      await until(() => textOf('announcement').includes('could not be read'), 'it is said');
      expect(files).to.have.length(1);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
  });

  it('opens what has happened to a session, and gives the focus back', async () => {
    await open({ 'address-prefix': 'board' });
    const opened = told('timeline-opened');
    const press = part('timeline-button')!;
    press.focus();
    press.click();
    await until(() => parts('timeline-entry').length === 2, 'its timeline');
    expect(part<HTMLDialogElement>('dialog')!.matches(':modal')).to.equal(true);
    expect(
      parts('timeline-entry').map(({ lastElementChild }) => lastElementChild!.textContent),
    ).to.deep.equal(['Sold', 'session.of_tomorrow']);
    expect(textOf('dialog-body')).to.match(/^Some of it is not kept any more\./);
    expect(opened[0]!.sessionId).to.equal('ses_1');
    expect(location.search).to.contain('board.session=ses_1');
    part('dialog')!.dispatchEvent(new Event('cancel', { cancelable: true }));
    await until(() => !part('dialog'), 'it is closed');
    expect(element.shadowRoot!.activeElement).to.equal(press);
    expect(location.search).to.not.contain('board.session');
  });

  it('asks to sign in where nothing is allowed, and an address that is none', async () => {
    backend.reply = () => ({ status: 403, body: { code: 'CREDENTIAL_INSUFFICIENT' } });
    add();
    await until(() => /cannot be opened/.test(textOf('dashboard-notice')), 'it is told');
    element.remove();
    backend.reply = () => undefined;
    add({ 'server-url': 'http://market.example' });
    await until(() => /cannot be opened/.test(textOf('dashboard-notice')), 'it is told');
  });

  it('leads to what waits by a link alone that is one', async () => {
    backend.attention = [
      { kind: 'exceptions_open', count: 1, list: null },
      { kind: 'of_tomorrow', count: 1, list: null },
    ];
    await open({ 'attention-url': 'javascript:alert(1)//{kind}' });
    expect(parts('waiting')[0]!.querySelector('a')).to.equal(null);
    element.setAttribute('attention-url', '/todo/{kind}');
    await until(() => parts('waiting')[0]!.querySelectorAll('a').length === 2, 'links');
    const asked = told('attention-requested');
    element.addEventListener('attention-requested', (event) => event.preventDefault());
    parts('waiting')[0]!.querySelector('a')!.click();
    expect(asked.map(({ kind, count }) => [kind, count])).to.deep.equal([['exceptions_open', 1]]);
  });

  it('is readable in every language, right to left and dark, and axe finds nothing', async function () {
    this.timeout(120_000);
    backend.attention = [{ kind: 'disputes_lost', count: 1, list: null }];
    for (const lang of languages) {
      document.documentElement.lang = lang;
      element = undefined!;
      add({ 'application-ids': 'sketch', theme: lang === 'de' ? 'dark' : 'light' });
      element.style.width = lang === 'fr' ? '320px' : '';
      const { words } = await loadDashboardWords(lang);
      await until(() => textOf('dashboard-title') === words.title, lang);
      await until(() => parts('session-row').length === 2, 'the sessions are there');
      expect(await axeFaults(element), lang).to.deep.equal([]);
      for (const plot of parts('plot')) expect(plot.scrollWidth <= element.clientWidth).to.equal(true);
      element.remove();
    }
  });

  it('has every part that the manifest names, and no other', async () => {
    const manifest = (await (await fetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-dashboard')!;
    const seen = new Set<string>();
    const look = () => {
      for (const one of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of one.part) seen.add(name);
    };
    backend.sessions = Array.from({ length: 30 }, (_, n) => sessionOf(n));
    backend.attention = [{ kind: 'disputes_lost', count: 1, list: null }];
    backend.reply = ({ path }) =>
      path.endsWith('/stats') ? { status: 400, body: { code: 'REQUEST_INVALID' } } : undefined;
    add({ 'application-ids': 'sketch', 'attention-url': '/{kind}' });
    await until(() => part('before') ?? part('card-failed'), 'it is there');
    await until(() => part('more-button'), 'more');
    part('timeline-button')!.click();
    await until(() => part('timeline-entry'), 'its timeline');
    look();
    part('close-button')!.click();
    backend.isCut = true;
    backend.cut();
    await until(() => part('card-stale'), 'it may be old');
    look();
    // Parts of one state, or of one kind of card or field, are of the kind that is named.
    const own = [...seen].filter(
      (name) => !/-(card|field|session)$|^sessions-table$/.test(name) || name === 'main-card',
    );
    const named = cssParts
      .map(({ name }) => name)
      .filter((name) => !['dashboard-text', 'before'].includes(name));
    expect(
      own.filter((name) => !['dashboard-text', 'before', 'card-loading'].includes(name)).sort(),
    ).to.deep.equal(named.sort());
  });
});
