import { expect, waitUntil } from '@open-wc/testing';
import type { MarketplaceSessionOutcomeElement } from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadOutcomeWords } from '../../src/elements/help/outcome/words/load.js';
import { OutcomeForm } from '../../src/controller/outcome/index.js';
import { axeFaults } from './axe-faults.js';
import { HelpBackend } from './help-backend.js';

interface Manifest {
  modules: { declarations: { tagName: string; cssParts: { name: string }[] }[] }[];
}
const pageFetch = window.fetch.bind(window);

describe('marketplace-session-outcome', () => {
  let backend: HelpBackend;
  let element: MarketplaceSessionOutcomeElement;
  let told: string[];
  const drawn = new Set<string>();

  beforeEach(() => {
    backend = new HelpBackend();
    told = [];
  });
  afterEach(() => {
    look();
    element.remove();
    for (const name of ['lang', 'dir']) document.documentElement.removeAttribute(name);
    backend.restore();
  });

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const text = (name: string) => parts(name)[0]?.textContent?.trim() ?? '';
  const seen = async <T extends HTMLElement = HTMLElement>(name: string): Promise<T> => {
    await until(() => parts(name)[0], `${name} is seen`);
    look();
    return parts(name)[0] as T;
  };
  const press = async (name: string) => (await seen(name)).click();
  const look = () => {
    for (const each of element.shadowRoot!.querySelectorAll('[part]'))
      for (const name of each.part) drawn.add(name);
  };
  const completed = { status: 'completed', helper_id: 'maria', session_id: 'ses_1' } as const;

  function add(attributes: Record<string, string> = {}): void {
    element = document.createElement('marketplace-session-outcome');
    const usual = {
      'server-url': backend.endpoint,
      'access-token-url': '/own-token',
      'request-id': 'req_1',
    };
    for (const [name, value] of Object.entries({ ...usual, ...attributes }))
      element.setAttribute(name, value);
    element.addEventListener('outcome-submitted', ({ requestId, outcome, ...others }) =>
      told.push(
        [
          requestId,
          outcome,
          Object.keys(others)
            .filter((name) => /note/i.test(name))
            .join(),
        ].join(' '),
      ),
    );
    (document.querySelector('main') ?? document.body).append(element);
  }
  async function choose(outcome: string, notes = ''): Promise<void> {
    await seen('outcome-form');
    element.shadowRoot!.querySelector<HTMLInputElement>(`input[value=${outcome}]`)!.click();
    const field = await seen<HTMLTextAreaElement>('notes-field');
    field.value = notes;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await element.updateComplete;
  }

  it('waits for the end of the talk, asks how it ended, and is recorded once with its notes', async () => {
    backend.create({ status: 'in_progress', helper_id: 'maria', session_id: 'ses_1' });
    add();
    await until(() => element.matches(':state(early)'), 'it goes on');
    await seen('outcome-text');
    expect(text('outcome-text')).to.contain('not over yet');
    expect(await axeFaults(element)).to.deep.equal([]);
    await until(() => backend.listeners === 1, 'it listens');
    backend.change('help_request.completed', completed);
    await press('submit-button');
    await seen('missing-choice');
    expect((element.shadowRoot!.activeElement as HTMLInputElement).value, 'the focus').to.equal('resolved');
    expect(await axeFaults(element)).to.deep.equal([]);
    expect(backend.calls('POST /help-requests')).to.have.length(0);
    let tries = 0;
    backend.answers['POST /help-requests/req_1/outcome'] = (asked) =>
      ++tries < 2 ? 'lost' : backend.usual(asked);
    await choose('in_person', 'A new Secretseal.');
    expect(parts('missing-choice')).to.have.length(0);
    await press('submit-button');
    await until(() => /What you wrote is still there/.test(text('trouble')), 'it did not arrive');
    expect((await seen<HTMLTextAreaElement>('notes-field')).value).to.equal('A new Secretseal.');
    expect(await axeFaults(element)).to.deep.equal([]);
    (await seen('submit-button')).focus();
    await press('submit-button');
    await press('submit-button');
    await until(() => element.matches(':state(given)'), 'it is recorded');
    await seen('given-notes');
    expect(text('given-outcome')).to.equal('Needs an in-person visit');
    expect(text('given-notes')).to.equal('A new Secretseal.');
    expect(element.shadowRoot!.activeElement?.getAttribute('part')).to.equal('outcome-title');
    await until(() => /saved/.test(text('announcement')), 'it is said');
    expect(tries).to.equal(2);
    expect(backend.calls('POST /help-requests').at(-1)!.body).to.eql({
      outcome: 'in_person',
      notes: 'A new Secretseal.',
    });
    expect(told).to.eql(['req_1 in_person ']);
    expect(await axeFaults(element)).to.deep.equal([]);
    await until(() => backend.listeners === 0, 'nothing is heard any more');
  });

  it('goes by what is newest: an answer of before the end that comes after it changes nothing', async () => {
    backend.create({ status: 'in_progress', helper_id: 'maria', session_id: 'ses_1' });
    add();
    const form = new OutcomeForm({
      ...{ apiEndpoint: backend.endpoint, accessTokenUrl: '/own-token', requestId: 'req_1' },
    });
    form.start();
    await until(() => form.snapshot.phase === 'early' && backend.listeners > 0, 'it goes on');
    let letGo = () => {};
    const late = { ...backend.request };
    backend.answers['GET /help-requests/req_1'] = async () => {
      await new Promise<void>((resolve) => (letGo = resolve));
      return { body: late };
    };
    const before = backend.calls('GET /help-requests/req_1').length;
    form.retry();
    await until(() => backend.calls('GET /help-requests/req_1').length > before, 'it is asked');
    delete backend.answers['GET /help-requests/req_1'];
    backend.change('help_request.completed', completed);
    await until(() => form.snapshot.phase === 'form', 'it is over');
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(form.snapshot.phase).to.equal('form');
    form.close();
  });

  it('shows what was recorded before, and says where there is nothing to record', async () => {
    backend.create(completed);
    backend.answers['POST /help-requests/req_1/outcome'] = () => {
      backend.request = { ...backend.request!, outcome: 'unresolved' };
      return { status: 409, body: { code: 'OUTCOME_GIVEN' } };
    };
    add();
    await choose('resolved');
    await press('submit-button');
    await until(() => text('given-outcome') === 'Not resolved', 'the first one stays');
    expect(text('outcome-text')).to.contain('had been recorded before');
    expect(told).to.eql([]);
    element.remove();
    backend.create({ status: 'cancelled', reason: 'requested' });
    add();
    await until(() => element.matches(':state(void)'), 'there was no talk');
    element.remove();
    backend.request = undefined;
    add();
    await until(() => /does not exist any more/.test(text('trouble')), 'it is gone');
    element.removeAttribute('request-id');
    await until(() => /CONFIGURATION_INVALID/.test(text('reference')), 'nothing is set up');
    look();
    backend.answers['POST /own-token'] = () => ({ status: 401, body: {} });
    element.remove();
    backend.create(completed);
    add();
    await until(() => /sign in again/.test(text('trouble')), 'signed out');
    delete backend.answers['POST /own-token'];
    await press('retry-button');
    await seen('outcome-form');
  });

  it('fits 320 px, right to left and dark, with words in eight languages', async () => {
    const keys = (value: unknown, name = ''): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, each]) => keys(each, `${name}.${key}`))
        : [name];
    const english = keys((await loadOutcomeWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadOutcomeWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words)).to.deep.equal(english);
    }
    document.documentElement.lang = 'ar';
    document.documentElement.dir = 'rtl';
    backend.create(completed);
    add({ theme: 'dark', style: 'display: block; width: 320px' });
    await choose('resolved');
    expect(await axeFaults(element)).to.deep.equal([]);
    const whole = parts('outcome')[0]!;
    expect(whole.scrollWidth).to.be.at.most(whole.clientWidth);
    for (const option of parts('option')) expect(option.getBoundingClientRect().height).to.be.at.least(44);
    element.strings = { submit: 'Ok' };
    await until(() => text('submit-button') === 'Ok', 'the page’s own word');
  });

  it('draws every part that its reference names, and no other', async () => {
    const { modules } = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const known = modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-session-outcome')!
      .cssParts.flatMap(({ name }) => name.split(', '));
    expect([...drawn].sort()).to.deep.equal([...known].sort());
  });
});
